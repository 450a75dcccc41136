// Contacts whose name or address holds what is being typed.
import { useEffect, useState } from 'react';
import { api, query } from '../api/client';
import type { Contact, Page } from '../api/types';
import { isAmong } from './addresses';

interface Suggested {
  name: string;
  address: string;
}

const typed_min = 2;
const pause_ms = 150;
const shown_max = 6;
const none: Suggested[] = [];

export function useAddressSuggestions(text: string, taken: string[]): Suggested[] {
  const [found, setFound] = useState<{ text: string; list: Suggested[] }>({ text: '', list: none });
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < typed_min) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api.get<Page<Contact>>(`/contacts${query({ q: wanted, limit: String(shown_max) })}`, stop.signal).then(
        (page) => {
          const list = page.items.flatMap((contact) =>
            contact.identities
              .filter((one) => one.kind === 'email')
              .map((one) => ({ name: contact.name, address: one.address })),
          );
          setFound({ text: wanted, list });
        },
        () => {}, // without suggestions one types the address
      );
    }, pause_ms);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  if (found.text !== wanted || wanted.length < typed_min) return none;
  const free = found.list.filter((one) => !isAmong(taken, one.address)).slice(0, shown_max);
  return free.length > 0 ? free : none;
}
