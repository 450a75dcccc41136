import { BadgeCheck, Mail, MessageCircle } from 'lucide-react';
import type { Contact } from '../api/types';
import { t } from '../i18n/t';
import { called } from './called';

export function Identities({ list }: { list: Contact['identities'] }) {
  return (
    <ul className="identities" aria-label={t('contact.identities')}>
      {list.map((one, index) => (
        <li key={`${one.kind}:${one.address || index}`}>
          {one.kind === 'email' ? <Mail size={14} aria-hidden /> : <MessageCircle size={14} aria-hidden />}
          <span className="identity-address" dir="ltr">
            {one.address ? called({ name: one.address }) : t('personal.hidden')}
          </span>
          {one.verified && (
            <span className="verified small">
              <BadgeCheck size={14} aria-hidden />
              {t('contact.verified')}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
