import { Tooltip } from 'radix-ui';
import type { Session } from '../api/types';
import { language, t } from '../i18n/t';
import { OperatorPlace } from '../operator/OperatorPlace';
import { Account } from '../session/Account';
import { Stopped } from '../policy/Stopped';
import { ChoosePassword } from '../session/ChoosePassword';
import { SetSecondFactor } from '../session/SetSecondFactor';
import { SignIn } from '../session/SignIn';
import { SignOnBack } from '../session/SignOnBack';
import { SignOutQuestion } from '../session/SignOutQuestion';
import { isStopped, resume, session } from '../state/session';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Toasts } from '../ui/Toasts';
import { route } from './route';
import { Workplace } from './Workplace';

function Inside({ found }: { found: Session }) {
  const { user } = found;
  if (user.must_change_password) return <ChoosePassword />;
  if (found.must_set_second_factor) return <SetSecondFactor />;
  if (isStopped(found)) return <Stopped />;
  return user.role === 'operator' ? <OperatorPlace /> : <Workplace />;
}

export function App() {
  const now = session.use();
  const words = language.use();
  const place = route.use();
  if (place.at === 'account')
    return (
      <Tooltip.Provider key={words}>
        <Account page={place.page} />
      </Tooltip.Provider>
    );
  if (place.at === 'sign_on')
    return (
      <Tooltip.Provider key={words}>
        <SignOnBack brought={place} />
      </Tooltip.Provider>
    );
  return (
    <Tooltip.Provider delayDuration={500} key={words}>
      {now.state === 'in' && <Inside found={now.session} />}
      {now.state === 'signed_out' && <SignIn />}
      {now.state === 'unreachable' && (
        <main className="page-middle">
          <Empty title={t('app.unreachable')} text={t('app.unreachable_text')} role="alert" heading>
            <Button kind="first" onClick={() => void resume()}>
              {t('ui.try_again')}
            </Button>
          </Empty>
        </main>
      )}
      {now.state === 'in' && <SignOutQuestion />}
      <Toasts />
    </Tooltip.Provider>
  );
}
