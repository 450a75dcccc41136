// Who opened or exported whose data, and when a reason is asked for.
import { useState } from 'react';
import { api } from '../../api/client';
import type { Page, Reading, ReadRules, ReadVerdict, User } from '../../api/types';
import { Link } from '../../app/Link';
import { dateTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { useMay } from '../../state/session';
import { Button } from '../../ui/Button';
import { Choice, Field, Switch } from '../../ui/Field';
import { useResource } from '../../ui/useResource';
import { Listing } from '../../ui/Listing';
import { RulesCard } from '../../ui/RulesCard';

function Rules() {
  const count = { type: 'number', min: 0, max: 3650, required: true, hint: t('reading.never') };
  return (
    <RulesCard<ReadRules>
      path="/read-rules"
      title={t('reading.rules')}
      text={t('reading.rules_text')}
      saved={t('reading.saved')}
      read={(form) => ({
        of_others: form.has('of_others'),
        closed_days: Number(form.get('closed_days')),
        many_per_hour: Number(form.get('many_per_hour')),
        kept_days: Number(form.get('kept_days')),
      })}
    >
      {(rules) => (
        <>
          <Switch label={t('reading.of_others')} name="of_others" defaultChecked={rules.of_others} />
          <Field {...count} label={t('reading.closed_days')} name="closed_days" defaultValue={rules.closed_days} />
          <Field
            {...count}
            label={t('reading.many_per_hour')}
            name="many_per_hour"
            max={1000}
            defaultValue={rules.many_per_hour}
          />
          <Field
            {...count}
            label={t('reading.kept_days')}
            name="kept_days"
            min={30}
            hint={undefined}
            defaultValue={rules.kept_days}
          />
        </>
      )}
    </RulesCard>
  );
}

function what(one: Reading): string {
  return t(`reading.kind.${one.kind}`, { object: one.object ?? '' });
}

function Rows({ items, onContact }: { items: Reading[]; onContact: (id: string, name: string) => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('reading.table')}>
      <table className="table">
        <thead>
          <tr>
            {(['when', 'who', 'what', 'whose', 'why'] as const).map((head) => (
              <th key={head} scope="col">
                {t(`reading.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.seq}>
              <td className="figures no-wrap" data-label={t('reading.when')}>
                {dateTime(one.at)}
              </td>
              <td dir="auto" data-label={t('reading.who')}>
                {one.reader.name || t('reading.key')}
              </td>
              <td data-label={t('reading.what')}>
                {one.conversation_id ? (
                  <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation: one.conversation_id }}>
                    {what(one)}
                  </Link>
                ) : (
                  what(one)
                )}
              </td>
              <td dir="auto" data-label={t('reading.whose')}>
                {one.contact_id && (
                  <Button kind="quiet" onClick={() => onContact(one.contact_id!, one.contact_name ?? '')}>
                    {one.contact_name || t('personal.customer')}
                  </Button>
                )}
              </td>
              <td dir="auto" data-label={t('reading.why')}>
                {one.reason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ReadLog() {
  const people = useResource<Page<User>>('/users?limit=100').data?.items ?? [];
  const may_set = useMay()('read_rule:update');
  const [reader, setReader] = useState('');
  const [contact, setContact] = useState<{ id: string; name: string } | null>(null);
  const [verdict, setVerdict] = useState('');
  const verify = () =>
    void api
      .get<ReadVerdict>('/read-log/verify')
      .then(
        (one) =>
          setVerdict(
            one.ok ? t('reading.right', { count: one.rows }) : t('reading.wrong', { first: one.first_bad ?? 0 }),
          ),
        tellFailure,
      );
  return (
    <>
      <p className="muted page-text">{t('reading.text')}</p>
      <section className="card">
        <div className="with-button">
          <Choice label={t('reading.by_person')} value={reader} onChange={(event) => setReader(event.target.value)}>
            <option value="">{t('reading.anybody')}</option>
            {people.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Choice>
          <Button onClick={verify}>{t('reading.verify')}</Button>
        </div>
        <p role="status">{verdict}</p>
        {contact && (
          <p className="notice">
            {t('reading.of_contact')}: <strong dir="auto">{contact.name || t('personal.customer')}</strong>{' '}
            <Button kind="quiet" onClick={() => setContact(null)}>
              {t('reading.all_contacts')}
            </Button>
          </p>
        )}
        <Listing<Reading>
          path="/read-log"
          values={{ reader, contact: contact?.id }}
          empty={reader || contact ? t('reading.none_with') : t('reading.none')}
        >
          {(items) => <Rows items={items} onContact={(id, name) => setContact({ id, name })} />}
        </Listing>
      </section>
      {may_set && <Rules />}
    </>
  );
}
