import { useEffect, useState } from 'react';
import { api, query } from '../api/client';
import type { Contact, Page } from '../api/types';
import { go, route } from '../app/route';
import { t } from '../i18n/t';
import { LoadingRows } from '../ui/LoadingRows';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { classes } from '../ui/classes';
import { Empty } from '../ui/Empty';
import { useResource } from '../ui/useResource';
import { addressOf, calledContact, sought } from './called';
import { ContactPage } from './ContactPage';

const pause_ms = 200;

function useMore(first: Page<Contact> | null, q: string) {
  const [more, setMore] = useState<{ of: Page<Contact> | null; items: Contact[]; cursor: string | null }>({
    of: null,
    items: [],
    cursor: null,
  });
  const current = more.of === first ? more : { of: first, items: [], cursor: first?.next_cursor ?? null };
  const load = () => {
    api.get<Page<Contact>>(`/contacts${query({ q: sought(q), limit: 50, cursor: current.cursor })}`).then(
      (page) => setMore({ of: first, items: [...current.items, ...page.items], cursor: page.next_cursor }),
      () => {},
    );
  };
  return { items: [...(first?.items ?? []), ...current.items], cursor: current.cursor, load };
}

function ContactRow({ contact, is_open, onOpen }: { contact: Contact; is_open: boolean; onOpen: () => void }) {
  const name = calledContact(contact);
  const address = addressOf(contact);
  return (
    <li>
      <button
        type="button"
        className={classes('hit', 'contact-row', is_open && 'open')}
        aria-current={is_open || undefined}
        onClick={onOpen}
      >
        <Avatar name={name} />
        <span className="contact-lines">
          <span className="row-name cut" dir="auto">
            {name}
          </span>
          {address !== name && <span className="muted small cut">{address}</span>}
        </span>
      </button>
    </li>
  );
}

/** Everybody who has ever written: found by name or address. */
export default function Contacts() {
  const now = route.use();
  const here = now.at === 'contacts' ? now : { contact: null, q: '' };
  const [typed, setTyped] = useState(here.q);
  useEffect(() => {
    document.title = `${t('rail.contacts')} · Answerable`;
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== here.q) go({ at: 'contacts', contact: here.contact, q: typed }, 'replace');
    }, pause_ms);
    return () => clearTimeout(timer);
  }, [typed, here.q, here.contact]);
  const found = useResource<Page<Contact>>(`/contacts${query({ q: sought(here.q), limit: 50 })}`, 'contacts');
  const { items, cursor, load } = useMore(found.data, here.q);
  return (
    <main id="main" className={classes('inbox', here.contact && 'has-open')} tabIndex={-1}>
      <section className="list-pane" aria-label={t('rail.contacts')}>
        <header className="list-head">
          <h1 className="view-name">{t('rail.contacts')}</h1>
          <span className="muted figures">{found.data ? t('contact.total', { count: found.data.total }) : ''}</span>
        </header>
        <search className="search-box">
          <input
            type="search"
            aria-label={t('contact.search')}
            placeholder={t('contact.search')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </search>
        {found.loading && <LoadingRows />}
        {found.error && (
          <Empty title={t('contact.failed')} role="alert">
            <Button onClick={found.reload}>{t('ui.try_again')}</Button>
          </Empty>
        )}
        {found.data && items.length === 0 && (
          <Empty
            title={here.q ? t('search.nothing', { text: here.q }) : t('contact.none')}
            text={t('contact.none_text')}
          />
        )}
        <ul className="hits scrolls" aria-label={t('rail.contacts')}>
          {items.map((one) => (
            <ContactRow
              key={one.id}
              contact={one}
              is_open={one.id === here.contact}
              onOpen={() => go({ at: 'contacts', contact: one.id, q: here.q })}
            />
          ))}
          {cursor && (
            <li>
              <Button kind="quiet" onClick={load}>
                {t('ui.more')}
              </Button>
            </li>
          )}
        </ul>
      </section>
      <section id="thread" className="thread-pane" tabIndex={-1} aria-label={t('contact.panel')}>
        {here.contact ? <ContactPage key={here.contact} id={here.contact} /> : <Empty title={t('contact.choose')} />}
      </section>
    </main>
  );
}
