// Made by scripts/schema.mjs from src/http/openapi.json. Do not edit: change the description.

/** RFC 9457 */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: {
    field: string;
    code: string;
    detail: string;
  }[];
};

export type Named = {
  id: string;
  name: string;
};

export type User = {
  id: string;
  name: string;
  email: string;
  role: "agent" | "supervisor" | "administrator" | "operator";
  role_id: string | null;
  state: "active" | "disabled";
  language: "en" | "fr";
  theme: "system" | "light" | "dark" | "contrast";
  shortcuts: boolean;
  must_change_password: boolean;
  invited: boolean;
  second_factor: boolean;
  created_at: string;
  last_seen_at: string | null;
};

export type AccountLink = {
  purpose: "reset" | "invitation" | "exposed";
  email: string;
  name: string;
  workspace: string | null;
  expires_at: string;
};

export type SecondFactorState = {
  on: boolean;
  passkeys: number;
  recovery_codes_left: number;
  required: boolean;
};

export type NewSecondFactor = {
  secret: string;
  uri: string;
};

/** Shown once. Each is good once, instead of a code. */
export type RecoveryCodes = {
  recovery_codes: string[];
};

export type SecondFactorRoles = {
  roles: ("agent" | "supervisor" | "administrator")[];
};

export type ReadRulesInput = {
  of_others?: boolean;
  closed_days?: number;
  many_per_hour?: number;
  kept_days?: number;
};

export type ReadRules = {
  of_others: boolean;
  closed_days: number;
  many_per_hour: number;
  kept_days: number;
};

export type ReadVerdict = {
  ok: boolean;
  rows: number;
  seals: number;
  unsealed: number;
  first_bad: number | null;
};

export type Reading = {
  seq: number;
  at: string;
  kind: "conversation" | "attachment" | "contact" | "raw_mail" | "search" | "read_log" | "evidence";
  reader: {
    kind: string;
    id: string;
    name: string;
  };
  contact_id: string | null;
  contact_name: string | null;
  conversation_id: string | null;
  object: string | null;
  reason: string | null;
};

export type ReadingPage = {
  items: Reading[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type IncidentInput = {
  title: string;
};

export type PersonalDataInput = {
  aware_at?: string;
};

export type NotificationInput = {
  nature?: string;
  subjects?: string;
  records?: string;
  contact_point?: string;
  consequences?: string;
  measures?: string;
  delay_reason?: string;
};

export type Notification = {
  phase: number;
  nature: string;
  subjects: string;
  records: string;
  contact_point: string;
  consequences: string;
  measures: string;
  delay_reason: string;
  written_at: string;
  written_by_name: string | null;
  sent_at: string | null;
  text: string;
};

export type SubjectsInput = {
  decision: "told" | "not_needed";
  reason: string;
};

export type AffectedPage = {
  from: string;
  until: string;
  items: {
    id: string;
    name: string;
    address: string;
  }[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type IncidentRulesInput = {
  deadline_hours?: number;
  alarm_percents?: string[];
  threshold?: number;
  addressee?: string;
};

export type IncidentRules = {
  deadline_hours: number;
  alarm_percents: number[];
  threshold: number;
  addressee: string;
};

export type RoleInput = {
  name: string;
  permissions: string[];
  only_assigned?: boolean;
  hides_personal?: boolean;
};

export type Role = {
  id: string;
  name: string;
  permissions: string[];
  only_assigned: boolean;
  hides_personal: boolean;
  people: number;
};

export type RolePage = {
  permissions: {
    name: string;
    resource: string;
    writes: boolean;
    least: "agent" | "supervisor" | "administrator";
  }[];
  items: Role[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Reach = {
  permissions: string[];
  only_assigned: boolean;
  hides_personal: boolean;
};

export type IncidentItem = {
  id: string;
  kind: "exposed_code" | "reported";
  user_id: string | null;
  user_name: string | null;
  title: string | null;
  aware_at: string | null;
  deadline_at: string | null;
  subjects_decision: string | null;
  subjects_reason: string | null;
  opened_at: string;
  closed_at: string | null;
};

export type IncidentPage = {
  items: IncidentItem[];
  total: number;
  total_is_exact: boolean;
  next_cursor: null;
};

export type Incident = {
  id: string;
  kind: "exposed_code" | "reported";
  user_id: string | null;
  user_name: string | null;
  title: string | null;
  aware_at: string | null;
  deadline_at: string | null;
  subjects_decision: string | null;
  subjects_reason: string | null;
  opened_at: string;
  closed_at: string | null;
  notifications: Notification[];
  timeline: {
    at: string;
    what: "opened" | "sessions_ended" | "keys_revoked" | "passkeys_removed" | "undone" | "told" | "note" | "closed" | "personal_data" | "told_privacy" | "alarm" | "notification" | "subjects_told" | "subjects_not_needed" | "evidence";
    text: string;
    by_name: string | null;
  }[];
};

export type IncidentActs = {
  items: {
    seq: number;
    at: string;
    action: string;
    credential_kind: string;
    credential: string | null;
    object_kind: string;
    undoable: boolean;
    object_id: string | null;
  }[];
  drafts: {
    conversation_id: string;
    kind: "reply" | "note";
    updated_at: string;
  }[];
  is_complete: boolean;
};

export type Session = {
  user: User;
  workspace: OwnWorkspace | null;
  permissions: string[];
  only_assigned: boolean;
  hides_personal: boolean;
  must_set_second_factor: boolean;
  browser_key: string;
  csrf: null;
};

export type OwnWorkspace = {
  id: string;
  name: string;
  suspension: Suspension | null;
  suspensions: Suspension[];
  mail_addresses: string[];
};

/** What is stopped at present, and why: arrivals are collected all the same. */
export type Suspension = {
  id: string;
  scope: "sending" | "new_conversations" | "api" | "sign_in" | "everything";
  cause: string;
  reason: string;
  since: string;
  until: string | null;
  imposed_by: "system" | "operator" | "administrator";
};

export type SessionEntry = {
  id: string;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  address: string;
  current: boolean;
};

export type DeviceEntry = {
  id: string;
  known_since: string;
  last_used_at: string;
  user_agent: string;
  address: string;
  current: boolean;
};

export type DevicePage = {
  items: DeviceEntry[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type PasskeyUse = {
  credential_id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
};

export type PasskeyChallenge = {
  challenge: string;
  rp_id: string;
  lifetime_ms: number;
};

export type PasskeyConfirmation = {
  challenge: string;
  rp_id: string;
  lifetime_ms: number;
  credential_ids: string[];
};

export type PasskeyOptions = {
  challenge: string;
  rp_id: string;
  lifetime_ms: number;
  user_handle: string;
  user_name: string;
  user_display_name: string;
  credential_ids: string[];
};

export type Passkey = {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
};

/** Recovery codes come with the first second factor of any kind, and are shown once. */
export type AddedPasskey = {
  passkey: Passkey;
  recovery_codes: string[];
};

export type PasskeyPage = {
  items: Passkey[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type SingleSignOn = {
  redirect_url: string;
  logout_url: string;
  acr_values: string[];
  issuer: string;
  client_id: string;
  has_secret: boolean;
  domains: string[];
  on: boolean;
  enforced: boolean;
  break_glass_user_id: string | null;
};

export type SingleSignOnInput = {
  issuer: string;
  client_id: string;
  client_secret?: string | null;
  domains?: string[] | null;
  acr_values?: string[] | null;
  on?: boolean | null;
  enforced?: boolean | null;
  break_glass_user_id?: string | null;
};

export type SignOnWay = {
  url: string;
};

/** By which a company's directory provisions people (SCIM 2.0). */
export type ScimToken = {
  base_url: string;
  exists: boolean;
  created_at: string | null;
  last_used_at: string | null;
  secret: string | null;
};

export type SessionPage = {
  items: SessionEntry[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type UserPage = {
  items: User[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

/** The password is shown once: a repetition with the same Idempotency-Key has null, and so has who was  */
export type CreatedUser = {
  user: User;
  temporary_password: string | null;
};

export type PolicyClause = {
  id: string;
  class: number;
  rules: {
    name: string;
    value: string;
  }[];
  texts: {
    language: string;
    title: string;
    body: string;
  }[];
};

export type PolicyHead = {
  number: number;
  effective_at: string | null;
  published_at: string | null;
  summary: string;
};

export type PolicyVersion = {
  number: number;
  effective_at: string | null;
  published_at: string | null;
  summary: string;
  clauses: PolicyClause[];
};

export type PolicyVersions = {
  items: PolicyHead[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
  in_force: number | null;
};

export type PolicyDraftInput = {
  summary?: string;
  clauses: PolicyClause[];
};

export type PolicyStanding = {
  suspensions: Suspension[];
  binding_version: number;
  version_in_force: number;
};

export type Agreement = {
  signed_at: string;
  signatory: string;
  seats: number | null;
  channels: number | null;
  messages: number | null;
  storage_megabytes: number | null;
  attachment_megabytes: number | null;
  connections: number | null;
  period_days: number;
  features: ("email" | "webchat" | "api" | "single_sign_on" | "scim" | "exports")[];
  administrator_address: string | null;
  security_address: string | null;
  privacy_address: string | null;
  terms: {
    clause: string;
    name: string;
    value: string;
  }[];
  accepted_version: number | null;
  accepted_at: string | null;
};

export type AgreementInput = {
  signed_at: string;
  signatory: string;
  seats?: number | null;
  channels?: number | null;
  messages?: number | null;
  storage_megabytes?: number | null;
  attachment_megabytes?: number | null;
  connections?: number | null;
  period_days?: number;
  features?: ("email" | "webchat" | "api" | "single_sign_on" | "scim" | "exports")[];
  administrator_address?: string | null;
  security_address?: string | null;
  privacy_address?: string | null;
  terms?: {
    clause: string;
    name: string;
    value: string;
  }[];
};

export type PaymentOrder = {
  id: string;
  reference: string;
  amount: string;
  due_at: string;
  state: "open" | "overdue" | "suspended" | "paid" | "cancelled";
  recorded_at: string;
};

export type OwnAgreement = {
  agreement: Agreement | null;
  messages_used: number;
  storage_bytes_used: number;
  connections_open: number;
  period_ends: string | null;
  orders: PaymentOrder[];
};

export type Appeal = {
  id: string;
  text: string;
  made_at: string;
  decided_at: string | null;
  outcome: string | null;
  answer: string | null;
};

export type Measure = {
  id: string;
  kind: "warn" | "hold" | "limit" | "block" | "suspend";
  scope: string | null;
  clause: string;
  version: number;
  rests_on: "clause" | "term";
  ladder: string;
  count: number;
  control: string;
  object_kind: string;
  object_id: string;
  facts: string;
  automated: boolean;
  cure: string;
  taken_at: string;
  ended_at: string | null;
  ended_as: string | null;
  appeal: Appeal | null;
};

export type MeasurePage = {
  items: Measure[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type OverseenWorkspace = {
  id: string;
  name: string;
  binding_version: number;
  agreement: Agreement | null;
  suspensions: Suspension[];
  measures: Measure[];
  orders: PaymentOrder[];
};

export type WaitingAppeal = {
  workspace: {
    id: string;
    name: string;
  };
  measure: Measure;
};

export type WaitingAppealPage = {
  items: WaitingAppeal[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Finding = {
  id: string;
  workspace: {
    id: string;
    name: string;
  } | null;
  kind: string;
  subject_kind: string;
  subject: string;
  facts: string;
  clause: string;
  times: number;
  first_at: string;
  last_at: string;
  is_violation: boolean;
  closed_at: string | null;
  outcome: string | null;
};

export type FindingPage = {
  items: Finding[];
  total: number;
  total_is_exact: boolean;
  open: number;
  next_cursor: string | null;
};

export type Application = {
  id: string;
  name: string;
  purpose: string;
  contact: string | null;
  owner: string | null;
  scopes: ("read" | "write")[];
  state: "asked" | "approved" | "refused" | "ended";
  created_at: string;
  expires_at: string | null;
};

export type ApplicationPage = {
  items: Application[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type WaitingApplication = {
  id: string;
  name: string;
  purpose: string;
  contact: string | null;
  owner: string | null;
  scopes: ("read" | "write")[];
  state: "asked" | "approved" | "refused" | "ended";
  created_at: string;
  expires_at: string | null;
  workspace: {
    id: string;
    name: string;
  };
};

export type WaitingApplicationPage = {
  items: WaitingApplication[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Export = {
  export: {
    by: string;
    by_id: string;
    workspace: string;
    at: string;
    what: string;
    marker: string;
  };
  total: number;
  complete: boolean;
  items: Record<string, string>[];
};

export type TwoPersonRequest = {
  id: string;
  workspace: {
    id: string;
    name: string;
  };
  act: "lift" | "kill";
  cause: string | null;
  reason: string;
  asked_by: string;
  asked_at: string;
};

export type TwoPersonRequestPage = {
  items: TwoPersonRequest[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type ClauseFigures = {
  clause: string;
  violations: number;
  warn: number;
  hold: number;
  limit: number;
  block: number;
  suspend: number;
  dismissed: number;
  last_at: string | null;
  last_control: string | null;
  last_facts: string | null;
};

export type Control = {
  name: string;
  clause: string;
  what: string;
  last_test: {
    at: string;
    ok: boolean;
    detail: string | null;
  } | null;
};

export type ClausePage = {
  figures: ClauseFigures[];
  controls: Control[];
};

export type Workspace = {
  id: string;
  name: string;
  created_at: string;
  people: number;
};

export type WorkspacePage = {
  items: Workspace[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

/** The administrator's password is shown once: a repetition with the same Idempotency-Key has null. */
export type CreatedWorkspace = {
  workspace: Workspace;
  administrator_email: string;
  temporary_password: string | null;
};

export type TemporaryPassword = {
  temporary_password: string;
};

export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: ("read" | "write")[];
  role: "agent" | "supervisor" | "administrator";
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  application: string;
  role_id: string | null;
};

export type ApiKeyPage = {
  items: ApiKey[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

/** The secret is shown once: a repetition with the same Idempotency-Key has null. */
export type CreatedApiKey = {
  api_key: ApiKey;
  secret: string | null;
};

export type ConversationItem = {
  id: string;
  number: number;
  subject: string;
  status: "open" | "snoozed" | "closed";
  snoozed_until: string | null;
  channel: {
    id: string;
    kind: "email" | "webchat";
    name: string;
  };
  contact: {
    id: string;
    name: string;
    address: string;
  };
  assignee: Named | null;
  preview: string;
  last_message_at: string;
  last_message_direction: "inbound" | "outbound" | "note";
  undelivered: "failed" | "unknown" | null;
  unread: boolean;
  message_count: number;
  tags: string[];
  version: number;
  suggested_join: string | null;
};

export type Suggestion = {
  message_id: string;
  target: ConversationItem;
  found_by: "reply_token" | "reference";
  weakness: "stranger" | "unproven" | "disowned" | "unreachable" | "no_longer_proven";
  created_at: string;
};

export type Origin = {
  authentication: "pass" | "none" | "fail" | "temperror" | null;
  evidence: string[];
  joined_by: "first" | "reply_token" | "channel_thread" | "reference" | "agent" | null;
  joined_detail: string | null;
  joined_from: {
    number: number;
    subject: string;
    at: string;
    agent: Named | null;
  } | null;
  same_id_as: string | null;
  conversation_of_same_id: string | null;
};

export type ConversationPage = {
  items: ConversationItem[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
  seq: number;
};

export type Counts = {
  mine: number;
  unassigned: number;
  all: number;
  snoozed: number;
  closed: number;
};

export type Attachment = {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id: string | null;
  url: string;
};

export type Author = {
  kind: "contact" | "user" | "api_key" | "system";
  id: string | null;
  name: string;
};

export type Message = {
  id: string;
  conversation_id: string;
  is_cut: boolean;
  direction: "inbound" | "outbound" | "note";
  kind: "reply" | "note" | "forward";
  author: Author;
  text: string;
  reply_text: string;
  html: string | null;
  subject: string | null;
  sent_at: string;
  created_at: string;
  state: "received" | "queued" | "sending" | "sent" | "delivered" | "failed" | "unknown" | "cancelled" | "held" | "note";
  state_detail: string | null;
  failed_recipients: FailedRecipient[];
  undo_until: string | null;
  seen_at: string | null;
  attachments: Attachment[];
  external_id: string | null;
  from_address: string | null;
  to: string[];
  cc: string[];
  bcc: string[];
  third_party: boolean;
  forwarded_message_id: string | null;
  shown_lines: number | null;
  auto_submitted: boolean;
  withheld: "review" | "rejected" | "removed" | null;
  findings: RuleHit[];
};

/** Mail addresses, without names. */
export type Addresses = string[];

export type FailedRecipient = {
  address: string;
  detail: string;
};

export type MessagePage = {
  items: Message[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Viewer = {
  user: Named;
  state: "viewing" | "typing";
};

export type Draft = {
  text: string;
  kind: "reply" | "note";
  updated_at: string;
  was_exposed: boolean;
};

export type Conversation = {
  id: string;
  number: number;
  subject: string;
  status: "open" | "snoozed" | "closed";
  snoozed_until: string | null;
  channel: {
    id: string;
    kind: "email" | "webchat";
    name: string;
  };
  contact: {
    id: string;
    name: string;
    address: string;
  };
  assignee: Named | null;
  preview: string;
  last_message_at: string;
  last_message_direction: "inbound" | "outbound" | "note";
  undelivered: "failed" | "unknown" | null;
  unread: boolean;
  message_count: number;
  tags: string[];
  version: number;
  suggested_join: string | null;
  messages: Message[];
  next_cursor: string | null;
  total_messages: number;
  viewers: Viewer[];
  draft: Draft | null;
  drafts_of_others: {
    user: Named;
    updated_at: string;
  }[];
  contact_shows_quotes: boolean;
  created_at: string;
  seq: number;
};

export type TagPage = {
  items: {
    tag: string;
    count: number;
  }[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Contact = {
  id: string;
  name: string;
  identities: {
    kind: string;
    address: string;
    verified: boolean;
  }[];
  conversations: ConversationItem[];
  conversation_count: number;
  created_at: string;
  note: string | null;
  shows_quotes: boolean;
};

export type ContactPage = {
  items: Contact[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type SearchHit = {
  conversation: ConversationItem;
  message: {
    id: string;
    direction: "inbound" | "outbound" | "note";
    author: Author;
    sent_at: string;
  };
  snippet: string;
};

export type SearchPage = {
  items: SearchHit[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
  complete: boolean;
  lag_messages: number;
};

/** Event of the workspace's log; conversation and message are as they are now, not as they were. */
export type Event = {
  seq: number;
  kind: string;
  at: string;
  conversation_id: string | null;
  message_id: string | null;
  actor: {
    kind: string;
    id: string | null;
  };
  conversation: ConversationItem | null;
  message: Message | null;
};

export type EventPage = {
  events: Event[];
  last_seq: number;
  behind: boolean;
};

export type Upload = {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  sha256: string;
};

/** What is said at once to whoever begins a conversation by mail. Off unless enabled; the first text is */
export type Acknowledgement = {
  enabled: boolean;
  texts: {
    language: string;
    subject: string;
    text: string;
  }[];
};

export type MailProviders = {
  redirect_url: string;
  items: {
    id: "google" | "microsoft";
    name: string;
    imap: {
      host: string;
      port: number;
      security: "tls" | "starttls";
    };
    pop3: {
      host: string;
      port: number;
      security: "tls" | "starttls";
    };
    smtp: {
      host: string;
      port: number;
      security: "tls" | "starttls";
    };
  }[];
};

/** The members depend on the kind: email has from_name, imap or pop3, smtp, acknowledgement, lmtp_addre */
export type ChannelConfig = {
  from_name?: string;
  authserv_id?: string;
  arc_sealers?: string[];
  imap?: {
    host: string;
    port: number;
    security: "tls" | "starttls" | "none";
    user: string;
    sign_in?: "password" | "oauth";
    folder: string;
    further_folders?: string[];
    after_storing?: "leave" | "seen" | "move";
    move_to?: string;
  };
  pop3?: {
    host: string;
    port: number;
    security: "tls" | "starttls" | "none";
    user: string;
    sign_in?: "password" | "oauth";
    after_storing: "leave" | "delete";
  };
  smtp?: {
    host: string;
    port: number;
    security: "tls" | "starttls" | "none";
    user: string;
    sign_in?: "password" | "oauth";
  };
  acknowledgement?: Acknowledgement;
  oauth?: {
    provider: "google" | "microsoft" | "other";
    tenant?: string;
    client_id: string;
    authorisation_url?: string;
    token_url?: string;
    scope?: string;
  };
  lmtp_addresses?: string[];
  allowed_origins?: string[];
  greeting?: string;
  color?: string;
  identity_secret?: string;
  require_identity?: boolean;
  language?: "en" | "fr" | "ar";
  quote_replies?: boolean;
  dkim?: {
    selector: string;
    algorithm: "rsa" | "ed25519";
    record: string;
  };
};

/** The members depend on the kind: email has from_name, imap or pop3, smtp, acknowledgement, lmtp_addre */
export type ChannelConfigInput = {
  from_name?: string;
  authserv_id?: string;
  arc_sealers?: string[];
  imap?: {
    host: string;
    port?: number;
    security?: "tls" | "starttls" | "none";
    user?: string;
    sign_in?: "password" | "oauth";
    password?: string;
    folder?: string;
    further_folders?: string[];
    after_storing?: "leave" | "seen" | "move";
    move_to?: string;
  };
  pop3?: {
    host: string;
    port?: number;
    security?: "tls" | "starttls" | "none";
    user?: string;
    sign_in?: "password" | "oauth";
    password?: string;
    after_storing?: "leave" | "delete";
  };
  smtp?: {
    host: string;
    port?: number;
    security?: "tls" | "starttls" | "none";
    user?: string;
    sign_in?: "password" | "oauth";
    password?: string;
  };
  acknowledgement?: Acknowledgement;
  oauth?: {
    provider: "google" | "microsoft" | "other";
    tenant?: string;
    client_id: string;
    client_secret?: string;
    refresh_token?: string;
    authorisation_url?: string;
    token_url?: string;
    scope?: string;
  };
  lmtp_addresses?: string[];
  allowed_origins?: string[];
  greeting?: string;
  color?: string;
  identity_secret?: string;
  require_identity?: boolean;
  language?: "en" | "fr" | "ar";
  quote_replies?: boolean;
  dkim?: {
    selector: string;
    algorithm?: "rsa" | "ed25519";
    record?: string;
    key?: string;
  };
};

/** state_detail, config and stats are for administrators. */
export type Channel = {
  id: string;
  kind: "email" | "webchat";
  name: string;
  address: string;
  state: "active" | "disabled" | "failing" | "needs_reauthorisation";
  state_detail?: string | null;
  config?: ChannelConfig;
  stats?: {
    received: number;
    quarantined: number;
    duplicates: number;
    waiting: number;
    last_received_at: string | null;
    pending_deliveries: number;
    failed_deliveries: number;
    lag_ms: number | null;
  };
  snippet?: string;
  quotes_replies?: boolean;
};

export type ChannelPage = {
  items: Channel[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

/** is_done: false when a source did not answer in time */
export type Completeness = {
  sources: {
    source: string;
    checked_at: string;
    at_source: number;
    stored: number;
    quarantined: number;
    skipped: number;
    waiting: number;
    missing: number;
    missing_uids: string | null;
    gone: number;
    is_complete: boolean;
  }[];
  days: {
    day: string;
    way: string;
    stored: number;
    repeated: number;
    told: number;
    refused: number;
    is_complete: boolean;
  }[];
  delays: {
    days: number;
    to_stored: {
      count: number;
      p50_ms: number;
      p95_ms: number;
      p99_ms: number;
    };
    to_visible: {
      count: number;
      p50_ms: number;
      p95_ms: number;
      p99_ms: number;
    };
  };
  is_done: boolean;
};

export type ReplayedAll = {
  replayed: number;
  next_cursor: string | null;
};

export type DkimCheck = {
  name: string;
  record: string;
  state: "right" | "absent" | "other" | "several" | "unreachable";
  found: string[];
};

export type ChannelTest = {
  ok: boolean;
  detail: string;
};

export type Delivery = {
  id: string;
  message_id: string;
  conversation_id: string;
  channel: Named;
  recipient: string;
  state: "queued" | "sending" | "sent" | "delivered" | "failed" | "unknown" | "dead" | "cancelled" | "held";
  attempts: number;
  next_attempt_at: string | null;
  last_error: string | null;
  external_id: string | null;
  created_at: string;
  attempt_log: {
    at: string;
    result: string;
    detail: string | null;
  }[];
};

export type DeliveryPage = {
  items: Delivery[];
  total: number;
  total_is_exact: boolean;
  counts: {
    queued: number;
    sending: number;
    held: number;
    failed: number;
    unknown: number;
    dead: number;
  };
  next_cursor: string | null;
};

export type MalwareScanner = {
  configured: boolean;
  answers: boolean;
  down_since: string | null;
};

export type ContentRuleInput = {
  name: string;
  clause?: string | null;
  kind: "words" | "pattern" | "links" | "impersonation" | "reply_elsewhere" | "card_numbers" | "secrets" | "identical";
  direction: "inbound" | "outbound" | "both";
  action: "note" | "warn" | "hold" | "refuse";
  active?: boolean;
  channels?: string[];
  values?: string[];
};

export type ContentRule = {
  id: string;
  name: string;
  clause: string | null;
  kind: "words" | "pattern" | "links" | "impersonation" | "reply_elsewhere" | "card_numbers" | "secrets" | "identical";
  direction: "inbound" | "outbound" | "both";
  action: "note" | "warn" | "hold" | "refuse";
  active: boolean;
  channels: string[];
  values: string[];
  hits: number;
  last_hit_at: string | null;
};

export type ContentRulePage = {
  items: ContentRule[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type ContentTrial = {
  matches: boolean;
  excerpt: string | null;
};

export type RuleHit = {
  rule: string;
  excerpt: string;
  action: "note" | "warn" | "hold" | "refuse";
};

export type Review = {
  message_id: string;
  conversation_id: string;
  direction: "inbound" | "outbound";
  author: string;
  subject: string | null;
  text: string;
  attachments: number;
  asked_at: string;
  findings: RuleHit[];
};

export type ReviewPage = {
  items: Review[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Complaint = {
  id: string;
  number: number;
  name: string | null;
  address: string;
  object: string;
  text: string;
  made_at: string;
  decided_at: string | null;
  outcome: "nothing" | "removed" | "measure" | null;
  reasons: string | null;
  workspace_id: string | null;
};

export type ComplaintPage = {
  items: Complaint[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Removal = {
  workspace_id: string;
  message_id: string;
  reason: string;
  removed_at: string;
};

export type RemovalPage = {
  items: Removal[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type Quarantined = {
  id: string;
  channel: Named;
  received_at: string;
  quarantined_at: string;
  size: number;
  reason: string;
  detail: string | null;
  from: string | null;
  subject: string | null;
};

export type QuarantinePage = {
  items: Quarantined[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type LedgerEntry = {
  seq: number;
  at: string;
  actor: {
    kind: string;
    id: string | null;
    credential: string | null;
    name: string;
  };
  action: string;
  object: {
    kind: string;
    id: string | null;
  };
  details: Record<string, string>;
  words: string | null;
  leaf_hash: string;
};

export type LedgerPage = {
  items: LedgerEntry[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
};

export type LedgerCheckpoint = {
  key: string;
  epoch: number;
  note: string | null;
  size: number;
  anchored_size: number;
  holders: {
    name: string;
    note: string | null;
    held_at: string | null;
    problem: string | null;
  }[];
};

export type LedgerVerdict = {
  ok: boolean;
  entries: number;
  signed_entries: number;
  checkpoints: number;
  root: string;
  first_bad: BadEntry | null;
};

export type BadEntry = {
  seq: number;
  reason: string;
};

/** The steps are for administrators who are signed in; others get none. */
export type Setup = {
  first_run: boolean;
  steps: {
    key: string;
    done: boolean;
  }[];
};

export type DraftSaved = {
  updated_at: string;
};
