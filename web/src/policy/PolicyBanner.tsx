import { CirclePause } from 'lucide-react';
import { Link } from '../app/Link';
import { t } from '../i18n/t';
import { mayActAs, session, useMe } from '../state/session';
import { causeOf } from './Suspensions';

/** On every screen while something is stopped: what and why in one line; administrators go on to what to do. */
export function PolicyBanner() {
  const now = session.use();
  const may = mayActAs(useMe(), 'administrator');
  const list = (now.state === 'in' && now.session.workspace?.suspensions) || [];
  const [first] = list;
  if (!first) return <div role="status" />;
  return (
    <div className="banner" role="status">
      <CirclePause size={16} aria-hidden />
      <span>
        {t('banner.suspended', { what: t(`suspension.scope.${first.scope}`), why: causeOf(first) })}{' '}
        {t('banner.collected')}
      </span>
      {may && <Link to={{ at: 'settings', section: 'policy' }}>{t('banner.what_to_do')}</Link>}
    </div>
  );
}
