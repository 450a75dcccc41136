import type { Origin } from '../api/types';
import { Link } from '../app/Link';
import { route, withConversation } from '../app/route';
import { dateTime } from '../i18n/format';
import { t, type Key } from '../i18n/t';
import { useResource } from '../ui/useResource';

const verdicts: Record<NonNullable<Origin['authentication']>, Key> = {
  pass: 'origin.pass',
  none: 'origin.none',
  fail: 'origin.fail',
  temperror: 'origin.temperror',
};

function joinedBecause(origin: Origin): string | null {
  const from = origin.joined_from;
  if (origin.joined_by === 'agent' && from)
    return t('origin.agent', {
      name: from.agent?.name ?? '–',
      when: dateTime(from.at),
      subject: from.subject,
      number: from.number,
    });
  if (origin.joined_by === 'first') return t('origin.first');
  if (origin.joined_by === 'reply_token') return t('origin.reply_token');
  if (origin.joined_by === 'reference') return t('origin.reference', { id: origin.joined_detail ?? '' });
  return null;
}

/** Of a mail that came in: why it stands in this conversation, and what is known of who sent it. */
export function WhyHere({ id }: { id: string }) {
  const { data } = useResource<Origin>(`/messages/${id}/origin`);
  if (!data) return null;
  const because = joinedBecause(data);
  const other = data.conversation_of_same_id;
  return (
    <div className="why-here">
      {because && <p>{because}</p>}
      {data.authentication && <p>{t(verdicts[data.authentication])}</p>}
      {data.evidence.length > 0 && (
        <ul className="evidence" dir="ltr">
          {data.evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {other && (
        <p>
          {t('origin.same_id')} <Link to={withConversation(route.get(), other)}>{t('origin.show')}</Link>
        </p>
      )}
    </div>
  );
}
