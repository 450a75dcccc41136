// Invented customers of an invented shop. Seeded: every start shows the same conversations.
let seed = 20_261_124;
export function random() {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
  return seed / 4_294_967_296;
}
const pick = (list) => list[Math.floor(random() * list.length)];
let last_id = 0;
export function newId() {
  const tail = (++last_id).toString(16).padStart(12, '0');
  return `018f2c4e-0000-7${tail.slice(-3)}-8000-${tail}`;
}

const first_names = [
  'Sami',
  'Elif',
  'Imani',
  'Léa',
  'Oskar',
  'Mei',
  'Aïcha',
  'Tomás',
  'Yuki',
  'Nadia',
  'Jonas',
  'Chloé',
  'Ravi',
  'Freya',
  'Luca',
  'Zofia',
  'Omar',
  'Hana',
  'Pieter',
  'Noor',
  'محمد',
  'דנה',
];
const last_names = [
  'Ivanov',
  'Larsen',
  'Okoro',
  'Moreau',
  'Berg',
  'Chen',
  'Diallo',
  'Silva',
  'Tanaka',
  'Haddad',
  'Weber',
  'Roux',
  'Patel',
  'Lind',
  'Rossi',
  'Kowalska',
  'Farouk',
  'Kim',
  'Visser',
  'Rahman',
  'العلي',
  'כהן',
];
const topics = [
  [
    'Refund for order #{n}',
    'The order arrived but one item is missing: the blue teapot. Could you refund it, or send it again?',
  ],
  [
    'Wrong size, order #{n}',
    'I ordered a 42 and received a 40. I would like to exchange it before the weekend if that is possible.',
  ],
  ['Invoice for last month', 'Our bookkeeping needs the invoice with the VAT number on it. Where can I download it?'],
  [
    'Delivery to Lyon',
    'Bonjour, le suivi n’a pas bougé depuis trois jours. Pouvez-vous vérifier où se trouve le colis ?',
  ],
  ['Cannot sign in', 'The page says that my link has expired, and a new one does not arrive. I tried two browsers.'],
  ['Question about the lamp', 'Is the lamp dimmable, and does it take an E27 bulb? The page does not say.'],
  ['Damaged on arrival', 'The box was open on one side and the glass is cracked. Photos are attached.'],
  ['Change of address', 'I have moved. Please send order #{n} to the new address: Rue Pasteur 12, 69007 Lyon.'],
  ['Thank you', 'Just to say that everything arrived in time and my daughter loves it.'],
  ['متى يصل طلبي؟', 'مرحبا، طلبت قبل أسبوع ولم يصل شيء بعد. هل يمكنكم التحقق من رقم التتبع؟'],
];
const answers = [
  'Thank you for writing. I have checked it with the warehouse: the item leaves today, and ' +
    'you will get the tracking number tonight.',
  'Sorry about that. I have refunded the amount to your card; it takes two to four working days to appear.',
  'You will find it under Account, Invoices. I attach it here as well, so that you have it at once.',
];
const notes = [
  'Check the stock before promising anything, please.',
  'Same customer as last week. Be generous.',
  'Carrier confirmed: lost in the depot at Lille.',
];
const tags = ['refund', 'vip', 'shipping', 'invoice', 'bug', 'lyon'];

export const workspace = { id: newId(), name: 'Teapot & Sons' };
const person = (name, email, role) => ({
  id: newId(),
  name,
  email,
  role,
  state: 'active',
  language: 'en',
  role_id: null,
  must_change_password: false,
  invited: false,
  second_factor: false,
  created_at: '2026-01-05T08:00:00.000Z',
  last_seen_at: new Date(Date.now() - 240_000).toISOString(),
});
export const users = [
  person('Nora Lindqvist', 'nora@example.org', 'administrator'),
  person('Théo Marchand', 'theo@example.org', 'agent'),
  person('Imani Okoro', 'imani@example.org', 'supervisor'),
  person('Sven Dahl', 'sven@example.org', 'agent'),
];
users.push({ ...person('Petra Vogel', 'petra@example.org', 'agent'), state: 'disabled', last_seen_at: null });

const stats = (received, quarantined, failed) => ({
  received,
  quarantined,
  last_received_at: new Date(Date.now() - 90_000).toISOString(),
  pending_deliveries: 2,
  failed_deliveries: failed,
  lag_ms: 180,
});
const server = (host, port, security) => ({ host, port, security, user: 'support' });
export const channels = [
  {
    id: newId(),
    kind: 'email',
    name: 'Support mail',
    address: 'support@example.org',
    state: 'active',
    state_detail: null,
    config: {
      from_name: 'Teapot & Sons',
      imap: { ...server('mail.example.org', 993, 'tls'), folder: 'INBOX' },
      smtp: server('mail.example.org', 587, 'starttls'),
      lmtp_addresses: ['support@example.org'],
    },
    stats: stats(48_211, 2, 1),
  },
  {
    id: newId(),
    kind: 'webchat',
    name: 'Shop chat',
    address: 'shop.example.org',
    state: 'active',
    state_detail: null,
    config: {
      allowed_origins: ['https://shop.example.org'],
      greeting: 'Good day! How can we help?',
      color: '#7a2a5e',
      require_identity: false,
      language: 'en',
    },
    snippet: '<script src="https://help.example.org/widget.js" data-channel="018f2c4e-0002" async></script>',
    stats: stats(9_120, 0, 0),
  },
  {
    id: newId(),
    kind: 'email',
    name: 'Billing mail',
    address: 'billing@example.org',
    state: 'failing',
    state_detail:
      'The mail server refused the password. Nothing was lost; fetching stopped at 09:40. Update the password.',
    config: {
      from_name: 'Teapot Billing',
      imap: server('mail.example.org', 993, 'tls'),
      smtp: server('mail.example.org', 587, 'starttls'),
      lmtp_addresses: [],
    },
    stats: stats(3_004, 0, 0),
  },
];

export const conversations = new Map();
export const contacts = new Map();
export const messages = new Map();
let number = 13_000;

/** Puts a message into the conversation; what it changes of the conversation is the caller's. */
export function message(conversation, direction, author, text, at, more = {}) {
  const made = {
    id: newId(),
    conversation_id: conversation.id,
    direction,
    kind: direction === 'note' ? 'note' : 'reply',
    author,
    text,
    reply_text: text,
    html: null,
    subject: null,
    sent_at: at,
    created_at: at,
    state: direction === 'inbound' ? 'received' : direction === 'note' ? 'note' : 'sent',
    state_detail: null,
    failed_recipients: [],
    undo_until: null,
    seen_at: null,
    attachments: [],
    external_id: null,
    from_address: null,
    to: [],
    cc: [],
    bcc: [],
    third_party: false,
    forwarded_message_id: null,
    shown_lines: null,
    auto_submitted: false,
    withheld: null,
    findings: [],
    is_cut: false,
    ...more,
  };
  messages.get(conversation.id).push(made);
  return made;
}

function makeContact(index) {
  const last_name = last_names[(index * 7 + Math.floor(index / 22)) % last_names.length];
  const name = `${first_names[index % first_names.length]} ${last_name}`;
  const made = {
    id: newId(),
    name,
    identities: [{ kind: 'email', address: `customer${index}@example.org`, verified: index % 3 === 0 }],
    created_at: new Date(Date.now() - random() * 3e10).toISOString(),
    note: index % 9 === 0 ? 'Prefers to be written to in French.' : null,
    shows_quotes: false,
  };
  contacts.set(made.id, made);
  return made;
}

export const as_contact = (contact) => ({ kind: 'contact', id: contact.id, name: contact.name });
export const as_user = (user) => ({ kind: 'user', id: user.id, name: user.name });

function makeConversation(index, contact, at) {
  const [subject, body] = topics[index % topics.length];
  const channel = channels[index % 4 === 1 ? 1 : index % 11 === 0 ? 2 : 0];
  const assignee = index % 3 === 0 ? users[0] : index % 3 === 1 ? null : users[1 + (index % 3)];
  const status = index % 13 === 5 ? 'snoozed' : index % 5 === 4 ? 'closed' : 'open';
  const made = {
    id: newId(),
    number: ++number,
    subject: subject.replace('{n}', String(number)),
    status,
    channel: { id: channel.id, kind: channel.kind, name: channel.name },
    snoozed_until: status === 'snoozed' ? new Date(Date.now() + 86_400_000).toISOString() : null,
    contact: { id: contact.id, name: contact.name, address: contact.identities[0].address },
    assignee: assignee && { id: assignee.id, name: assignee.name },
    unread: index % 4 === 0,
    tags: index % 3 === 0 ? [pick(tags)] : [],
    version: 1,
    undelivered: null,
    suggested_join: null,
    created_at: new Date(at - 9e7).toISOString(),
  };
  conversations.set(made.id, made);
  messages.set(made.id, []);
  const first = new Date(at - 8.9e7).toISOString();
  message(made, 'inbound', as_contact(contact), body.replace('{n}', String(number)), first);
  if (index % 2 === 0)
    message(made, 'outbound', as_user(users[index % 3]), pick(answers), new Date(at - 5e6).toISOString(), {
      state: 'delivered',
    });
  if (index % 4 === 0) message(made, 'note', as_user(users[2]), pick(notes), new Date(at - 4e6).toISOString());
  if (index % 5 !== 4) {
    const said = pick(answers).replace(/\. /g, '.\n> ');
    const quoted = `\n\nOn Tuesday, Teapot & Sons wrote:\n> ${said}\n> \n> Kind regards`;
    const fresh =
      index % 2
        ? 'Thank you, that is very kind.\n\nOne more thing: could you confirm the delivery date? I ' +
          'am away from Thursday on.'
        : 'Any news on this? See https://shop.example.org/orders for the details.';
    message(made, 'inbound', as_contact(contact), fresh + quoted, new Date(at).toISOString(), { reply_text: fresh });
  }
  return made;
}

function special(conversation) {
  const list = messages.get(conversation.id);
  const contact = contacts.get(conversation.contact.id);
  const day = 86_400_000;
  for (let index = 0; index < 120; index++) {
    const at = new Date(Date.now() - 6 * day + index * 900_000).toISOString();
    const side = index % 3;
    list.splice(
      index,
      0,
      message(
        conversation,
        side ? 'inbound' : 'outbound',
        side ? as_contact(contact) : as_user(users[0]),
        side ? topics[index % 9][1] : pick(answers),
        at,
        side ? {} : { state: 'sent' },
      ),
    );
    list.pop();
  }
  const html =
    '<h2 style="color:#1f6b3a;margin:0">Your parcel has left</h2><p ' +
    'style="background:#f2e3c8;padding:8px">Expected on <b>Thursday</b>.</p><table ' +
    'style="width:100%"><tr><td>Teapot, blue</td><td style="text-align:right">€ ' +
    '32.00</td></tr></table><p><a href="https://example.org/track">Track it</a></p><img ' +
    'data-remote-src="https://example.org/open.png" alt="Logo" width="120" height="40">';
  message(
    conversation,
    'inbound',
    as_contact(contact),
    'Your parcel has left\n\nExpected on Thursday.\nTeapot, blue  € 32.00',
    new Date(Date.now() - 3_600_000).toISOString(),
    {
      html,
      attachments: [
        {
          id: newId(),
          filename: 'photo of the box.png',
          content_type: 'image/png',
          size: 48_211,
          inline: false,
          content_id: null,
          url: '/api/v1/attachments/picture',
        },
        {
          id: newId(),
          filename: 'invoice-13862.pdf',
          content_type: 'application/pdf',
          size: 182_400,
          inline: false,
          content_id: null,
          url: '/api/v1/attachments/file',
        },
      ],
    },
  );
  message(
    conversation,
    'outbound',
    as_user(users[0]),
    'I have asked the carrier and will write as soon as they answer.',
    new Date(Date.now() - 3_000_000).toISOString(),
    { state: 'unknown' },
  );
  message(
    conversation,
    'outbound',
    as_user(users[0]),
    'They found it. A new one leaves today.',
    new Date(Date.now() - 2_400_000).toISOString(),
    { state: 'failed', state_detail: '550 mailbox is full' },
  );
  message(
    conversation,
    'note',
    as_user(users[2]),
    'Check the stock before promising anything, please.',
    new Date(Date.now() - 1_800_000).toISOString(),
  );
  message(
    conversation,
    'inbound',
    as_contact(contact),
    'The order arrived but one item is still missing.\nCould you look into it again?\n\nOn ' +
      'Tuesday, Nora wrote:\n> They found it.\n> A new one leaves today.',
    new Date(Date.now() - 120_000).toISOString(),
    { reply_text: 'The order arrived but one item is still missing.\nCould you look into it again?' },
  );
}

export function fill(count) {
  const people = [];
  for (let index = 0; index < Math.max(1, Math.ceil(count / 4)); index++) people.push(makeContact(index));
  let at = Date.now() - 150_000;
  for (let index = 0; index < count; index++) {
    const made = makeConversation(index, people[(index * 17) % people.length], at);
    if (index === 0) {
      Object.assign(made, { assignee: { id: users[0].id, name: users[0].name }, unread: true });
      special(made);
    }
    at -= 60_000 + random() * 1_500_000;
  }
}
