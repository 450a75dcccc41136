import { Eye, FileText, PenLine } from 'lucide-react';
import { names } from '../i18n/format';
import { t } from '../i18n/t';
import { useMe } from '../state/session';
import type { ThreadState } from '../state/threads';
import { useNow } from '../ui/useNow';

const typing_ms = 6_000;

/** Who else is here. A colleague who writes stands out, for two answers to one question is what this line prevents. */
export function PresenceLine({ thread, contact }: { thread: ThreadState; contact: string }) {
  const user = useMe();
  const others = thread.viewers.filter((one) => one.user.id !== user.id);
  const typing = others.filter((one) => one.state === 'typing').map((one) => one.user.name);
  const viewing = others.filter((one) => one.state === 'viewing').map((one) => one.user.name);
  const drafts = thread.drafts_of_others.filter((one) => one.user.id !== user.id && !typing.includes(one.user.name));
  const now = useNow(2_000, thread.contact_typing_at > 0);
  const contact_types = now - thread.contact_typing_at < typing_ms;
  return (
    <div className="presence" role="status">
      {typing.length > 0 && (
        <span className="presence-one strong">
          <PenLine size={14} aria-hidden />
          {t('presence.typing', { count: typing.length, names: names(typing) })}
        </span>
      )}
      {drafts.length > 0 && (
        <span className="presence-one strong">
          <FileText size={14} aria-hidden />
          {t('presence.draft', { count: drafts.length, names: names(drafts.map((one) => one.user.name)) })}
        </span>
      )}
      {viewing.length > 0 && (
        <span className="presence-one">
          <Eye size={14} aria-hidden />
          {t('presence.viewing', { count: viewing.length, names: names(viewing) })}
        </span>
      )}
      {contact_types && <span className="presence-one">{t('presence.contact_typing', { name: contact })}</span>}
    </div>
  );
}
