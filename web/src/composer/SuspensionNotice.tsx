import { CirclePause } from 'lucide-react';
import type { Suspension } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { session } from '../state/session';

export function useSuspension(): Suspension | null {
  const now = session.use();
  return now.state === 'in' ? (now.session.workspace?.suspension ?? null) : null;
}

/** Instead of the place to reply: why it is stopped, who decided, what still works and how to object. */
export function SuspensionNotice({ suspension }: { suspension: Suspension }) {
  return (
    <div className="notice warn suspension" role="note">
      <CirclePause size={20} aria-hidden />
      <div>
        <p>
          <strong>{t('suspension.title')}</strong> {suspension.reason}
        </p>
        <p>
          {suspension.clause && t('suspension.clause', { clause: suspension.clause })}{' '}
          {suspension.decided_by && t('suspension.by', { name: suspension.decided_by })}{' '}
          {suspension.until && t('suspension.until', { when: dateTime(suspension.until) })}
        </p>
        <p className="muted">
          {t('suspension.still')} {suspension.appeal ?? ''}
        </p>
      </div>
    </div>
  );
}
