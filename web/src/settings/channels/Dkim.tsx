// A channel that signs its mail: what the DNS must say of its key, and what it says now.
import type { DkimCheck } from '../../api/types';
import { t } from '../../i18n/t';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { useResource } from '../../ui/useResource';
import { CopyText } from '../../ui/Secret';

export function Dkim({ channel }: { channel: { id: string; name: string } }) {
  const { data, error, loading, reload } = useResource<DkimCheck>(`/channels/${channel.id}/dkim`);
  return (
    <div className="dkim">
      <h3 className="small">{t('dkim.title')}</h3>
      {data && (
        <>
          <p className="small">{t('dkim.publish')}</p>
          <CopyText text={data.name} label={t('dkim.record_name')} />
          <CopyText text={data.record} label={t('dkim.record')} />
          <div className="dkim-says">
            <span role="status" className={classes('small', data.state === 'right' ? 'ok-text' : 'late-text')}>
              {t('dkim.says')} {t(`dkim.${data.state}`)}
            </span>
            <Button busy={loading} aria-label={t('dkim.ask_of', { name: channel.name })} onClick={reload}>
              {t('dkim.ask')}
            </Button>
          </div>
          {data.state !== 'right' &&
            data.found.map((one) => (
              <code key={one} className="small dkim-found" dir="ltr">
                {one}
              </code>
            ))}
        </>
      )}
      {!data &&
        (error ? <p className="notice late">{error.message}</p> : <p className="muted small">{t('dkim.asking')}</p>)}
    </div>
  );
}
