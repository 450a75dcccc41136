// The tables of the ways to come in beside a password: devices that are known, passkeys, a company's provider, SCIM.
// Part of schema.cpp.
#pragma once

#include <string_view>

namespace answerable::access {

// What a device is and since when; a session knows the device that it was opened on.
inline constexpr std::string_view access_devices = R"sql(
alter table known_devices add column created_at bigint not null default 0;
alter table known_devices add column user_agent text not null default '';
alter table known_devices add column address text not null default '';
alter table sessions add column device_hash bytea;
)sql";

// credential_id: as the authenticator has made it. public_key: as libfido2 has it. Challenges: see challenge.h.
inline constexpr std::string_view access_passkeys = R"sql(
create table passkeys (
  credential_id bytea not null primary key,
  workspace_id bytea not null,
  user_id bytea not null,
  id bytea not null,
  name text not null,
  algorithm bigint not null,
  public_key bytea not null,
  counter bigint not null,
  created_at bigint not null,
  last_used_at bigint
);
create index passkeys_by_user on passkeys (workspace_id, user_id);
create table spent_challenges (
  hash bytea not null primary key,
  ends_at bigint not null
);
create index spent_challenges_by_end on spent_challenges (ends_at);
)sql";

// single_sign_on.h. A nil break_glass_id: nobody. sealed_secret is empty where the client has none.
inline constexpr std::string_view access_single_sign_on = R"sql(
create table single_sign_on (
  workspace_id bytea not null primary key,
  issuer text not null,
  client_id text not null,
  sealed_secret bytea not null,
  is_on bigint not null,
  is_enforced bigint not null,
  break_glass_id bytea not null,
  changed_at bigint not null
);
create table single_sign_on_domains (
  workspace_id bytea not null,
  domain text not null,
  primary key (workspace_id, domain)
);
create index single_sign_on_domains_by_name on single_sign_on_domains (domain);
create table single_sign_on_links (
  workspace_id bytea not null,
  issuer text not null,
  subject text not null,
  user_id bytea not null,
  linked_at bigint not null,
  primary key (workspace_id, issuer, subject)
);
create unique index single_sign_on_links_by_user on single_sign_on_links (workspace_id, user_id, issuer);
)sql";

// What a company's directory knows of people (provision.h), and its token. An empty external_id: none.
inline constexpr std::string_view access_scim = R"sql(
create table scim_tokens (
  workspace_id bytea not null primary key,
  id bytea not null,
  token_hash bytea not null,
  created_at bigint not null,
  last_used_at bigint
);
create unique index scim_tokens_by_hash on scim_tokens (token_hash);
create table provisioned_users (
  workspace_id bytea not null,
  user_id bytea not null,
  external_id text not null,
  given_name text not null,
  family_name text not null,
  is_hidden bigint not null,
  primary key (workspace_id, user_id)
);
create index provisioned_users_by_external_id on provisioned_users (workspace_id, external_id);
)sql";

// Whose a directory's token is: it does no more than that person may. Those that have ended stay known for the acts
// that were done with them.
inline constexpr std::string_view access_scim_makers = R"sql(
alter table scim_tokens add column maker_id bytea;
create table scim_tokens_ended (
  workspace_id bytea not null,
  id bytea not null,
  maker_id bytea not null,
  primary key (workspace_id, id)
);
)sql";

// How sure a provider must have been (single_sign_on.h), and the session there by which one of ours began. Empty: none.
inline constexpr std::string_view access_provider_sessions = R"sql(
alter table single_sign_on add column assurance text not null default '';
alter table sessions add column sign_on_issuer text not null default '';
alter table sessions add column sign_on_subject text not null default '';
alter table sessions add column sign_on_session text not null default '';
)sql";

}  // namespace answerable::access
