// The rules on what messages say: those of the workspace, or (at /oversight) the operator's for all.
import { useState } from 'react';
import { api } from '../api/client';
import type { ContentRule } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { useClauseTitles } from '../policy/clause_titles';
import { Listing } from '../ui/Listing';
import { tellFailure } from '../state/acts';
import { Button } from '../ui/Button';
import { RuleDialog } from './RuleDialog';

const own = '/content-rules';

export function ContentRules({ path = own }: { path?: string }) {
  const [open, setOpen] = useState<{ rule: ContentRule | null } | null>(null);
  const [round, setRound] = useState(0);
  const titleOf = useClauseTitles();
  const again = () => setRound((number) => number + 1);
  return (
    <>
      <p className="muted page-text">{t('rule.text')}</p>
      <p className="page-acts">
        <Button kind="first" onClick={() => setOpen({ rule: null })}>
          {t('rule.new')}
        </Button>
      </p>
      <Listing<ContentRule>
        key={round}
        path={path}
        whole
        empty={t('rule.none')}
        empty_text={t(path === own ? 'rule.none_own' : 'rule.none_text')}
      >
        {(items, reload) => (
          <ul className="things">
            {items.map((one) => (
              <li key={one.id}>
                <div className="grow">
                  <p>
                    <strong dir="auto">{one.name}</strong>{' '}
                    {!one.active && <span className="muted">{t('rule.off')}</span>}
                  </p>
                  <p className="muted small">
                    {[
                      t(`rule.kind.${one.kind}`),
                      t(`rule.direction.${one.direction}`),
                      t(`rule.action.${one.action}`),
                      one.clause && titleOf(one.clause),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </p>
                  <p className="small figures">
                    {t('rule.hits', { count: one.hits })}
                    {one.last_hit_at && ` · ${t('rule.last_hit', { when: dateTime(one.last_hit_at) })}`}
                  </p>
                </div>
                <div className="thing-acts">
                  <Button aria-label={t('rule.change_of', { name: one.name })} onClick={() => setOpen({ rule: one })}>
                    {t('rule.edit')}
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={t('rule.delete_of', { name: one.name })}
                    onClick={() => void api.remove(`${path}/${one.id}`).then(reload, tellFailure)}
                  >
                    {t('rule.delete')}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {open && <RuleDialog path={path} rule={open.rule} onClose={() => setOpen(null)} onDone={again} />}
    </>
  );
}
