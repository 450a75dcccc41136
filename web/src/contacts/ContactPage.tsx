import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client';
import type { Contact } from '../api/types';
import { Link } from '../app/Link';
import { go, route } from '../app/route';
import { day, since } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { useCommands } from '../keys/commands';
import { Avatar } from '../ui/Avatar';
import { Button, IconButton } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Field } from '../ui/Field';
import { useResource } from '../ui/useResource';
import { calledContact } from './called';
import { ContactNote } from './ContactNote';
import { Identities } from './Identities';

function NameField({ contact, onSaved }: { contact: Contact; onSaved: () => void }) {
  const [name, setName] = useState(contact.name);
  const save = () => {
    api.patch(`/contacts/${contact.id}`, { name: name.trim() }).then(onSaved, tellFailure);
  };
  return (
    <div className="with-button">
      <Field
        label={t('contact.name')}
        value={name}
        maxLength={200}
        dir="auto"
        onChange={(event) => setName(event.target.value)}
      />
      {name !== contact.name && <Button onClick={save}>{t('ui.save')}</Button>}
    </div>
  );
}

export function ContactPage({ id }: { id: string }) {
  const { data: contact, error, reload } = useResource<Contact>(`/contacts/${id}`, 'contacts');
  const back = () => go({ at: 'contacts', contact: null, q: (route.get() as { q?: string }).q ?? '' });
  useCommands({ 'list.back': back });
  if (error)
    return (
      <Empty title={t('contact.failed')} text={error.message} role="alert">
        <Button onClick={reload}>{t('ui.try_again')}</Button>
      </Empty>
    );
  if (!contact) return <div className="page" aria-busy="true" />;
  return (
    <div className="page scrolls contact-page">
      <div className="contact-top">
        <IconButton className="thread-back" icon={ArrowLeft} label={t('thread.back')} does="list.back" onClick={back} />
        <Avatar name={calledContact(contact)} />
        <div className="contact-who">
          <h1 dir="auto">{calledContact(contact)}</h1>
          <p className="muted small">{t('contact.since', { day: day(contact.created_at) })}</p>
        </div>
      </div>
      <section className="card">
        <NameField contact={contact} onSaved={reload} />
        <Identities list={contact.identities} />
        <ContactNote contact={contact} onSaved={reload} />
      </section>
      <section className="card">
        <h2>{t('contact.conversations', { count: contact.conversation_count })}</h2>
        <ul className="earlier">
          {contact.conversations.map((one) => (
            <li key={one.id}>
              <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation: one.id }}>
                <span className="cut" dir="auto">
                  {one.subject || one.preview}
                </span>
                <span className="muted small">
                  {t(`status.${one.status}`)} · {one.channel.name} · {since(one.last_message_at)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
