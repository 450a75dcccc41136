import { useEffect, useState } from 'react';
import { api, ApiError, query } from '../api/client';
import type { SearchHit, SearchPage } from '../api/types';
import { go, route } from '../app/route';
import { number } from '../i18n/format';
import { t } from '../i18n/t';
import { LoadingRows } from '../ui/LoadingRows';
import { SearchBox } from '../inbox/SearchBox';
import { useCommands } from '../keys/commands';
import { acceptItem } from '../state/rows';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { ExportLinks } from '../ui/ExportLinks';
import { SearchHits } from './SearchHits';

interface Found {
  q: string;
  page: SearchPage | null;
  hits: SearchHit[];
  error: ApiError | null;
}

const look_again_ms = 1_000;

function useSearch(q: string) {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!q.trim()) {
      setFound(null);
      return;
    }
    const stop = new AbortController();
    let again: ReturnType<typeof setTimeout>;
    const look = () =>
      api.get<SearchPage>(`/search${query({ q, limit: 25 })}`, stop.signal).then(
        (page) => {
          for (const hit of page.items) acceptItem(hit.conversation, 0);
          setFound({ q, page, hits: page.items, error: null });
          // What has just arrived is found a moment later. With more than a page the reader is at work already.
          if (!page.complete && !page.next_cursor) again = setTimeout(look, look_again_ms);
        },
        (error: unknown) => error instanceof ApiError && setFound({ q, page: null, hits: [], error }),
      );
    void look();
    return () => {
      stop.abort();
      clearTimeout(again);
    };
  }, [q]);
  const more = () => {
    const cursor = found?.page?.next_cursor;
    if (!cursor) return;
    api.get<SearchPage>(`/search${query({ q, limit: 25, cursor })}`).then(
      (page) => setFound((old) => (old?.q === q ? { ...old, page, hits: [...old.hits, ...page.items] } : old)),
      () => {},
    );
  };
  return { found, more };
}

/** The arrow keys go from the field through what was found, and back. */
function onArrows(event: React.KeyboardEvent<HTMLElement>) {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .hit')];
  const next = stops[stops.indexOf(document.activeElement as HTMLElement) + by];
  if (by === 0 || !next) return;
  event.preventDefault();
  next.focus();
}

/** What was found, how much of it is shown, and whether the index has seen everything yet. */
export function SearchPane() {
  const now = route.use();
  const q = now.at === 'search' ? now.q : '';
  const open = now.at === 'search' ? now.conversation : null;
  const { found, more } = useSearch(q);
  const [cursor, setCursor] = useState(0);
  const hits = found?.hits ?? [];
  const show = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    setCursor(index);
    go({ at: 'search', q, conversation: hit.conversation.id }, 'replace');
  };
  useCommands({
    'list.next': hits.length > 0 ? () => show(Math.min(hits.length - 1, open ? cursor + 1 : 0)) : undefined,
    'list.previous': hits.length > 0 ? () => show(Math.max(0, cursor - 1)) : undefined,
  });
  const page = found?.page;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its field and its buttons hear it
    <section className="list-pane" aria-label={t('search.title')} onKeyDown={onArrows}>
      <header className="list-head">
        <h1 className="view-name">{t('search.title')}</h1>
      </header>
      <SearchBox text={q} autoFocus={!open} />
      <div className="search-said small muted" role="status">
        {page && t(page.total_is_exact ? 'search.total' : 'search.total_about', { count: page.total })}
        {page && !page.complete && <p className="warn-text">{t('search.behind', { count: page.lag_messages })}</p>}
      </div>
      {hits.length > 0 && <ExportLinks path={`/search/export${query({ q })}`} />}
      {!q.trim() && <Empty title={t('search.empty')} text={t('search.empty_text')} />}
      {q.trim() && !found && <LoadingRows />}
      {found?.error && (
        <Empty
          title={t('search.failed')}
          text={found.error.code === 'offline' ? t('error.offline') : found.error.message}
          role="alert"
        />
      )}
      {page && hits.length === 0 && (
        <Empty title={t('search.nothing', { text: q })} text={t('search.nothing_text')}>
          <Button onClick={() => go({ at: 'contacts', contact: null, q })}>{t('search.in_contacts')}</Button>
        </Empty>
      )}
      {hits.length > 0 && (
        <SearchHits hits={hits} open={open} onOpen={show}>
          {page?.next_cursor && (
            <Button kind="quiet" onClick={more}>
              {t('search.more', { shown: number(hits.length), total: number(page.total) })}
            </Button>
          )}
        </SearchHits>
      )}
    </section>
  );
}
