import { useEffect } from 'react';
import { go, route } from '../app/route';
import { t } from '../i18n/t';
import { number } from '../i18n/format';
import { openList, listKey, showHeld, useList, type Filter } from '../state/lists';
import { useCommands } from '../keys/commands';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { ConversationList } from './ConversationList';
import { EmptyView } from './EmptyView';
import { FilterMenu, FilterChips } from './FilterMenu';
import { LoadingRows } from '../ui/LoadingRows';
import { SearchBox } from './SearchBox';
import { ViewMenu } from './ViewMenu';

const first: Filter = { view: 'mine' };

export function ListPane() {
  const now = route.use();
  const filter = now.at === 'inbox' ? now.filter : first;
  const key = listKey(filter);
  const list = useList(key);
  useEffect(() => {
    void openList(filter);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key stands for the filter
  }, [key]);
  useCommands({ 'list.show_held': list?.held ? showHeld : undefined });
  const failed = list?.state === 'failed';
  return (
    <section className="list-pane" aria-label={t('list.label')}>
      <header className="list-head">
        <ViewMenu filter={filter} />
        <span className="list-total muted figures" aria-label={t('list.total', { count: list?.total ?? 0 })}>
          {list?.state === 'ready' ? number(list.total) : ''}
        </span>
        <FilterMenu filter={filter} onChange={(next) => go({ at: 'inbox', filter: next, conversation: null })} />
      </header>
      <SearchBox text="" />
      <FilterChips filter={filter} onChange={(next) => go({ at: 'inbox', filter: next, conversation: null })} />
      {list && list.held > 0 && (
        <button type="button" className="held" onClick={showHeld}>
          {t('list.held', { count: list.held })}
        </button>
      )}
      {(!list || list.state === 'loading') && <LoadingRows />}
      {failed && (
        <Empty
          title={t('list.failed')}
          text={list.error?.code === 'offline' ? t('error.offline') : list.error?.message}
          role="alert"
        >
          <Button onClick={() => void openList(filter, true)}>{t('ui.try_again')}</Button>
        </Empty>
      )}
      {list?.state === 'ready' && list.shown.length === 0 && <EmptyView filter={filter} />}
      {list?.state === 'ready' && list.shown.length > 0 && <ConversationList list={list} list_key={key} />}
    </section>
  );
}
