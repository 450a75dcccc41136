import type { ReactNode } from 'react';
import type { Measure } from '../api/types';
import { dateTime } from '../i18n/format';
import { t, tOr } from '../i18n/t';
import { brief } from '../settings/names';
import { useClauseTitles } from './clause_titles';

function AppealLines({ measure }: { measure: Measure }) {
  const appeal = measure.appeal;
  if (!appeal) return null;
  return (
    <div className="small">
      <p>
        <strong>{t('measure.appeal')}</strong> <span dir="auto">{appeal.text}</span>
      </p>
      <p>
        {appeal.outcome ? tOr(`measure.outcome.${appeal.outcome}`, appeal.outcome) : t('measure.appeal_waits')}{' '}
        <span dir="auto">{appeal.answer}</span>
      </p>
    </div>
  );
}

/** Measures with their statements of reasons: rule, facts, who decided, what it affects, how to cure it. */
export function Measures({ list, renderActs }: { list: Measure[]; renderActs?: (one: Measure) => ReactNode }) {
  const titleOf = useClauseTitles();
  return (
    <ul className="things">
      {list.map((one) => (
        <li key={one.id}>
          <div className="grow">
            <p>
              <strong>{t(`measure.kind.${one.kind}`)}</strong>
              {one.scope && ` · ${tOr(`suspension.scope.${one.scope}`, one.scope)}`}{' '}
              {one.ended_as && <span className="state-word">{tOr(`measure.ended.${one.ended_as}`, one.ended_as)}</span>}
            </p>
            <p dir="auto">{one.facts}</p>
            {one.object_id && <p className="muted small">{brief({ kind: one.object_kind, id: one.object_id })}</p>}
            <p className="small">
              {t(one.rests_on === 'term' ? 'measure.rests_on_term' : 'measure.rests_on_clause', {
                clause: titleOf(one.clause),
                version: one.version,
              })}{' '}
              {one.ladder && t('measure.ladder', { ladder: one.ladder, count: one.count })}
            </p>
            <p className="small">
              {t(one.automated ? 'measure.automated' : 'measure.by_person')}{' '}
              {tOr(`measure.cure.${one.control}`, t(`measure.cure.${one.kind}`))}
            </p>
            <p className="muted small">{dateTime(one.taken_at)}</p>
            <AppealLines measure={one} />
          </div>
          {renderActs && <div className="thing-acts">{renderActs(one)}</div>}
        </li>
      ))}
    </ul>
  );
}
