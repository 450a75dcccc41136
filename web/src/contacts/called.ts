import type { Contact } from '../api/types';
import { t } from '../i18n/t';
import { hidesPersonal } from '../state/session';

const visitor_id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-([0-9a-f]{8})([0-9a-f]{4})$/;

/** How a person is called on every screen: by name, or else by address. The address of a chat visitor is an id, which
 *  says nothing to anybody: of it only the end is shown, so that two visitors can be told apart. Who may not see
 *  addresses reads "Customer" of somebody who has no name. */
export function called({ name, address = '' }: { name: string; address?: string }): string {
  const said = name || address;
  if (!said && hidesPersonal()) return t('personal.customer');
  const mark = visitor_id.exec(said)?.at(-1);
  return mark ? t('contact.visitor', { mark: mark.toUpperCase() }) : said;
}

export function calledContact(contact: Contact): string {
  return called({ name: contact.name, address: contact.identities[0]?.address ?? '' });
}

/** What is asked of the server for a text in a search for contacts: who types "Visitor 4F2A", as the screens call
 *  somebody, means the end of an address. */
export function sought(q: string): string {
  const mark = /[0-9a-f]{4}$/i.exec(q.trim())?.[0];
  return mark && q.trim().toLowerCase() === t('contact.visitor', { mark }).toLowerCase() ? mark : q;
}

/** The first address that means something to people, as one may show it below the name. */
export function addressOf(contact: Contact): string {
  return hidesPersonal() ? t('personal.hidden') : called({ name: contact.identities[0]?.address ?? '' });
}
