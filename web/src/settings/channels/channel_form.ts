// Between the flat fields of the form and the nested configuration of a channel. Secrets that are left empty stay as
// they are on the server: they are write-only and never come back.
import type { ChannelConfig, ChannelKind, MailServer } from '../../api/types';

/** What the server said about a field, if anything. */
export type About = (field: string) => string | undefined;
type Said = (name: string) => string;

function lines(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter(Boolean);
}

function folders(said: Said): Partial<MailServer> {
  const [folder = 'INBOX', ...further_folders] = said('imap.folders')
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean);
  return {
    folder,
    further_folders,
    after_storing: said('imap.after_storing') as MailServer['after_storing'],
    move_to: said('imap.move_to'),
  };
}

type ServerName = 'imap' | 'pop3' | 'smtp';
type Pop3Server = NonNullable<ChannelConfig['pop3']>;

/** Without a provider every server has its password; with one, those that are ticked have none. */
function signIn(said: Said, name: ServerName): Partial<MailServer> {
  const password = said(`${name}.password`);
  const provides = said('oauth.provider') !== '' && said(`${name}.oauth`) !== '';
  return {
    ...(provides ? { sign_in: 'oauth' } : {}),
    ...(password && !provides ? { password } : {}),
  };
}

function oauth(said: Said): ChannelConfig['oauth'] {
  const provider = said('oauth.provider') as '' | NonNullable<ChannelConfig['oauth']>['provider'];
  if (!provider) return undefined;
  const further = ['tenant', 'client_secret', 'refresh_token', 'authorisation_url', 'token_url', 'scope'] as const;
  const given = further.map((name) => [name, said(`oauth.${name}`)] as const).filter(([, value]) => value);
  return { provider, client_id: said('oauth.client_id'), ...Object.fromEntries(given) };
}

function server(said: Said, name: ServerName): MailServer | undefined {
  if (!said(`${name}.host`)) return undefined;
  return {
    host: said(`${name}.host`),
    port: Number(said(`${name}.port`)),
    security: said(`${name}.security`) as MailServer['security'],
    user: said(`${name}.user`),
    ...signIn(said, name),
    ...(name === 'imap' ? folders(said) : {}),
  };
}

function pop3Server(said: Said): Pop3Server | undefined {
  const plain = server(said, 'pop3');
  return plain && { ...plain, after_storing: said('pop3.after_storing') as Pop3Server['after_storing'] };
}

export function configOf(kind: ChannelKind, form: FormData): ChannelConfig {
  const said: Said = (name) => String(form.get(name) ?? '').trim();
  if (kind === 'webchat') {
    return {
      greeting: said('greeting'),
      color: said('color'),
      language: said('language') as NonNullable<ChannelConfig['language']>,
      allowed_origins: lines(said('allowed_origins')),
      require_identity: form.get('require_identity') !== null,
    };
  }
  const key = said('dkim.key');
  const dkim = said('dkim.algorithm') && {
    selector: said('dkim.selector'),
    algorithm: said('dkim.algorithm') as 'rsa' | 'ed25519',
    ...(key ? { key } : {}),
  };
  const imap = server(said, 'imap');
  const pop3 = pop3Server(said);
  const smtp = server(said, 'smtp');
  const provider = oauth(said);
  return {
    from_name: said('from_name'),
    lmtp_addresses: lines(said('lmtp_addresses')),
    quote_replies: form.get('quote_replies') !== null,
    ...(dkim ? { dkim } : {}),
    ...(imap ? { imap } : {}),
    ...(pop3 ? { pop3 } : {}),
    ...(smtp ? { smtp } : {}),
    ...(provider ? { oauth: provider } : {}),
    ...(said('authserv_id') ? { authserv_id: said('authserv_id').toLowerCase() } : {}),
    ...(said('arc_sealers') ? { arc_sealers: lines(said('arc_sealers').toLowerCase()) } : {}),
    acknowledgement: JSON.parse(said('acknowledgement')) as NonNullable<ChannelConfig['acknowledgement']>,
  };
}
