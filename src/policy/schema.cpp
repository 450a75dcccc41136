#include <array>

#include "policy/judge.h"

namespace answerable::policy {
namespace {

constexpr std::string_view policy_0001 = R"sql(
create table suspensions (
  workspace_id bytea not null,
  id bytea not null,
  scope text not null,
  cause text not null,
  reason text not null,
  began_at bigint not null,
  ends_at bigint,
  lifted_at bigint,
  primary key (workspace_id, id)
);
-- At most one that has not been lifted; one whose ends_at has passed is over without being lifted.
create unique index suspensions_not_lifted on suspensions (workspace_id, scope) where lifted_at is null;
)sql";

// The draft has neither date. The document is in the form of document.h.
constexpr std::string_view policy_versions = R"sql(
create table policy_versions (
  number bigint not null primary key,
  effective_at bigint,
  published_at bigint,
  summary text not null,
  document text not null
);
)sql";

// One a cause, so that a bill that is paid does not end the suspension for an attack.
constexpr std::string_view policy_causes = R"sql(
alter table suspensions add column imposed_by text not null default 'administrator';
alter table suspensions add column cured_at bigint;
drop index suspensions_not_lifted;
create unique index suspensions_not_lifted on suspensions (workspace_id, scope, cause) where lifted_at is null;
create table two_person_requests (
  id bytea not null primary key,
  workspace_id bytea not null,
  act text not null,
  suspension_id bytea not null,
  cause text not null,
  reason text not null,
  asked_by bytea not null,
  asked_at bigint not null,
  ended_at bigint,
  ended_by bytea
);
create index two_person_requests_waiting on two_person_requests (asked_at) where ended_at is null;
)sql";

constexpr std::string_view policy_agreements = R"sql(
create table agreements (
  workspace_id bytea not null primary key,
  signed_at bigint not null,
  signatory text not null,
  seats bigint,
  channels bigint,
  messages bigint,
  period_days bigint not null,
  features text not null,
  administrator_address text not null,
  security_address text not null,
  privacy_address text not null,
  accepted_version bigint,
  accepted_at bigint
);
create table agreement_terms (
  workspace_id bytea not null,
  clause text not null,
  name text not null,
  value text not null,
  primary key (workspace_id, clause, name)
);
create table message_usage (
  workspace_id bytea not null,
  period_began bigint not null,
  messages bigint not null,
  primary key (workspace_id, period_began)
);
)sql";

// A violation and the measure that it led to are one row: there is never one without the other. `cause` is that of the
// suspension, if it is one.
constexpr std::string_view policy_measures = R"sql(
create table policy_measures (
  workspace_id bytea not null,
  id bytea not null,
  violation_id bytea not null,
  clause text not null,
  control text not null,
  object_kind text not null,
  object_id text not null,
  facts text not null,
  version bigint not null,
  is_term bigint not null,
  ladder text not null,
  violations bigint not null,
  kind text not null,
  scope text not null,
  cause text not null,
  is_automated bigint not null,
  taken_by text not null,
  taken_at bigint not null,
  ended_at bigint,
  ended_as text not null,
  primary key (workspace_id, id)
);
create index policy_measures_by_clause on policy_measures (workspace_id, clause, taken_at);
create index policy_measures_by_time on policy_measures (taken_at);
create table policy_appeals (
  id bytea not null primary key,
  workspace_id bytea not null,
  measure_id bytea not null,
  body text not null,
  made_by text not null,
  made_at bigint not null,
  outcome text not null,
  answer text not null,
  decided_at bigint,
  decided_by text
);
create unique index policy_appeals_one_a_measure on policy_appeals (workspace_id, measure_id);
create index policy_appeals_waiting on policy_appeals (made_at) where decided_at is null;
create table policy_notices (
  id bytea not null primary key,
  workspace_id bytea not null,
  recipient text not null,
  subject text not null,
  body text not null,
  created_at bigint not null,
  next_at bigint,
  attempts bigint not null,
  problem text not null,
  sent_at bigint
);
create index policy_notices_due on policy_notices (next_at) where next_at is not null;
)sql";

constexpr std::string_view policy_orders = R"sql(
create table payment_orders (
  workspace_id bytea not null,
  id bytea not null,
  reference text not null,
  amount text not null,
  due_at bigint not null,
  recorded_at bigint not null,
  noticed_at bigint,
  suspended_at bigint,
  paid_at bigint,
  cancelled_at bigint,
  primary key (workspace_id, id)
);
create unique index payment_orders_by_reference on payment_orders (workspace_id, reference);
create index payment_orders_open on payment_orders (due_at) where paid_at is null and cancelled_at is null;
create table control_tests (
  control text not null primary key,
  tested_at bigint not null,
  is_ok bigint not null,
  detail text not null
);
)sql";

// workspace_id is nil for an attack that is nobody's in particular. One that is open a kind and subject.
constexpr std::string_view policy_findings = R"sql(
create table policy_findings (
  workspace_id bytea not null,
  id bytea not null,
  kind text not null,
  subject_kind text not null,
  subject text not null,
  facts text not null,
  clause text not null,
  times bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  is_violation bigint not null,
  closed_at bigint,
  closed_by bytea,
  outcome text not null,
  primary key (workspace_id, id)
);
create unique index policy_findings_open on policy_findings (workspace_id, kind, subject_kind, subject)
  where closed_at is null;
create index policy_findings_by_id on policy_findings (id);
create index policy_findings_by_time on policy_findings (last_at);
create index policy_findings_by_day on policy_findings (workspace_id, first_at);
)sql";

// Rules of the operator have a workspace of sixteen zero bytes. What a hit says of a rule stays when the rule goes.
constexpr std::string_view policy_content = R"sql(
create table content_rules (
  workspace_id bytea not null,
  id bytea not null,
  name text not null,
  clause text not null,
  kind text not null,
  way text not null,
  action text not null,
  channels text not null,
  sought text not null,
  is_active bigint not null,
  changed_at bigint not null,
  primary key (workspace_id, id)
);
create table content_rule_sets (
  workspace_id bytea not null primary key,
  revision_id bytea not null
);
create table content_hits (
  workspace_id bytea not null,
  id bytea not null,
  rule_id bytea not null,
  rule_name text not null,
  clause text not null,
  is_outbound bigint not null,
  action text not null,
  excerpt text not null,
  message_id bytea not null,
  measure_id bytea not null,
  hit_at bigint not null,
  primary key (workspace_id, id)
);
create index content_hits_by_rule on content_hits (rule_id, hit_at);
create index content_hits_by_message on content_hits (workspace_id, message_id);
create table reply_fingerprints (
  workspace_id bytea not null,
  sent_at bigint not null,
  message_id bytea not null,
  conversation_id bytea not null,
  fingerprint bigint not null,
  primary key (workspace_id, sent_at, message_id)
);
create index policy_measures_standing on policy_measures (workspace_id)
  where ended_as = '' and kind in ('hold', 'block');
)sql";

// `peer` and `address_key` are what complaints are counted by.
constexpr std::string_view policy_complaints = R"sql(
create table complaints (
  id bytea not null primary key,
  number bigint not null,
  token_hash text not null,
  name text not null,
  address text not null,
  address_key text not null,
  object text not null,
  body text not null,
  language text not null,
  peer text not null,
  made_at bigint not null,
  decided_at bigint,
  decided_by text not null default '',
  outcome text not null,
  reasons text not null,
  workspace_id bytea not null
);
create unique index complaints_by_number on complaints (number);
create unique index complaints_by_token on complaints (token_hash);
create index complaints_by_time on complaints (made_at);
)sql";

// `due_ns`: see Gcra; Unix time in nanoseconds.
constexpr std::string_view policy_limits = R"sql(
create index policy_measures_limits on policy_measures (workspace_id) where kind = 'limit' and ended_as = '';
create table limited_rates (
  workspace_id bytea not null,
  scope text not null,
  due_ns bigint not null,
  primary key (workspace_id, scope)
);
)sql";

// storage_usage: bytes of the attachments, and of what arrived as it came.
constexpr std::string_view policy_quotas = R"sql(
alter table agreements add column storage_megabytes bigint;
alter table agreements add column attachment_megabytes bigint;
alter table agreements add column connections bigint;
create table storage_usage (
  workspace_id bytea not null primary key,
  bytes bigint not null
);
)sql";

// minute: since 1970. way: "in", "out". state: see spike.h.
constexpr std::string_view policy_traffic = R"sql(
create table traffic_minutes (
  workspace_id bytea not null,
  channel_id bytea not null,
  way text not null,
  minute bigint not null,
  messages bigint not null,
  primary key (workspace_id, channel_id, way, minute)
);
create index policy_measures_by_control on policy_measures (control) where ended_as = '';
create index traffic_minutes_by_minute on traffic_minutes (minute);
create table traffic_baselines (
  workspace_id bytea not null,
  channel_id bytea not null,
  way text not null,
  state text not null,
  primary key (workspace_id, channel_id, way)
);
)sql";

constexpr std::array migrations{store::Migration{.name = "policy/0001", .sql = policy_0001},
                                store::Migration{.name = "policy/versions", .sql = policy_versions},
                                store::Migration{.name = "policy/causes", .sql = policy_causes},
                                store::Migration{.name = "policy/agreements", .sql = policy_agreements},
                                store::Migration{.name = "policy/measures", .sql = policy_measures},
                                store::Migration{.name = "policy/orders", .sql = policy_orders},
                                store::Migration{.name = "policy/findings", .sql = policy_findings},
                                store::Migration{.name = "policy/content", .sql = policy_content},
                                store::Migration{.name = "policy/complaints", .sql = policy_complaints},
                                store::Migration{.name = "policy/limits", .sql = policy_limits},
                                store::Migration{.name = "policy/quotas", .sql = policy_quotas},
                                store::Migration{.name = "policy/traffic", .sql = policy_traffic}};

}  // namespace

std::span<const store::Migration> schema() { return migrations; }

}  // namespace answerable::policy
