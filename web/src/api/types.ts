// The names that the screens use for the API's shapes. The shapes themselves are the server's own description of its
// API (schema.d.ts is made from it): snake_case, ids are UUID text, times RFC 3339 UTC.
import type * as S from './schema';

export type Id = string;
export type {
  AccountLink, AddedPasskey, Agreement, ApiKey, Appeal, Application, Attachment, Channel, ClausePage, Complaint,
  Completeness, Contact, ContentRule, ContentRuleInput, ContentTrial, Conversation, ConversationItem, Counts,
  CreatedWorkspace, Delivery, DeviceEntry, DevicePage, DkimCheck, Draft, Finding, Incident, IncidentActs,
  IncidentItem, LedgerCheckpoint, LedgerEntry, LedgerVerdict, MailProviders, MalwareScanner, Measure, Message, Named,
  Origin, OverseenWorkspace, OwnAgreement, Passkey, PasskeyChallenge, PasskeyConfirmation, PasskeyOptions,
  PasskeyPage, PaymentOrder, PolicyClause, PolicyStanding, PolicyVersion, PolicyVersions, Problem, Quarantined,
  RecoveryCodes, Removal, Review, RuleHit, ScimToken, SearchHit, SearchPage, SecondFactorRoles, SecondFactorState,
  Session, SessionEntry, SessionPage, Setup, SignOnWay, SingleSignOn, Suggestion, Suspension, TwoPersonRequest,
  Upload, User, Viewer, WaitingAppeal, WaitingApplication, Workspace,
} from './schema'; // prettier-ignore
export type { AffectedPage, IncidentRules } from './schema';
export type { DeliveryPage, Reach, Reading, ReadRules, ReadVerdict, RolePage } from './schema';
export type ComposedRole = S.Role;
export type LogEvent = S.Event;
export type EventPage = S.EventPage;

export type Role = S.User['role'];
export type Language = S.User['language'];
export type Theme = S.User['theme'];
export type ChannelKind = S.Channel['kind'];
export type MessageState = S.Message['state'];
export type DeliveryState = S.Delivery['state'];
export type View = keyof S.Counts;

/** What is written: the form read back, with the secrets that are never read back. */
export type ChannelConfig = S.ChannelConfigInput;
export type MailServer = NonNullable<ChannelConfig['imap']>;

export interface Page<T> {
  items: T[];
  total: number;
  total_is_exact: boolean;
  next_cursor: string | null;
  seq?: number;
}
