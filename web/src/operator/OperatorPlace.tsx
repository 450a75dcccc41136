// The page of the operator, who runs the installation and belongs to no workspace: no inbox, no live line, since the
// server rightly tells an operator nothing of conversations.
import { Building2, Scale, Settings as SettingsIcon } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Me, Place, RailMark } from '../app/Rail';
import { route, type Route } from '../app/route';
import { t } from '../i18n/t';
import { SignInAgain } from '../session/SignInAgain';
import { StepUp } from '../session/StepUp';
import { session } from '../state/session';
import { WorkspacePage } from './WorkspacePage';
import { Workspaces } from './Workspaces';

const Oversight = lazy(() => import('./Oversight'));
const Settings = lazy(() => import('../settings/Settings'));

function Screen({ now }: { now: Route }) {
  if (now.at === 'settings') return <Settings />;
  if (now.at === 'oversight') return <Oversight />;
  return now.at === 'workspaces' && now.workspace ? <WorkspacePage id={now.workspace} /> : <Workspaces />;
}

export function OperatorPlace() {
  const now = route.use();
  const who = session.use();
  const in_settings = now.at === 'settings';
  return (
    <div className="workplace">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <nav className="rail" aria-label={t('rail.label')}>
        <RailMark />
        <Place
          to={{ at: 'workspaces' }}
          icon={Building2}
          label={t('workspaces.title')}
          here={!in_settings && now.at !== 'oversight'}
        />
        <Place to={{ at: 'oversight' }} icon={Scale} label={t('oversight.title')} here={now.at === 'oversight'} />
        <Place
          to={{ at: 'settings', section: null }}
          icon={SettingsIcon}
          label={t('rail.settings')}
          here={in_settings}
        />
        <span className="rail-gap" />
        <Me />
      </nav>
      <div className="screen">
        <Suspense fallback={<main id="main" className="page-middle" aria-busy="true" />}>
          <Screen now={now} />
        </Suspense>
      </div>
      {who.state === 'in' && who.expired && <SignInAgain />}
      <StepUp />
    </div>
  );
}
