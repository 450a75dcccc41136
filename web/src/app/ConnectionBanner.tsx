import { CloudOff, RefreshCw } from 'lucide-react';
import { t } from '../i18n/t';
import { live, reconnectNow } from '../live/connection';
import { waiting_count } from '../state/outgoing';
import { Button } from '../ui/Button';

export function ConnectionBanner() {
  const state = live.use();
  const waiting = waiting_count.use();
  if (state === 'live' || state === 'connecting') return <div role="status" />;
  const kept = waiting > 0 ? t('banner.waiting', { count: waiting }) : t('banner.nothing_waits');
  return (
    <div className="banner" role="status">
      {state === 'offline' ? <CloudOff size={16} aria-hidden /> : <RefreshCw size={16} aria-hidden />}
      <span>{state === 'offline' ? `${t('banner.offline')} ${kept}` : t('banner.behind')}</span>
      {state === 'offline' && (
        <Button kind="quiet" onClick={reconnectNow}>
          {t('banner.try_now')}
        </Button>
      )}
    </div>
  );
}
