import { t } from '../i18n/t';
import { counts } from '../state/lists';
import { Keys } from '../ui/Keys';
import { Mark } from '../ui/Mark';

const hints = [
  ['j', 'key.list_next'],
  ['Mod+K', 'key.palette'],
  ['/', 'key.search'],
  ['?', 'key.sheet'],
] as const;

export function NothingOpen() {
  const is_new = counts.use()?.all === 0; // there is none to choose
  return (
    <div className="empty nothing-open">
      <Mark size={40} />
      {!is_new && <p className="empty-title">{t('thread.nothing_open')}</p>}
      <dl className="hints">
        {hints.map(([keys, label]) => (
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
