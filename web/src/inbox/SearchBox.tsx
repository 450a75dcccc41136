import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { go, route } from '../app/route';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { IconButton } from '../ui/Button';
import { Keys } from '../ui/Keys';

const pause_ms = 180;

/** Searches while one types; the address follows, so a search can be linked. */
export function SearchBox({ text, autoFocus }: { text: string; autoFocus?: boolean }) {
  const [typed, setTyped] = useState(text);
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Back and forward, or a link, search for something else. What is being typed is ahead of the address.
  const asked = useRef(text);
  useEffect(() => {
    if (text !== asked.current) setTyped(text);
    asked.current = text;
  }, [text]);
  useCommands({ 'everywhere.search': () => box.current?.select() });
  const search = (q: string) => {
    const now = route.get();
    asked.current = q;
    go(
      { at: 'search', q, conversation: now.at === 'search' ? now.conversation : null },
      now.at === 'search' ? 'replace' : 'push',
    );
  };
  const change = (q: string) => {
    setTyped(q);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(q), pause_ms);
  };
  const leave = () => go({ at: 'inbox', filter: { view: 'mine' }, conversation: null });
  return (
    <search className="search-box">
      <Search size={16} aria-hidden />
      <input
        ref={box}
        type="search"
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        value={typed}
        autoFocus={autoFocus}
        onFocus={() => route.get().at !== 'search' && typed && search(typed)}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter') search(typed);
        }}
      />
      {typed || route.get().at === 'search' ? (
        <IconButton icon={X} size={16} label={t('search.clear')} onClick={leave} />
      ) : (
        <Keys keys="/" />
      )}
    </search>
  );
}
