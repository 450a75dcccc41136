#include "access/schema.h"

#include <array>

#include "access/schema_ways_in.h"

namespace answerable::access {
namespace {

// Times are milliseconds since 1970. The operator's users stand in the nil workspace. Mail addresses are unique in the
// whole installation, because signing in does not name a workspace. Tokens and keys are kept as SHA-256 only.
constexpr std::string_view access_0001 = R"sql(
create table workspaces (
  id bytea not null primary key,
  name text not null,
  commitment_key bytea not null,
  created_at bigint not null
);
create table users (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  email text not null,
  email_key text not null,
  role text not null,
  state text not null,
  language text not null,
  theme text not null,
  shortcuts bigint not null,
  password_hash text not null,
  must_change_password bigint not null,
  created_at bigint not null,
  last_seen_at bigint,
  primary key (workspace_id, id)
);
create unique index users_by_email on users (email_key);
create table sessions (
  token_hash bytea not null primary key,
  id bytea not null,
  workspace_id bytea not null,
  user_id bytea not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  ends_at bigint not null,
  user_agent text not null,
  address text not null
);
create index sessions_by_user on sessions (workspace_id, user_id);
create index sessions_by_end on sessions (ends_at);
create table known_devices (
  token_hash bytea not null,
  user_id bytea not null,
  last_used_at bigint not null,
  primary key (token_hash, user_id)
);
create index known_devices_by_user on known_devices (user_id);
create table api_keys (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  may_write bigint not null,
  role text not null,
  created_by bytea not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint,
  primary key (workspace_id, id)
);
create unique index api_keys_by_secret on api_keys (secret_hash);
)sql";

// Links for people who are not signed in, as SHA-256 of their token, and mails about accounts until they have left.
constexpr std::string_view access_links = R"sql(
create table account_links (
  token_hash bytea not null primary key,
  id bytea not null,
  purpose text not null,
  workspace_id bytea not null,
  user_id bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index account_links_by_user on account_links (workspace_id, user_id);
create index account_links_by_end on account_links (expires_at);
create table account_mails (
  id bytea not null primary key,
  workspace_id bytea not null,
  kind text not null,
  address text not null,
  language text not null,
  name text not null,
  by_name text not null,
  about_name text not null,
  link_id bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  next_attempt_at bigint not null,
  attempts bigint not null
);
create index account_mails_by_due on account_mails (next_attempt_at);
)sql";

// Secrets are encrypted (second_factor.cpp), recovery codes SHA-256. password_needs_second: too short to stand alone.
constexpr std::string_view access_second_factor = R"sql(
alter table users add column has_second_factor bigint not null default 0;
alter table users add column password_needs_second bigint not null default 0;
alter table sessions add column confirmed_at bigint not null default 0;
create table second_factors (
  workspace_id bytea not null,
  user_id bytea not null,
  sealed_secret bytea not null,
  created_at bigint not null,
  confirmed_at bigint,
  last_step bigint not null,
  primary key (workspace_id, user_id)
);
create table recovery_codes (
  workspace_id bytea not null,
  user_id bytea not null,
  code_hash bytea not null,
  primary key (workspace_id, user_id, code_hash)
);
create table second_factor_roles (
  workspace_id bytea not null,
  role text not null,
  primary key (workspace_id, role)
);
)sql";

// ended_credentials has one row: see ended.h. A nil by_user: the system.
constexpr std::string_view access_incidents = R"sql(
create table ended_credentials (
  only_row bigint not null primary key,
  number bigint not null
);
create table incidents (
  workspace_id bytea not null,
  id bytea not null,
  kind text not null,
  user_id bytea not null,
  opened_at bigint not null,
  closed_at bigint,
  primary key (workspace_id, id)
);
create index incidents_by_time on incidents (workspace_id, opened_at);
create table incident_entries (
  workspace_id bytea not null,
  incident_id bytea not null,
  seq bigint not null,
  at bigint not null,
  what text not null,
  text text not null,
  by_user bytea not null,
  primary key (workspace_id, incident_id, seq)
);
)sql";

// A role that was composed: names of permissions, one a line (composed_role.h); counts_as: the built-in role that has
// all of them.
constexpr std::string_view access_roles = R"sql(
create table roles (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  permissions text not null,
  sees_only_assigned bigint not null,
  hides_personal bigint not null,
  counts_as text not null,
  created_at bigint not null,
  primary key (workspace_id, id)
);
create unique index roles_by_name on roles (workspace_id, name);
alter table users add column role_id bytea;
create index users_by_role on users (workspace_id, role_id);
)sql";

// Readings (read_log.h), numbered from 1 within a workspace. Of heads: the last number, the last that the ledger has a
// digest of, and the first that is still there. sealed_at: when that was.
constexpr std::string_view access_read_log = R"sql(
create table read_log (
  workspace_id bytea not null,
  seq bigint not null,
  at bigint not null,
  kind text not null,
  actor_kind text not null,
  actor_id text not null,
  contact_id bytea not null,
  conversation_id bytea not null,
  object text not null,
  reason text not null,
  primary key (workspace_id, seq)
);
create index read_log_by_reader on read_log (workspace_id, actor_id, seq);
create index read_log_by_contact on read_log (workspace_id, contact_id, seq);
create table read_log_heads (
  workspace_id bytea not null primary key,
  last_seq bigint not null,
  sealed_seq bigint not null,
  sealed_at bigint not null,
  first_seq bigint not null
);
create table read_rules (
  workspace_id bytea not null primary key,
  of_others bigint not null,
  closed_days bigint not null,
  many_per_hour bigint not null,
  kept_days bigint not null
);
)sql";

// Incidents that concern personal data (breach.h). Alarms keep when they are due, and when they were told; numbers in
// percent of the time until the deadline.
constexpr std::string_view access_breaches = R"sql(
alter table incidents add column title text not null default '';
alter table incidents add column aware_at bigint;
alter table incidents add column deadline_at bigint;
alter table incidents add column subjects_decision text not null default '';
alter table incidents add column subjects_reason text not null default '';
create table incident_rules (
  workspace_id bytea not null primary key,
  deadline_hours bigint not null,
  alarm_percents text not null,
  threshold bigint not null,
  addressee text not null
);
create table incident_alarms (
  workspace_id bytea not null,
  incident_id bytea not null,
  percent bigint not null,
  due_at bigint not null,
  told_at bigint,
  primary key (workspace_id, incident_id, percent)
);
create index incident_alarms_by_due on incident_alarms (due_at) where told_at is null;
create table incident_notifications (
  workspace_id bytea not null,
  incident_id bytea not null,
  phase bigint not null,
  nature text not null,
  subjects text not null,
  records text not null,
  contact_point text not null,
  consequences text not null,
  measures text not null,
  delay_reason text not null,
  written_at bigint not null,
  written_by bytea not null,
  sent_at bigint,
  primary key (workspace_id, incident_id, phase)
);
)sql";

// What keys there were before belongs to one application of its workspace, which has the id of the workspace; it gets
// an expiry when the server first runs (application.h).
constexpr std::string_view access_applications = R"sql(
create table applications (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  purpose text not null,
  contact text not null,
  owner_id bytea not null,
  may_write bigint not null,
  state text not null,
  is_legacy bigint not null,
  created_at bigint not null,
  expires_at bigint,
  decided_at bigint,
  primary key (workspace_id, id)
);
create index applications_by_id on applications (id);
create index applications_waiting on applications (created_at) where state = 'asked';
alter table api_keys add column application_id bytea;
insert into applications (workspace_id, id, name, purpose, contact, owner_id, may_write, state, is_legacy, created_at,
  decided_at)
  select workspace_id, workspace_id, 'Legacy', '', '', workspace_id, 1, 'approved', 1, min(created_at), min(created_at)
  from api_keys group by workspace_id;
update api_keys set application_id = workspace_id;
)sql";

// A composed role in place of the built-in one.
constexpr std::string_view access_key_roles = R"sql(
alter table api_keys add column role_id bytea;
)sql";

// See revision.h.
constexpr std::string_view access_revisions = R"sql(
create table revisions (
  workspace_id bytea not null,
  part text not null,
  revision_id bytea not null,
  primary key (workspace_id, part)
);
)sql";

// overwritten.h. `before` and `after` are what people wrote.
constexpr std::string_view access_overwritten = R"sql(
create table overwritten_fields (
  workspace_id bytea not null,
  seq bigint not null,
  field text not null,
  before text not null,
  after text not null,
  kept_at bigint not null,
  primary key (workspace_id, seq, field)
);
create index overwritten_fields_by_age on overwritten_fields (kept_at);
)sql";

constexpr std::array migrations{store::Migration{.name = "access/0001", .sql = access_0001},
                                store::Migration{.name = "access/links", .sql = access_links},
                                store::Migration{.name = "access/second_factor", .sql = access_second_factor},
                                store::Migration{.name = "access/incidents", .sql = access_incidents},
                                store::Migration{.name = "access/devices", .sql = access_devices},
                                store::Migration{.name = "access/roles", .sql = access_roles},
                                store::Migration{.name = "access/read_log", .sql = access_read_log},
                                store::Migration{.name = "access/passkeys", .sql = access_passkeys},
                                store::Migration{.name = "access/single_sign_on", .sql = access_single_sign_on},
                                store::Migration{.name = "access/scim", .sql = access_scim},
                                store::Migration{.name = "access/breaches", .sql = access_breaches},
                                store::Migration{.name = "access/applications", .sql = access_applications},
                                store::Migration{.name = "access/provider_sessions", .sql = access_provider_sessions},
                                store::Migration{.name = "access/key_roles", .sql = access_key_roles},
                                store::Migration{.name = "access/revisions", .sql = access_revisions},
                                store::Migration{.name = "access/overwritten", .sql = access_overwritten},
                                store::Migration{.name = "access/scim_makers", .sql = access_scim_makers}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

}  // namespace answerable::access
