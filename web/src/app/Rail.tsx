import { CircleHelp, Contact, Inbox, PenLine, Settings } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { View } from '../api/types';
import { number } from '../i18n/format';
import { t } from '../i18n/t';
import { counts } from '../state/lists';
import { useMe } from '../state/session';
import { Avatar } from '../ui/Avatar';
import { Mark } from '../ui/Mark';
import { Tip } from '../ui/Tip';
import { Link } from './Link';
import { route, views, type Route } from './route';

interface Props {
  onHelp: () => void;
  onCompose: () => void;
}

export function Place({
  to,
  icon: Icon,
  label,
  here,
  does,
}: {
  to: Route;
  icon: LucideIcon;
  label: string;
  here: boolean;
  does?: string;
}) {
  return (
    <Tip text={label} id={does}>
      <Link to={to} className="rail-item" aria-current={here ? 'page' : undefined}>
        <Icon size={20} aria-hidden />
        <span className="rail-word">{label}</span>
      </Link>
    </Tip>
  );
}

function ViewLink({ view, here }: { view: View; here: boolean }) {
  const found = counts.use();
  return (
    <Link
      to={{ at: 'inbox', filter: { view }, conversation: null }}
      className="rail-view"
      aria-current={here ? 'page' : undefined}
    >
      <span className="cut">{t(`view.${view}`)}</span>
      <span className="figures small">{found ? number(found[view]) : ''}</span>
    </Link>
  );
}

export function RailMark() {
  return (
    <div className="rail-mark">
      <Mark size={26} />
      <span className="rail-word rail-name">Answerable</span>
    </div>
  );
}

export function Me() {
  const user = useMe();
  return (
    <Link to={{ at: 'settings', section: 'profile' }} className="rail-item rail-me">
      <Avatar name={user.name} small />
      <span className="rail-word cut" aria-hidden>
        {user.name}
      </span>
      <span className="said">{t('rail.me', { name: user.name })}</span>
    </Link>
  );
}

export function Rail({ onHelp, onCompose }: Props) {
  const now = route.use();
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      <RailMark />
      <button type="button" className="rail-item rail-compose" onClick={onCompose} aria-label={t('rail.compose')}>
        <PenLine size={18} aria-hidden />
        <span className="rail-word">{t('rail.compose')}</span>
      </button>
      <Place
        to={{ at: 'inbox', filter: { view: 'mine' }, conversation: null }}
        icon={Inbox}
        label={t('rail.inbox')}
        here={now.at === 'inbox' || now.at === 'search'}
        does="go.mine"
      />
      <div className="rail-views">
        {views.map((view) => (
          <ViewLink key={view} view={view} here={now.at === 'inbox' && now.filter.view === view} />
        ))}
      </div>
      <Place
        to={{ at: 'contacts', contact: null, q: '' }}
        icon={Contact}
        label={t('rail.contacts')}
        here={now.at === 'contacts'}
        does="go.contacts"
      />
      <Place
        to={{ at: 'settings', section: null }}
        icon={Settings}
        label={t('rail.settings')}
        here={now.at === 'settings'}
        does="go.settings"
      />
      <span className="rail-gap" />
      <Me />
      <button type="button" className="rail-item" onClick={onHelp} aria-label={t('rail.help')}>
        <CircleHelp size={20} aria-hidden />
        <span className="rail-word">{t('rail.help')}</span>
      </button>
    </nav>
  );
}
