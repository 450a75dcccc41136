import { api } from '../../api/client';
import type { User } from '../../api/types';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Places } from '../you/Sessions';

/** Where one of an administrator's people is signed in, and the end of it. */
export function SignedIn({ user, onClose }: { user: User; onClose: () => void }) {
  const end = () =>
    void api
      .remove(`/users/${user.id}/sessions`)
      .then(() => toast(t('sessions.ended_of', { name: user.name })), tellFailure)
      .finally(onClose);
  return (
    <Dialog title={t('sessions.of', { name: user.name })} onClose={onClose}>
      <Places of={`/users/${user.id}`} />
      <div className="form-acts">
        <Button kind="quiet" onClick={onClose}>
          {t('ui.close')}
        </Button>
        <Button kind="danger" onClick={end}>
          {t('sessions.end_all_of')}
        </Button>
      </div>
    </Dialog>
  );
}
