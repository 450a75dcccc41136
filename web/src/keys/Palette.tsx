// Everything that can be done here and now, by name. It shows each command's key, so that one learns it.
import { useId, useMemo, useState } from 'react';
import { go } from '../app/route';
import { t } from '../i18n/t';
import { Dialog } from '../ui/Dialog';
import { Keys } from '../ui/Keys';
import { classes } from '../ui/classes';
import { commands, registered, runOf, type Command } from './commands';
import { fit } from './match';

interface Entry {
  id: string;
  label: string;
  keys: string | undefined;
  run: () => void;
}

function found(typed: string): Entry[] {
  const entries = (commands as readonly Command[])
    .filter((known) => known.id !== 'everywhere.palette' && runOf(known.id))
    .map((known) => ({ known, score: fit(typed, t(known.label)) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ known }) => ({ id: known.id, label: t(known.label), keys: known.keys[0], run: runOf(known.id)! }));
  const q = typed.trim();
  if (!q) return entries;
  const search = {
    id: 'search',
    label: t('palette.search_for', { text: q }),
    keys: undefined,
    run: () => go({ at: 'search', q, conversation: null }),
  };
  return [...entries, search];
}

export function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list_id = useId();
  const round = registered.use();
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `round` changes when commands come and go
  const entries = useMemo(() => found(typed), [typed, round]);
  const chosen = entries[Math.min(at, entries.length - 1)];
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    setTimeout(entry.run, 0); // after the dialog gave the focus back
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      const next = (Math.min(at, entries.length - 1) + by + entries.length) % Math.max(1, entries.length);
      setAt(next);
      document.getElementById(`${list_id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} bare>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded
        aria-controls={list_id}
        aria-label={t('palette.label')}
        autoFocus
        aria-activedescendant={chosen ? `${list_id}-${entries.indexOf(chosen)}` : undefined}
        autoComplete="off"
        value={typed}
        placeholder={t('palette.label')}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
      />
      <div id={list_id} role="listbox" aria-label={t('palette.title')} className="palette-list scrolls" tabIndex={-1}>
        {entries.map((entry, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={entry.id}
            id={`${list_id}-${index}`}
            role="option"
            aria-selected={entry === chosen}
            className={classes('palette-item', entry === chosen && 'chosen')}
            onClick={() => run(entry)}
            onPointerMove={() => setAt(index)}
          >
            <span className="cut">{entry.label}</span>
            {entry.keys && <Keys keys={entry.keys} />}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
