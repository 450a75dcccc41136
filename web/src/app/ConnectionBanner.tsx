import { CloudOff, KeyRound, RefreshCw } from 'lucide-react';
import { t } from '../i18n/t';
import { live, reconnectNow } from '../live/connection';
import { waiting_count } from '../state/outgoing';
import { useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Link } from './Link';

/** A password that somebody else has seen is to be replaced; nothing is blocked meanwhile. */
export function PasswordBanner() {
  const user = useMe();
  if (!user.must_change_password) return null;
  return (
    <div className="banner" role="status">
      <KeyRound size={16} aria-hidden />
      <span>{t('banner.password')}</span>
      <Link to={{ at: 'settings', section: 'profile' }}>{t('banner.password_act')}</Link>
    </div>
  );
}

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
