import { t } from '../i18n/t';
import { leave, leaving } from '../state/sign_out';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';

/** Before what was written in this browser, and is nowhere else, goes. */
export function SignOutQuestion() {
  const now = leaving.use();
  if (!now) return null;
  const close = () => leaving.set(null);
  return (
    <Dialog title={t('leaving.title')} onClose={close}>
      <div className="form">
        {now.messages > 0 && <p>{t('leaving.messages', { count: now.messages })}</p>}
        {now.drafts > 0 && <p>{t('leaving.drafts', { count: now.drafts })}</p>}
        <p>{t('leaving.text')}</p>
        <div className="form-acts">
          <Button onClick={close}>{t('leaving.stay')}</Button>
          <Button
            kind="danger"
            onClick={() => {
              close();
              void leave(now.everywhere);
            }}
          >
            {t('leaving.delete')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
