import { X } from 'lucide-react';
import type { Contact } from '../api/types';
import { Link } from '../app/Link';
import { called } from '../contacts/called';
import { day, since } from '../i18n/format';
import { t } from '../i18n/t';
import { openConversation, route } from '../app/route';
import { ContactNote } from '../contacts/ContactNote';
import { Identities } from '../contacts/Identities';
import type { Row } from '../state/rows';
import { Avatar } from '../ui/Avatar';
import { IconButton } from '../ui/Button';
import { ExportLinks } from '../ui/ExportLinks';
import { useResource } from '../ui/useResource';
import { togglePanel } from './panel';

const earlier_max = 6;

/** Who is written to: names, addresses, earlier conversations, and what colleagues noted about the person. */
export function ContactPanel({ row }: { row: Row }) {
  const found = useResource<Contact>(`/contacts/${row.contact.id}`, 'contacts');
  const contact = found.data;
  const open = openConversation(route.use());
  const others = Math.max(0, (contact?.conversation_count ?? 0) - 1);
  const earlier = (contact?.conversations ?? []).filter((one) => one.id !== open).slice(0, earlier_max);
  return (
    <aside className="contact-panel scrolls" aria-label={t('contact.panel')}>
      <div className="contact-top">
        <Avatar name={called(row.contact)} />
        <div className="contact-who">
          <h2 dir="auto">{called(row.contact)}</h2>
          {contact && <p className="muted small">{t('contact.since', { day: day(contact.created_at) })}</p>}
        </div>
        <IconButton className="panel-close" icon={X} label={t('contact.hide')} onClick={togglePanel} />
      </div>
      {contact ? (
        <Identities list={contact.identities} />
      ) : (
        <p className="muted cut">
          {row.contact.address ? called({ name: row.contact.address }) : t('personal.hidden')}
        </p>
      )}
      {row.tags.length > 0 && (
        <section>
          <h3>{t('tags.title')}</h3>
          <p className="chips">
            {row.tags.map((tag) => (
              <span key={tag} className="tag small">
                {tag}
              </span>
            ))}
          </p>
        </section>
      )}
      {contact && (
        <section>
          <h3>{others > 0 ? t('contact.earlier', { count: others }) : t('contact.no_other')}</h3>
          <ul className="earlier">
            {earlier.map((one) => (
              <li key={one.id}>
                <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation: one.id }}>
                  <span className="cut" dir="auto">
                    {one.subject || one.preview}
                  </span>
                  <span className="muted small">
                    {t(`status.${one.status}`)} · {since(one.last_message_at)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {open && <ExportLinks path={`/conversations/${open}/export`} />}
      {contact && <ContactNote contact={contact} onSaved={found.reload} />}
      <Link className="contact-more" to={{ at: 'contacts', contact: row.contact.id, q: '' }}>
        {t('contact.open')}
      </Link>
    </aside>
  );
}
