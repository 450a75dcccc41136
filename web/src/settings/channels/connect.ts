// A channel and the provider of its mailbox: an administrator's browser goes there and comes back to /oauth/callback.
import { api } from '../../api/client';
import type { Channel, Id } from '../../api/types';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';

const names: Record<string, string> = { google: 'Google', microsoft: 'Microsoft' };

/** The provider's name, when the channel has one to be connected with. */
export function providerOf(channel: Channel): string | null {
  const { oauth, imap, pop3, smtp } = channel.config ?? {};
  if (!oauth || ![imap, pop3, smtp].some((server) => server?.sign_in === 'oauth')) return null;
  return names[oauth.provider] ?? t('channels.other_provider');
}

export async function connect(channel: Id) {
  try {
    const { url } = await api.post<{ url: string }>(`/channels/${channel}/authorisation`);
    location.assign(url);
  } catch (error) {
    tellFailure(error);
  }
}
