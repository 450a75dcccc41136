// Each clause: what watches over it, whether that still bites, and what it has led to in a period. For the operator of
// the whole installation, for an administrator of the own workspace.
import { Check, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ClausePage } from '../api/types';
import { dateTime, number } from '../i18n/format';
import { t, tOr } from '../i18n/t';
import { Choice } from '../ui/Field';
import { useResource } from '../ui/useResource';
import { titleIn, usePolicyInForce } from './clause_titles';

type Figures = ClausePage['figures'][number];
type Control = ClausePage['controls'][number];

const periods = [7, 30, 90, 365] as const;
const kinds = ['warn', 'hold', 'limit', 'block', 'suspend'] as const;

function ControlLine({ control }: { control: Control }) {
  const test = control.last_test;
  return (
    <li>
      <span dir="auto">{tOr(`control.${control.name}`, control.what)}</span>{' '}
      {!test && <span className="muted small">{t('clause.not_tested')}</span>}
      {test?.ok && (
        <span className="muted small">
          <Check size={14} aria-hidden /> {t('clause.tested', { when: dateTime(test.at) })}
        </span>
      )}
      {test && !test.ok && (
        <span className="small warn-text">
          <TriangleAlert size={14} aria-hidden /> {t('clause.broken', { when: dateTime(test.at) })} {test.detail}
        </span>
      )}
    </li>
  );
}

function Led({ figures }: { figures: Figures | undefined }) {
  if (!figures) return <p className="muted small">{t('clause.nothing')}</p>;
  const measures = kinds.filter((kind) => figures[kind] > 0);
  return (
    <>
      <p className="small figures">
        {t('clause.violations', { count: figures.violations })}
        {measures.map((kind) => ` · ${t(`measure.kind.${kind}`)} ${number(figures[kind])}`).join('')}
        {figures.dismissed > 0 && ` · ${t('clause.dismissed', { count: figures.dismissed })}`}
      </p>
      {figures.last_at && (
        <p className="small" dir="auto">
          {t('clause.last', { when: dateTime(figures.last_at) })} {figures.last_facts}
        </p>
      )}
    </>
  );
}

export function Clauses({ path }: { path: '/oversight/clauses' | '/policy/clauses' }) {
  const [days, setDays] = useState<(typeof periods)[number]>(30);
  const found = useResource<ClausePage>(`${path}?days=${days}`, 'policy').data;
  const version = usePolicyInForce();
  if (!found || !version) return null;
  return (
    <>
      <Choice
        label={t('clause.period')}
        value={days}
        onChange={(event) => setDays(Number(event.target.value) as typeof days)}
      >
        {periods.map((one) => (
          <option key={one} value={one}>
            {t('clause.days', { count: one })}
          </option>
        ))}
      </Choice>
      <ul className="things">
        {version.clauses.map((clause) => {
          const controls = found.controls.filter((one) => one.clause === clause.id);
          return (
            <li key={clause.id}>
              <div className="grow">
                <h3 dir="auto">
                  <a href={`/acceptable-use#${clause.id}`}>{titleIn(version, clause.id)}</a>
                </h3>
                {controls.length === 0 && <p className="muted small">{t('clause.no_control')}</p>}
                {controls.length > 0 && (
                  <ul className="clause-controls">
                    {controls.map((one) => (
                      <ControlLine key={one.name} control={one} />
                    ))}
                  </ul>
                )}
                <Led figures={found.figures.find((one) => one.clause === clause.id)} />
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
