// What a rule on content can be, as the screens offer it.
import type { ContentRule } from '../api/types';

export const kinds: ContentRule['kind'][] = [
  'words',
  'pattern',
  'links',
  'card_numbers',
  'secrets',
  'impersonation',
  'reply_elsewhere',
  'identical',
];
export const actions: ContentRule['action'][] = ['note', 'warn', 'hold', 'refuse'];
export const channels = ['email', 'webchat'] as const;

export const takesValues = (
  kind: ContentRule['kind'],
): kind is 'words' | 'pattern' | 'links' | 'impersonation' | 'identical' =>
  !['card_numbers', 'secrets', 'reply_elsewhere'].includes(kind);

export function directionsOf(kind: ContentRule['kind']): ContentRule['direction'][] {
  if (kind === 'impersonation' || kind === 'reply_elsewhere') return ['inbound'];
  return kind === 'identical' ? ['outbound'] : ['both', 'inbound', 'outbound'];
}
