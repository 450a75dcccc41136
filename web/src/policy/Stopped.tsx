import { useEffect } from 'react';
import { t } from '../i18n/t';
import { refreshSession, session } from '../state/session';
import { signOut } from '../state/sign_out';
import { Button } from '../ui/Button';
import { Suspensions } from './Suspensions';

/** No live line is open meanwhile. */
const ask_every_ms = 5_000;

/** Whose sign-in is stopped learns why, and nothing else: not a blank page, not a refused password. */
export function Stopped() {
  const now = session.use();
  useEffect(() => {
    const asking = setInterval(() => void refreshSession(), ask_every_ms);
    return () => clearInterval(asking);
  }, []);
  const list = (now.state === 'in' && now.session.workspace?.suspensions) || [];
  return (
    <main id="main" className="page-middle" tabIndex={-1}>
      <div className="card">
        <h1>{t('stopped.title')}</h1>
        <p className="muted">{t('stopped.text')}</p>
        <Suspensions list={list} />
        <div className="page-acts">
          <Button onClick={() => void signOut(false)}>{t('stopped.sign_out')}</Button>
        </div>
      </div>
    </main>
  );
}
