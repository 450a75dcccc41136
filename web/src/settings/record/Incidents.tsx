// What happened that people must look into: each with its timeline, and what was done with the access code.
import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { Incident, IncidentActs, IncidentItem } from '../../api/types';
import { Link } from '../../app/Link';
import { dateTime } from '../../i18n/format';
import { t, tOr } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Field, TextField } from '../../ui/Field';
import { useResource } from '../../ui/useResource';
import { Breach } from './Breach';
import { IncidentRulesForm } from './IncidentRulesForm';
import { brief } from '../names';

function textOf({ what, text }: Incident['timeline'][number]): string {
  if (what === 'note') return text;
  if (what === 'undone') return t('incident.undone', { act: tOr(`ledger.action.${text}`, text) });
  return t(`incident.${what}`, { count: Number(text) || 0 });
}

function Timeline({ incident }: { incident: Incident }) {
  return (
    <ul className="things">
      {incident.timeline.map((one, index) => (
        <li key={index}>
          <div className="grow">
            <p dir="auto">{textOf(one)}</p>
            <p className="muted small">
              {dateTime(one.at)}
              {one.by_name && ` · ${one.by_name}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Acts({ id, open, onUndone }: { id: string; open: boolean; onUndone: () => void }) {
  const undo = (seq: number) => void api.post(`/incidents/${id}/acts/${seq}/undo`).then(onUndone, tellFailure);
  const found = useResource<IncidentActs>(`/incidents/${id}/acts`);
  const acts = found.data;
  if (!acts) return null;
  return (
    <>
      <h3>{t('incident.acts')}</h3>
      {acts.items.length === 0 && <p className="muted">{t('incident.no_acts')}</p>}
      {!acts.is_complete && <p className="notice">{t('incident.more_acts')}</p>}
      {acts.items.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('incident.acts')}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('ledger.when')}</th>
                <th scope="col">{t('ledger.what')}</th>
                <th scope="col">{t('ledger.on')}</th>
                {open && <th scope="col">{t('incident.undo')}</th>}
              </tr>
            </thead>
            <tbody>
              {acts.items.map((one) => (
                <tr key={one.seq}>
                  <td className="figures no-wrap" data-label={t('ledger.when')}>
                    {dateTime(one.at)}
                  </td>
                  <td data-label={t('ledger.what')}>{tOr(`ledger.action.${one.action}`, one.action)}</td>
                  <td data-label={t('ledger.on')}>
                    {tOr(`ledger.object.${one.object_kind}`, one.object_kind)}{' '}
                    {one.object_id && <code title={one.object_id}>{brief(one.object_id)}</code>}
                  </td>
                  {open && (
                    <td data-label={t('incident.undo')}>
                      {one.undoable && (
                        <Button
                          aria-label={t('incident.undo_of', { act: tOr(`ledger.action.${one.action}`, one.action) })}
                          onClick={() => undo(one.seq)}
                        >
                          {t('incident.undo')}
                        </Button>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Drafts drafts={acts.drafts} />
    </>
  );
}

/** Where drafts lie that were written with the code. What they say is for their author to look through. */
function Drafts({ drafts }: { drafts: IncidentActs['drafts'] }) {
  if (drafts.length === 0) return null;
  return (
    <>
      <h3>{t('incident.drafts')}</h3>
      <p className="muted small">{t('incident.drafts_hint')}</p>
      <ul className="things">
        {drafts.map((one) => (
          <li key={one.conversation_id}>
            <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation: one.conversation_id }}>
              {t(`incident.draft_${one.kind}`)}
            </Link>{' '}
            <span className="muted small">{dateTime(one.updated_at)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ id, onChanged }: { id: string; onChanged: () => void }) {
  const found = useResource<Incident>(`/incidents/${id}`);
  const incident = found.data;
  if (!incident) return null;
  const note = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = new FormData(form).get('text');
    void api.post(`/incidents/${id}/notes`, { text }).then(() => {
      form.reset();
      found.reload();
    }, tellFailure);
  };
  const close = () =>
    void api.post(`/incidents/${id}/close`).then(() => {
      found.reload();
      onChanged();
    }, tellFailure);
  return (
    <div className="form">
      <Timeline incident={incident} />
      {incident.kind === 'exposed_code' && <Acts id={id} open={!incident.closed_at} onUndone={found.reload} />}
      <Breach
        incident={incident}
        onChanged={() => {
          found.reload();
          onChanged();
        }}
      />
      <p>
        <a href={`/api/v1/incidents/${id}/evidence`} download>
          {t('incident.evidence')}
        </a>{' '}
        <span className="muted small">{t('incident.evidence_hint')}</span>
      </p>
      {!incident.closed_at && (
        <form className="form" onSubmit={note}>
          <TextField label={t('incident.note_add')} name="text" required maxLength={4000} />
          <div className="form-acts">
            <Button onClick={close}>{t('incident.close')}</Button>
            <Button kind="first" type="submit">
              {t('incident.note_act')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

function Report({ onDone }: { onDone: () => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    void api.post('/incidents', { title: new FormData(form).get('title') }).then(() => {
      form.reset();
      onDone();
    }, tellFailure);
  };
  return (
    <section className="card">
      <h2>{t('incident.report')}</h2>
      <form className="form" onSubmit={submit}>
        <Field label={t('incident.report_title')} name="title" required maxLength={200} autoComplete="off" />
        <div className="form-acts">
          <Button kind="first" type="submit">
            {t('incident.report_act')}
          </Button>
        </div>
      </form>
    </section>
  );
}

const titleOf = (one: IncidentItem) => one.title ?? t('incident.title', { name: one.user_name ?? '' });

export function Incidents() {
  const found = useResource<{ items: IncidentItem[]; total: number }>('/incidents');
  const [open, setOpen] = useState<string | null>(null);
  const items = found.data?.items;
  if (!items) return null;
  return (
    <>
      <p className="muted page-text">{t('incident.text')}</p>
      {items.length === 0 && <Empty title={t('incident.none')} text={t('incident.none_text')} />}
      {items.map((one) => (
        <section key={one.id} className="card" aria-label={titleOf(one)}>
          <div className="with-button">
            <div className="grow">
              <h2 dir="auto">{titleOf(one)}</h2>
              <p className="muted small">
                {dateTime(one.opened_at)} · {t(one.closed_at ? 'incident.is_closed' : 'incident.is_open')}
              </p>
            </div>
            <Button aria-expanded={open === one.id} onClick={() => setOpen(open === one.id ? null : one.id)}>
              {t('incident.look')}
            </Button>
          </div>
          {open === one.id && <One id={one.id} onChanged={found.reload} />}
        </section>
      ))}
      <p className="page-acts">
        <a href="/api/v1/incidents/register" download>
          {t('incident.register')}
        </a>
      </p>
      <Report onDone={found.reload} />
      <IncidentRulesForm />
    </>
  );
}
