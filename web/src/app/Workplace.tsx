// The page of a signed-in agent: rail, screen, and what may lie over it.
import { lazy, Suspense, useEffect, useState } from 'react';
import { Inbox } from '../inbox/Inbox';
import { t } from '../i18n/t';
import { Palette } from '../keys/Palette';
import { ShortcutSheet } from '../keys/ShortcutSheet';
import { useCommands } from '../keys/commands';
import { PolicyBanner } from '../policy/PolicyBanner';
import { SignInAgain } from '../session/SignInAgain';
import { StepUp } from '../session/StepUp';
import { undoLast } from '../state/acts';
import { preferences } from '../state/preferences';
import { taken_back } from '../state/outgoing';
import { changeMe, session } from '../state/session';
import { signOut } from '../state/sign_out';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Shown } from '../ui/Shown';
import { NewConversation } from '../composer/NewConversation';
import { AuthorisationBanner } from './AuthorisationBanner';
import { ConnectionBanner } from './ConnectionBanner';
import { Rail } from './Rail';
import { ScannerBanner } from './ScannerBanner';
import { go, openConversation, route, withConversation, type Route } from './route';
import { startWork } from './start';

const Connected = lazy(() => import('../settings/channels/Connected'));
const Contacts = lazy(() => import('../contacts/Contacts'));
const Settings = lazy(() => import('../settings/Settings'));
const Welcome = lazy(() => import('../settings/Welcome'));

function Screen({ now }: { now: Route }) {
  if (now.at === 'inbox' || now.at === 'search') return <Inbox />;
  if (now.at === 'contacts') return <Contacts />;
  if (now.at === 'settings') return <Settings />;
  if (now.at === 'welcome') return <Welcome />;
  if (now.at === 'connected') return <Connected {...now} />;
  return (
    <main id="main" className="page-middle" tabIndex={-1}>
      <Empty title={t('app.nowhere')} text={now.at === 'nowhere' && now.path} heading>
        <Button kind="first" onClick={() => go({ at: 'inbox', filter: { view: 'mine' }, conversation: null })}>
          {t('app.to_inbox')}
        </Button>
      </Empty>
    </main>
  );
}

/** To the text that has come back, wherever one is by now, to write on. */
function useTakenBack() {
  const conversation = taken_back.use();
  useEffect(() => {
    if (!conversation) return;
    taken_back.set(null);
    if (openConversation(route.get()) !== conversation) go(withConversation(route.get(), conversation));
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.composer-text')?.focus());
  }, [conversation]);
}

type Over = 'palette' | 'sheet' | 'compose' | null;

export function Workplace() {
  const now = route.use();
  const who = session.use();
  const [over, setOver] = useState<Over>(null);
  useEffect(startWork, []);
  useTakenBack();
  const toView = (view: 'mine' | 'unassigned' | 'all' | 'snoozed' | 'closed') => () =>
    go({ at: 'inbox', filter: { view }, conversation: null });
  useCommands({
    'go.mine': toView('mine'),
    'go.unassigned': toView('unassigned'),
    'go.all': toView('all'),
    'go.snoozed': toView('snoozed'),
    'go.closed': toView('closed'),
    'go.contacts': () => go({ at: 'contacts', contact: null, q: '' }),
    'go.settings': () => go({ at: 'settings', section: null }),
    'go.welcome': () => go({ at: 'welcome' }),
    'everywhere.palette': () => setOver((old) => (old === 'palette' ? null : 'palette')),
    'everywhere.sheet': () => setOver('sheet'),
    'everywhere.compose': () => setOver('compose'),
    'everywhere.undo': undoLast,
    'everywhere.theme': () => void changeMe({ theme: preferences.get().theme === 'dark' ? 'light' : 'dark' }),
    'everywhere.sign_out': () => void signOut(false),
    'everywhere.search': () => go({ at: 'search', q: '', conversation: null }),
  });
  const close = () => setOver(null);
  return (
    <div className="workplace">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <Rail onHelp={() => setOver('sheet')} onCompose={() => setOver('compose')} />
      <div className="screen">
        <div>
          <ConnectionBanner />
          <AuthorisationBanner />
          <ScannerBanner />
          <PolicyBanner />
        </div>
        <Suspense fallback={<main id="main" className="page-middle" aria-busy="true" />}>
          <Shown at={location.pathname}>
            <Screen now={now} />
          </Shown>
        </Suspense>
      </div>
      {over === 'palette' && <Palette onClose={close} />}
      {over === 'sheet' && <ShortcutSheet onClose={close} />}
      {over === 'compose' && <NewConversation onClose={close} />}
      {who.state === 'in' && who.expired && <SignInAgain />}
      <StepUp />
    </div>
  );
}
