// Messages that wait for a reviewer: read, then released or rejected with a reason.
import { useState } from 'react';
import { api } from '../api/client';
import type { Review } from '../api/types';
import { Link } from '../app/Link';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { AskDialog } from '../policy/AskDialog';
import { Listing } from '../ui/Listing';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Findings } from './Findings';

export function Reviews() {
  const [rejecting, setRejecting] = useState<Review | null>(null);
  const [round, setRound] = useState(0);
  const decide = async (one: Review, outcome: 'released' | 'rejected', reason?: string) => {
    await api.post(`/reviews/${one.message_id}/decide`, { outcome, ...(reason ? { reason } : {}) });
    toast(t(`review.${outcome}`));
    setRound((number) => number + 1);
  };
  return (
    <>
      <p className="muted page-text">{t('review.text')}</p>
      <Listing<Review> key={round} path="/reviews" whole empty={t('review.none')} empty_text={t('review.none_text')}>
        {(items) => (
          <ul className="things">
            {items.map((one) => (
              <li key={one.message_id}>
                <div className="grow">
                  <p>
                    <strong dir="auto">{one.subject || t('thread.no_subject')}</strong>
                  </p>
                  <p className="muted small">
                    {t(one.direction === 'outbound' ? 'review.by_us' : 'review.by_customer', { name: one.author })}
                    {` · ${dateTime(one.asked_at)} · `}
                    <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation: one.conversation_id }}>
                      {t('review.open')}
                    </Link>
                  </p>
                  <blockquote className="review-text" dir="auto">
                    {one.text}
                  </blockquote>
                  {one.attachments > 0 && (
                    <p className="muted small">{t('message.attachments', { count: one.attachments })}</p>
                  )}
                  <Findings list={one.findings} />
                </div>
                <div className="thing-acts">
                  <Button onClick={() => void decide(one, 'released').catch(tellFailure)}>{t('review.release')}</Button>
                  <Button kind="danger" onClick={() => setRejecting(one)}>
                    {t('review.reject')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {rejecting && (
        <AskDialog
          title={t('review.reject_title')}
          text={t(rejecting.direction === 'outbound' ? 'review.reject_own' : 'review.reject_theirs')}
          label={t('review.why')}
          act={t('review.reject')}
          max={400}
          onClose={() => setRejecting(null)}
          onSend={(reason) => decide(rejecting, 'rejected', reason)}
        />
      )}
    </>
  );
}
