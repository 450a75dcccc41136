import { t } from '../i18n/t';
import { preferences } from '../state/preferences';
import { changeMe } from '../state/session';
import { setPreferences } from '../state/preferences';
import { Dialog } from '../ui/Dialog';
import { Switch } from '../ui/Field';
import { Keys } from '../ui/Keys';
import { commands, type Command } from './commands';

const groups: Command['group'][] = ['list', 'conversation', 'writing', 'go', 'everywhere'];

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { shortcuts } = preferences.use();
  const switchTo = (on: boolean) => {
    setPreferences({ shortcuts: on });
    changeMe({ shortcuts: on }).catch(() => {});
  };
  return (
    <Dialog title={t('sheet.title')} onClose={onClose} wide>
      <Switch
        label={t('sheet.letters')}
        hint={t('sheet.letters_hint')}
        checked={shortcuts}
        onChange={(event) => switchTo(event.target.checked)}
      />
      <div className="sheet">
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(`sheet.${group}`)}</h3>
            <dl>
              {commands
                .filter((known) => known.group === group && known.keys.length > 0)
                .map((known) => (
                  <div key={known.id}>
                    <dt>{t(known.label)}</dt>
                    <dd>
                      <Keys keys={known.keys[0] ?? ''} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
