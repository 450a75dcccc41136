import { route, type Route } from '../app/route';
import { t } from '../i18n/t';
import { listKey, useList } from '../state/lists';
import { Keys } from '../ui/Keys';
import { Mark } from '../ui/Mark';

const hints = [
  ['j', 'key.list_next'],
  ['Mod+K', 'key.palette'],
  ['/', 'key.search'],
  ['?', 'key.sheet'],
] as const;

/** Whether there is anything to choose in what stands beside. */
function useChoice(now: Route): boolean {
  const list = useList(now.at === 'inbox' ? listKey(now.filter) : '');
  if (now.at === 'search') return now.q.trim() !== '';
  return list?.state !== 'ready' || list.shown.length > 0;
}

export function NothingOpen() {
  const choice = useChoice(route.use());
  return (
    <div className="empty nothing-open">
      <Mark size={40} />
      {choice && <p className="empty-title">{t('thread.nothing_open')}</p>}
      <dl className="hints">
        {hints
          .filter(([keys]) => choice || keys !== 'j')
          .map(([keys, label]) => (
            <div key={keys}>
              <dt>
                <Keys keys={keys} />
              </dt>
              <dd className="muted">{t(label)}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
