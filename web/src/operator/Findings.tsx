// What was noticed: attempts on restricted access and the like, with the evidence, until a person has looked at it.
import { useState } from 'react';
import { api } from '../api/client';
import type { Finding, Page } from '../api/types';
import { dateTime } from '../i18n/format';
import { t, tOr } from '../i18n/t';
import { AskDialog } from '../policy/AskDialog';
import { useClauseTitles } from '../policy/clause_titles';
import { tellFailure } from '../state/acts';
import { Button } from '../ui/Button';
import { useResource } from '../ui/useResource';

/** One of a workspace's own people or programs can be judged; what is one already, or comes from outside, only seen. */
const canBeJudged = (one: Finding) => one.workspace && !one.is_violation && one.subject_kind !== 'network';

interface LineProps {
  one: Finding;
  titleOf: (clause: string) => string;
  onReviewed: () => void;
}

function Line({ one, titleOf, onReviewed }: LineProps) {
  const [judging, setJudging] = useState(false);
  const send = (outcome: string, reasons?: string) =>
    api.post(`/oversight/findings/${one.id}/review`, { outcome, reasons }).then(onReviewed);
  const review = (outcome: string) => () => void send(outcome).catch(tellFailure);
  return (
    <li>
      <div className="grow">
        <p>
          <strong>{tOr(`finding.${one.kind}`, one.kind)}</strong>{' '}
          <span dir="auto">{one.workspace?.name ?? t('findings.nobody')}</span>{' '}
          {one.outcome && <span className="state-word">{tOr(`findings.outcome.${one.outcome}`, one.outcome)}</span>}
        </p>
        <p dir="auto">{one.facts}</p>
        <p className="muted small">
          {dateTime(one.last_at)} · {t('findings.times', { count: one.times })}
          {one.is_violation && ` · ${t('findings.is_violation', { clause: titleOf(one.clause) })}`}
        </p>
      </div>
      {!one.closed_at && (
        <div className="thing-acts">
          {canBeJudged(one) ? (
            <>
              <Button onClick={() => setJudging(true)}>{t('findings.violation')}</Button>
              <Button kind="quiet" onClick={review('dismissed')}>
                {t('findings.dismissed')}
              </Button>
            </>
          ) : (
            <Button onClick={review('seen')}>{t('findings.seen')}</Button>
          )}
        </div>
      )}
      {judging && (
        <AskDialog
          title={t('findings.violation')}
          text={t('findings.reasons_text')}
          label={t('findings.reasons')}
          act={t('findings.violation')}
          max={500}
          onClose={() => setJudging(false)}
          onSend={(reasons) => send('violation', reasons)}
        />
      )}
    </li>
  );
}

const shown_at_first = 10;

export function Findings() {
  const found = useResource<Page<Finding> & { open: number }>('/oversight/findings');
  const [all, setAll] = useState(false);
  const titleOf = useClauseTitles();
  const page = found.data;
  if (!page) return null;
  if (page.items.length === 0) return <p className="muted">{t('findings.none')}</p>;
  const shown = all ? page.items : page.items.filter((one) => !one.closed_at).slice(0, shown_at_first);
  return (
    <>
      {page.open > 0 ? (
        <p className="notice" role="status">
          {t('findings.open', { count: page.open })}
        </p>
      ) : (
        <p className="muted">{t('findings.none_open')}</p>
      )}
      <ul className="things">
        {shown.map((one) => (
          <Line key={one.id} one={one} titleOf={titleOf} onReviewed={found.reload} />
        ))}
      </ul>
      <p className="muted small listing-total">
        {shown.length > 0 &&
          t('listing.shown', { shown: shown.length, count: all ? (page.total ?? page.items.length) : page.open })}
        {!all && shown.length < page.items.length && (
          <Button kind="quiet" onClick={() => setAll(true)}>
            {t('findings.all')}
          </Button>
        )}
      </p>
    </>
  );
}
