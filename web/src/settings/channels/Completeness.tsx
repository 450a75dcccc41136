import { useState } from 'react';
import { api, serverNow } from '../../api/client';
import type { Channel, Completeness as Ledger } from '../../api/types';
import { duration, number, since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { useResource } from '../../ui/useResource';

const columns = ['at_source', 'stored', 'quarantined', 'skipped', 'waiting', 'missing'] as const;

function Sources({ sources, label }: { sources: Ledger['sources']; label: string }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="figures-table small">
        <thead>
          <tr>
            <th scope="col">{t('completeness.source')}</th>
            {columns.map((one) => (
              <th key={one} scope="col" className="figures">
                {t(`completeness.${one}`)}
              </th>
            ))}
            <th scope="col">{t('completeness.checked')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((one) => (
            <tr key={one.source} className={classes(!one.is_complete && 'alarming')}>
              <th scope="row" dir="auto">
                {one.source}
              </th>
              {columns.map((name) => (
                <td key={name} className="figures">
                  {number(one[name])}
                </td>
              ))}
              <td>{since(one.checked_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Delays({ delays }: { delays: Ledger['delays'] }) {
  const stages = [
    [t('completeness.to_stored'), delays.to_stored],
    [t('completeness.to_visible'), delays.to_visible],
  ] as const;
  const said = (stage: (typeof stages)[number][1], ms: number) => (stage.count === 0 ? '–' : duration(ms));
  return (
    <table className="figures-table small">
      <thead>
        <tr>
          <th scope="col">{t('completeness.delay')}</th>
          {[t('completeness.half'), '95 %', '99 %'].map((share) => (
            <th key={share} scope="col" className="figures">
              {share}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {stages.map(([name, stage]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="figures">{said(stage, stage.p50_ms)}</td>
            <td className="figures">{said(stage, stage.p95_ms)}</td>
            <td className="figures">{said(stage, stage.p99_ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const believed_ms = 86_400_000; // a mailbox is checked every hour

/** Of a mailbox that was not looked into (lately) nothing is known. */
function stalenessOf(channel: Channel, sources: Ledger['sources']): string | null {
  if (!channel.config?.imap && !channel.config?.pop3) return null;
  const oldest = sources.map((one) => one.checked_at).sort()[0];
  if (!oldest) return t('completeness.never');
  return serverNow() - Date.parse(oldest) > believed_ms ? t('completeness.long_ago', { since: since(oldest) }) : null;
}

/** Shows that nothing is missing: each mail that the sources have is accounted for; and how long mail takes. */
export function Completeness({ channel }: { channel: Channel }) {
  const found = useResource<Ledger>(`/channels/${channel.id}/completeness`, 'channels');
  const [checked, setChecked] = useState<Ledger | null>(null);
  const [busy, setBusy] = useState(false);
  const ledger = checked ?? found.data;
  const check = () => {
    setBusy(true);
    api
      .post<Ledger>(`/channels/${channel.id}/reconcile`)
      .then(setChecked, tellFailure)
      .finally(() => setBusy(false));
  };
  if (!ledger) return null;
  const lmtp = ledger.days.filter((one) => one.way === 'lmtp');
  const told = lmtp.reduce((sum, one) => sum + one.told, 0);
  const refused = lmtp.reduce((sum, one) => sum + one.refused, 0);
  const stored = lmtp.reduce((sum, one) => sum + one.stored + one.repeated, 0);
  const gaps = ledger.sources.filter((one) => !one.is_complete);
  const complete = gaps.length === 0 && ledger.days.every((one) => one.is_complete);
  const stale = complete ? stalenessOf(channel, ledger.sources) : null;
  return (
    <section className="completeness" aria-label={t('completeness.of', { name: channel.name })}>
      <h3>{t('completeness.title')}</h3>
      <p role="status" className={classes('small', complete && !stale ? 'ok-text' : 'late-text')}>
        {stale ?? (complete ? t('completeness.all') : t('completeness.gap'))}
        {checked && !checked.is_done && ` ${t('completeness.not_done')}`}
      </p>
      {gaps.map((one) => (
        <p key={one.source} className="notice late">
          {t('completeness.uids', { source: one.source, uids: one.missing_uids ?? '' })}
        </p>
      ))}
      {ledger.sources.length > 0 && (
        <Sources sources={ledger.sources} label={t('completeness.sources_of', { name: channel.name })} />
      )}
      {lmtp.length > 0 && (
        <p className="small">
          {t('completeness.lmtp', { told: number(told), stored: number(stored), refused: number(refused) })}
        </p>
      )}
      <Delays delays={ledger.delays} />
      <Button busy={busy} aria-label={t('completeness.check_of', { name: channel.name })} onClick={check}>
        {t('completeness.check')}
      </Button>
    </section>
  );
}
