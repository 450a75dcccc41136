import type { ChannelKind } from '../api/types';
import { t } from '../i18n/t';

/** What a conversation is about, in a line: a mail without a subject says so; a chat has no place for one. */
export function subjectOf({ subject, channel }: { subject: string; channel: { kind: ChannelKind } }): string {
  return subject || t(channel.kind === 'webchat' ? 'thread.chat' : 'thread.no_subject');
}
