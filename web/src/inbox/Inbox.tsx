// The three panes. On a narrow page they are a stack: list, then conversation, then contact.
import { useEffect, useRef } from 'react';
import { openConversation, route } from '../app/route';
import { t } from '../i18n/t';
import { announceFor } from '../live/announce';
import { SearchPane } from '../search/SearchPane';
import { counts } from '../state/lists';
import { ThreadPane } from '../thread/ThreadPane';
import { NothingOpen } from '../thread/NothingOpen';
import { classes } from '../ui/classes';
import { ListPane } from './ListPane';

/** What had the focus may go with the conversation (the menu that snoozed it): then the next one has it. */
function useKeptFocus(open: string | null) {
  const before = useRef(open);
  useEffect(() => {
    const is_lost = document.activeElement === document.body;
    if (is_lost && before.current && before.current !== open) document.getElementById('thread')?.focus();
    before.current = open;
  }, [open]);
}

export function Inbox() {
  const now = route.use();
  const found = counts.use();
  const open = openConversation(now);
  useEffect(() => {
    announceFor(open);
    return () => announceFor(null);
  }, [open]);
  useKeptFocus(open);
  useEffect(() => {
    const name = now.at === 'inbox' ? t(`view.${now.filter.view}`) : t('search.title');
    const mine = found?.mine ? `(${found.mine}) ` : '';
    document.title = `${mine}${name} · Answerable`;
  }, [now, found]);
  return (
    <main id="main" className={classes('inbox', open && 'has-open')} tabIndex={-1}>
      {now.at === 'search' ? <SearchPane /> : <ListPane />}
      <section id="thread" className="thread-pane" tabIndex={-1} aria-label={t('thread.label')}>
        {open ? <ThreadPane key={open} id={open} /> : <NothingOpen />}
      </section>
    </main>
  );
}
