import { useEffect, useState, type ReactNode } from 'react';
import { api, query } from '../api/client';
import type { Page } from '../api/types';
import { t } from '../i18n/t';
import { LoadingRows } from './LoadingRows';
import { Button } from './Button';
import { Empty } from './Empty';
import { useResource } from './useResource';

interface Props<T, P> {
  path: string;
  values?: Record<string, string | undefined>;
  /** The resource comes as a whole and takes no limit. */
  whole?: boolean;
  name?: string;
  empty: string;
  empty_text?: string;
  /** What the resource says beside its items; given anew with each answer. */
  onPage?: (page: P) => void;
  children: (items: T[], reload: () => void) => ReactNode;
}

/** A list that states its total and gives more when asked: nothing is cut off silently. */
export function Listing<T, P extends Page<T> = Page<T>>(props: Props<T, P>) {
  const { path, values = {}, whole, name, empty, empty_text, onPage, children } = props;
  const found = useResource<P>(`${path}${query(whole ? values : { ...values, limit: 50 })}`, name);
  const [more, setMore] = useState<{ of: Page<T> | null; items: T[]; cursor: string | null }>({
    of: null,
    items: [],
    cursor: null,
  });
  const page = found.data;
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- who hears it may be another function each time
  useEffect(() => (page ? onPage?.(page) : undefined), [page]);
  const current = more.of === page ? more : { of: page, items: [], cursor: page?.next_cursor ?? null };
  const items = page ? [...page.items, ...current.items] : [];
  const load = () => {
    api.get<Page<T>>(`${path}${query({ ...values, limit: 50, cursor: current.cursor })}`).then(
      (next) => setMore({ of: page, items: [...current.items, ...next.items], cursor: next.next_cursor }),
      () => {},
    );
  };
  if (found.error && !page) {
    return (
      <Empty
        title={t('settings.failed')}
        text={found.error.code === 'offline' ? t('error.offline') : found.error.message}
        role="alert"
      >
        <Button onClick={found.reload}>{t('ui.try_again')}</Button>
      </Empty>
    );
  }
  if (!page) return <LoadingRows />;
  if (items.length === 0) return <Empty title={empty} text={empty_text} />;
  return (
    <>
      {children(items, found.reload)}
      <p className="muted small listing-total">
        {t('listing.shown', { shown: items.length, count: page.total ?? items.length })}
        {current.cursor && (
          <Button kind="quiet" onClick={load}>
            {t('ui.more')}
          </Button>
        )}
      </p>
    </>
  );
}
