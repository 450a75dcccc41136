import { CirclePause } from 'lucide-react';
import type { Suspension } from '../api/types';
import { dateTime } from '../i18n/format';
import { t, tOr } from '../i18n/t';
import { useReasons } from './clause_titles';

export const causeOf = (one: Suspension) => tOr(`suspension.cause.${one.cause}`, one.cause);

/** What is stopped, why, since when, and what ends it. */
export function Suspensions({
  list,
  renderAct,
}: {
  list: Suspension[];
  renderAct?: (one: Suspension) => React.ReactNode;
}) {
  const reasonOf = useReasons();
  return (
    <ul className="things">
      {list.map((one) => (
        <li key={one.id}>
          <CirclePause size={20} aria-hidden />
          <div className="grow">
            <p>
              <strong>{t(`suspension.scope.${one.scope}`)}</strong> · {causeOf(one)}
            </p>
            <p dir="auto">{reasonOf(one.reason)}</p>
            <p className="muted small">
              {t('suspension.since', { when: dateTime(one.since) })}
              {one.until && ` · ${t('suspension.until', { when: dateTime(one.until) })}`}
            </p>
            <p className="small">{tOr(`suspension.cure.${one.cause}`, t('suspension.cure.other'))}</p>
          </div>
          {renderAct && <div className="thing-acts">{renderAct(one)}</div>}
        </li>
      ))}
    </ul>
  );
}
