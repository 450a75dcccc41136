import { TriangleAlert } from 'lucide-react';
import { called } from '../contacts/called';
import { since } from '../i18n/format';
import { t } from '../i18n/t';
import { collision } from '../state/outgoing';
import { useMe } from '../state/session';
import { useThread } from '../state/threads';
import { Button } from '../ui/Button';
import { useNow } from '../ui/useNow';

/** Somebody wrote while this was being written. Nothing was sent; the text is still there. */
export function Collision({ id, onAnyway }: { id: string; onAnyway: () => void }) {
  const thread = useThread(id);
  const user = useMe();
  const now = useNow(1_000);
  const last = thread?.messages.findLast((message) => message.author.id !== user.id);
  const words = last
    ? t('collision.wrote', { name: called(last.author), when: since(last.created_at, now) })
    : t('collision.somebody');
  return (
    <div className="notice warn collision" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span>
        {words} {t('collision.read')}
      </span>
      <Button onClick={onAnyway}>{t('collision.send_now')}</Button>
      <Button kind="quiet" onClick={() => collision.set(null)}>
        {t('collision.later')}
      </Button>
    </div>
  );
}
