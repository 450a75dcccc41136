import { KeyRound } from 'lucide-react';
import type { Channel, Page } from '../api/types';
import { t } from '../i18n/t';
import { connect } from '../settings/channels/connect';
import { mayActAs, useMe } from '../state/session';
import { Button } from '../ui/Button';
import { useResource } from '../ui/useResource';
import { Link } from './Link';

/** On every screen of an administrator while a provider gives no access to a channel. */
export function AuthorisationBanner() {
  const may = mayActAs(useMe(), 'administrator');
  const channels = useResource<Page<Channel>>(may ? '/channels' : null, 'channels').data?.items ?? [];
  const [first, ...more] = channels.filter((one) => one.state === 'needs_reauthorisation');
  if (!first) return <div role="status" />;
  return (
    <div className="banner" role="status">
      <KeyRound size={16} aria-hidden />
      <span>{t('banner.reauthorise', { name: first.name })}</span>
      <Button
        kind="quiet"
        aria-label={t('channels.connect_again_of', { name: first.name })}
        onClick={() => void connect(first.id)}
      >
        {t('channels.connect_again')}
      </Button>
      {more.length > 0 && (
        <Link to={{ at: 'settings', section: 'channels' }}>{t('banner.reauthorise_more', { count: more.length })}</Link>
      )}
    </div>
  );
}
