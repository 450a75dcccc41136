import { Download, ShieldAlert } from 'lucide-react';
import { api } from '../../api/client';
import type { LedgerCheckpoint } from '../../api/types';
import { dateTime, number } from '../../i18n/format';
import { fromServer } from '../../i18n/server_words';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { useResource } from '../../ui/useResource';

type Holder = LedgerCheckpoint['holders'][number];

function nameOf(holder: Holder): string {
  if (holder.name === 'file') return t('ledger.holder_file');
  if (holder.name === 'mail') return t('ledger.holder_mail');
  return t('ledger.holder_witness', { name: holder.name.replace(/^witness /, '') });
}

function Outside({ holders }: { holders: Holder[] }) {
  if (holders.length === 0)
    return (
      <p className="late-text">
        <ShieldAlert size={16} aria-hidden /> {t('ledger.no_holder')}
      </p>
    );
  return (
    <ul>
      {holders.map((one) => (
        <li key={one.name}>
          <span dir="auto">{nameOf(one)}</span>
          {one.held_at && (
            <span className="muted small">
              {' · '}
              {t('ledger.held_entries', {
                count: Number(one.note?.split('\n')[1] ?? 0),
                when: dateTime(one.held_at),
              })}
            </span>
          )}
          {one.problem && <p className="late-text small">{fromServer(one.problem)}</p>}
        </li>
      ))}
    </ul>
  );
}

function keep(file: Blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = 'ledger.txt';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The newest signed checkpoint, who outside holds one, and what can be taken along to check it all elsewhere. */
export function LedgerHolders() {
  const { data } = useResource<LedgerCheckpoint>('/ledger/checkpoint');
  if (!data) return null;
  return (
    <section className="card" aria-label={t('ledger.outside')}>
      <div className="card-head">
        <h2>{t('ledger.outside')}</h2>
      </div>
      <p className="muted page-text">{t('ledger.outside_text')}</p>
      <Outside holders={data.holders} />
      <p>
        {data.note ? t('ledger.signed', { count: data.size }) : t('ledger.not_signed')}{' '}
        {data.epoch > 1 && t('ledger.epoch', { number: number(data.epoch) })}
      </p>
      <p className="small">
        {t('ledger.key')} <code>{data.key}</code>
      </p>
      <div className="card-acts">
        {data.note && (
          <a
            className="button quiet"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(data.note)}`}
            download="checkpoint.txt"
          >
            <Download size={16} aria-hidden />
            {t('ledger.take_checkpoint')}
          </a>
        )}
        <Button kind="quiet" icon={Download} onClick={() => void api.file('/ledger/export').then(keep, tellFailure)}>
          {t('ledger.take_all')}
        </Button>
      </div>
    </section>
  );
}
