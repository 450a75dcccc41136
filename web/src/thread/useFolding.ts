// Whether the quotes in a sender's mail are folded: an agent who sees that we fold what the sender wrote says so once,
// and it holds for that sender, for everybody.
import { useCallback } from 'react';
import { api } from '../api/client';
import type { Contact } from '../api/types';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import type { Row } from '../state/rows';
import { toast } from '../state/toasts';
import { useResource } from '../ui/useResource';

export interface Folding {
  sender: string; // the contact whose mail it is about
  whole: boolean;
  toggle: () => void;
}

/** `known`: what the conversation said when it was opened, until the contact itself is here. */
export function useFolding(row: Row | undefined, known: boolean): Folding {
  const sender = row?.contact.id ?? '';
  const { data, reload } = useResource<Contact>(sender ? `/contacts/${sender}` : null, 'contacts');
  const whole = data?.shows_quotes ?? known;
  const name = row ? called(row.contact) : '';
  const toggle = useCallback(() => {
    api.patch(`/contacts/${sender}`, { shows_quotes: !whole }).then(() => {
      toast(t(whole ? 'message.folded_from_now' : 'message.whole_from_now', { name }));
      reload();
    }, tellFailure);
  }, [sender, whole, name, reload]);
  return { sender, whole, toggle };
}
