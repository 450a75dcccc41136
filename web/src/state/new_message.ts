// A message to somebody who has not written yet, while it is written: closing its dialog loses nothing, nor does a
// reload. One a person, in this browser only.
import type { Id, Upload } from '../api/types';
import { keep, kept, newMessagePlace } from './kept';
import { me } from './session';

interface NewMessage {
  /** Goes with each attempt to send it, so that one whose answer was lost is not sent again. */
  key: string;
  channel: Id | null;
  to: string;
  subject: string;
  text: string;
  attachments: Upload[];
  copies: { cc: string[]; bcc: string[] } | null;
}

const place = () => newMessagePlace(me()?.id ?? '');

/** The one that was begun and not sent; an unreadable one is treated as none. */
export function begunMessage(): NewMessage | null {
  return kept<NewMessage>(place());
}

/** Says whether there was anything to keep. */
export function keepMessage(one: NewMessage): boolean {
  const is_begun = [one.to, one.subject, one.text].some((text) => text.trim()) || one.attachments.length > 0;
  try {
    if (is_begun && me()) keep(place(), one);
    else localStorage.removeItem(place());
  } catch {
    // No room in this browser: it lasts as long as its dialog.
  }
  return is_begun;
}

export function forgetMessage() {
  try {
    localStorage.removeItem(place());
  } catch {
    // Nothing is stored, so nothing is left.
  }
}
