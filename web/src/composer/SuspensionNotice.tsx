import { CirclePause } from 'lucide-react';
import type { Suspension } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { useReasons } from '../policy/clause_titles';
import { session } from '../state/session';

export function useSuspension(): Suspension | null {
  const now = session.use();
  return now.state === 'in' ? (now.session.workspace?.suspension ?? null) : null;
}

/** Instead of the place to reply: why it is stopped, how long, and what still works. */
export function SuspensionNotice({ suspension }: { suspension: Suspension }) {
  const reasonOf = useReasons();
  return (
    <div className="notice warn suspension" role="note">
      <CirclePause size={20} aria-hidden />
      <div>
        <p>
          <strong>{t('suspension.title')}</strong> {reasonOf(suspension.reason)}
        </p>
        {suspension.until && <p>{t('suspension.until', { when: dateTime(suspension.until) })}</p>}
        <p className="muted">{t('suspension.still')}</p>
      </div>
    </div>
  );
}
