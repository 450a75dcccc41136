#include "access/single_sign_on.h"

#include <algorithm>

#include "access/authorize.h"
#include "access/challenge.h"
#include "access/ended.h"
#include "access/record.h"
#include "access/seal.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

bool is_domain(std::string_view text) {
  const auto is_fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return text.size() >= 3 && text.size() <= sign_on_domain_bytes_max && std::ranges::all_of(text, is_fine) &&
         text.find('.') != std::string_view::npos && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos;
}

std::string domain_of(std::string_view email) {
  const auto key = email_key(email);
  const auto at = key.rfind('@');
  return at == std::string::npos ? std::string() : key.substr(at + 1);
}

bool is_assurance(std::string_view text) {
  return !text.empty() && text.size() <= assurance_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// As they are kept, and as the provider is asked for them (RFC 6749 section 3.3: a blank between).
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    words.emplace_back(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(text.size(), words.back().size() + 1));
  }
  return words;
}

std::string owner_of_secret(WorkspaceId workspace) { return "single sign-on" + std::string(workspace.bytes()); }

Status check(store::Session& session, const Actor& by, const SingleSignOnChange& change) {
  if (!is_issuer(change.issuer))
    return fail(ErrorKind::invalid, "issuer_invalid", "The issuer is an https address as its provider writes it.");
  if (change.client_id.empty() || one_line(change.client_id, client_id_bytes_max) != change.client_id)
    return fail(ErrorKind::invalid, "client_id_invalid", "The provider gives every application a client id.");
  if (change.domains.size() > sign_on_domains_max || !std::ranges::all_of(change.domains, is_domain))
    return fail(ErrorKind::invalid, "domain_invalid", "Domains are written in small letters, as acme.example.");
  if (change.assurance.size() > assurances_max || !std::ranges::all_of(change.assurance, is_assurance))
    return fail(ErrorKind::invalid, "acr_invalid", "Values of acr and amr are words without blanks, at most ten.");
  if (!change.is_enforced) return {};
  TRY(const auto user, find_user(session, by.workspace, change.break_glass));
  if (user && user->is_active && user->has_password && user->role == Role::administrator) return {};
  return fail(ErrorKind::conflict, "break_glass_needed",
              "Name an active administrator with a password, who comes in when the provider does not answer.");
}

Status store_domains(store::Transaction& tx, WorkspaceId workspace, const std::vector<std::string>& domains) {
  TRY_STATUS(run(tx, "delete from single_sign_on_domains where workspace_id = $1", {workspace}));
  for (const auto& domain : domains)
    TRY_STATUS(run(tx,
                   "insert into single_sign_on_domains (workspace_id, domain) values ($1, $2) "
                   "on conflict (workspace_id, domain) do nothing",
                   {workspace, domain}));
  return {};
}

// A secret is the old provider's alone.
Result<std::string> sealed_secret(store::Session& session, std::string_view key, const Actor& by,
                                  const SingleSignOnChange& change) {
  if (change.client_secret) {
    if (change.client_secret->empty()) return std::string();
    return seal(key, owner_of_secret(by.workspace), *change.client_secret);
  }
  TRY(auto kept,
      session.find("select sealed_secret from single_sign_on where workspace_id = $1 and issuer = $2",
                   {by.workspace, change.issuer}, [](const store::Row& row) { return std::string(row.bytes(0)); }));
  return std::move(kept).value_or(std::string());
}

Result<std::optional<User>> linked_person(store::Session& session, const SingleSignOn& settings,
                                          std::string_view subject) {
  TRY(const auto id, session.find("select user_id from single_sign_on_links where workspace_id = $1 and issuer = $2 "
                                  "and subject = $3",
                                  {settings.workspace, settings.issuer, subject},
                                  [](const store::Row& row) { return row.id<UserId>(0); }));
  if (!id) return std::optional<User>();
  return find_user(session, settings.workspace, *id);
}

std::unexpected<Error> unknown_person() {
  return fail(ErrorKind::unauthenticated, "sign_on_unknown_person",
              "Your company's sign-in knows you, but nobody here has your address. Ask an administrator.");
}

Result<User> link_person(store::Transaction& tx, const SingleSignOn& settings, const IdTokenClaims& claims) {
  const auto domain = domain_of(claims.email);
  const bool is_declared = std::ranges::find(settings.domains, domain) != settings.domains.end();
  if (!claims.is_email_verified || domain.empty() || !is_declared) return unknown_person();
  TRY(auto user, find_user_by_email(tx, claims.email));
  if (!user || user->workspace != settings.workspace || !user->is_active) return unknown_person();
  TRY(const auto rows,
      tx.execute("insert into single_sign_on_links (workspace_id, issuer, subject, user_id, linked_at) "
                 "values ($1, $2, $3, $4, $5) on conflict (workspace_id, user_id, issuer) do nothing",
                 {settings.workspace, settings.issuer, claims.subject, user->id, tx.now()}));
  if (rows == 0)  // an address that was given to somebody else at the company
    return fail(ErrorKind::unauthenticated, "sign_on_linked_otherwise",
                "Your address belongs to another account of your company's sign-in here. Ask an administrator.");
  TRY_STATUS(record(tx, {.workspace = settings.workspace,
                         .actor = {.kind = "user", .id = user->id.text()},
                         .action = "user.link_single_sign_on",
                         .object_kind = "user",
                         .object_id = user->id.text()}));
  return *std::move(user);
}

}  // namespace

bool is_issuer(std::string_view text) {
  if (text.size() > issuer_bytes_max || text.find_first_of(" ?#@\\\"<>") != std::string_view::npos) return false;
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
  if (!is_plain) return false;
  constexpr std::string_view secure = "https://";
  if (text.starts_with(secure)) return text.size() > secure.size() && text[secure.size()] != '/';
  for (const std::string_view local : {"http://localhost", "http://127.0.0.1"}) {
    if (text.starts_with(local) &&
        (text.size() == local.size() || text[local.size()] == ':' || text[local.size()] == '/'))
      return true;
  }
  return false;
}

Result<std::optional<SingleSignOn>> find_single_sign_on(store::Session& session, WorkspaceId workspace) {
  TRY(auto settings,
      session.find("select issuer, client_id, is_on, is_enforced, break_glass_id, length(sealed_secret), assurance "
                   "from single_sign_on where workspace_id = $1",
                   {workspace}, [&](const store::Row& row) {
                     return SingleSignOn{.workspace = workspace,
                                         .issuer = row.string(0),
                                         .client_id = row.string(1),
                                         .domains = {},
                                         .is_on = row.flag(2),
                                         .is_enforced = row.flag(3),
                                         .break_glass = row.id<UserId>(4),
                                         .has_secret = row.integer(5) > 0,
                                         .assurance = split(row.text(6))};
                   }));
  if (!settings) return settings;
  TRY(settings->domains,
      session.all("select domain from single_sign_on_domains where workspace_id = $1 order by domain", {workspace},
                  [](const store::Row& row) { return row.string(0); }));
  return settings;
}

Result<std::optional<SingleSignOn>> my_single_sign_on(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "single_sign_on", "read"));
  return find_single_sign_on(session, by.workspace);
}

Result<std::optional<SingleSignOn>> single_sign_on_of(store::Session& session, std::string_view email) {
  // Nobody proves that a domain is theirs: whoever is known here goes by the settings of the own workspace alone.
  TRY(const auto user, find_user_by_email(session, email));
  if (user) {
    TRY(auto settings, find_single_sign_on(session, user->workspace));
    const auto is_offered = settings && settings->is_on &&
                            std::ranges::find(settings->domains, domain_of(email)) != settings->domains.end();
    if (!is_offered) settings.reset();
    return settings;
  }
  TRY(const auto offering,
      session.all("select d.workspace_id from single_sign_on_domains d join single_sign_on s "
                  "on s.workspace_id = d.workspace_id where d.domain = $1 and s.is_on = 1 limit 2",
                  {domain_of(email)}, [](const store::Row& row) { return row.id<WorkspaceId>(0); }));
  if (offering.size() != 1) return std::optional<SingleSignOn>();
  return find_single_sign_on(session, offering.front());
}

Result<std::string> load_client_secret(store::Session& session, std::string_view key, WorkspaceId workspace) {
  TRY(const auto sealed, session.find("select sealed_secret from single_sign_on where workspace_id = $1", {workspace},
                                      [](const store::Row& row) { return std::string(row.bytes(0)); }));
  if (!sealed || sealed->empty()) return std::string();
  return unseal(key, owner_of_secret(workspace), *sealed);
}

Result<SingleSignOn> set_single_sign_on(store::Transaction& tx, std::string_view key, const Actor& by,
                                        const SingleSignOnChange& change) {
  TRY_STATUS(authorize(by, "single_sign_on", "update"));
  TRY_STATUS(check(tx, by, change));
  TRY(const auto sealed, sealed_secret(tx, key, by, change));
  TRY_STATUS(
      run(tx,
          "insert into single_sign_on (workspace_id, issuer, client_id, sealed_secret, is_on, is_enforced, "
          "break_glass_id, changed_at, assurance) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
          "on conflict (workspace_id) do update set "
          "issuer = excluded.issuer, client_id = excluded.client_id, sealed_secret = excluded.sealed_secret, "
          "is_on = excluded.is_on, is_enforced = excluded.is_enforced, break_glass_id = excluded.break_glass_id, "
          "changed_at = excluded.changed_at, assurance = excluded.assurance",
          {by.workspace, change.issuer, change.client_id, store::Bytes{sealed}, change.is_on, change.is_enforced,
           change.break_glass, tx.now(), joined(change.assurance)}));
  TRY_STATUS(store_domains(tx, by.workspace, change.domains));
  const std::string_view state = !change.is_on ? "off" : change.is_enforced ? "enforced" : "on";
  TRY_STATUS(record(tx, {.workspace = by.workspace,
                         .actor = by.for_ledger(),
                         .action = "workspace.single_sign_on",
                         .object_kind = "workspace",
                         .object_id = by.workspace.text(),
                         .details = {{"state", std::string(state)}, {"issuer", change.issuer}}}));
  TRY(auto settings, find_single_sign_on(tx, by.workspace));
  return *std::move(settings);
}

Result<User> person_of_token(store::Transaction& tx, const SingleSignOn& settings, const IdTokenClaims& claims) {
  TRY(auto user, linked_person(tx, settings, claims.subject));
  if (!user) return link_person(tx, settings, claims);
  if (!user->is_active) return unknown_person();
  return *std::move(user);
}

Result<std::vector<SingleSignOn>> single_sign_ons_with(store::Session& session, std::string_view issuer) {
  TRY(const auto workspaces, session.all("select workspace_id from single_sign_on where issuer = $1 and is_on = 1",
                                         {issuer}, [](const store::Row& row) { return row.id<WorkspaceId>(0); }));
  std::vector<SingleSignOn> found;
  for (const auto workspace : workspaces) {
    TRY(auto settings, find_single_sign_on(session, workspace));
    if (settings) found.push_back(*std::move(settings));
  }
  return found;
}

Result<std::int64_t> end_sign_on_sessions(store::Transaction& tx, const SingleSignOn& settings,
                                          const LogoutClaims& claims) {
  const auto& token = claims.token;
  TRY_STATUS(spend_challenge(tx, "logout\n" + settings.workspace.text() + "\n" + settings.issuer + "\n" + claims.id));
  TRY(const auto whose,
      tx.all("delete from sessions where workspace_id = $1 and sign_on_issuer = $2 and sign_on_subject <> '' and "
             "(($3 <> '' and sign_on_session = $3) or "
             "(sign_on_subject = $4 and ($3 = '' or sign_on_session = ''))) returning user_id",
             {settings.workspace, settings.issuer, token.session, token.subject},
             [](const store::Row& row) { return row.id<UserId>(0); }));
  if (whose.empty()) return 0;
  TRY_STATUS(note_ended(tx));
  for (const auto user : whose)
    TRY_STATUS(record(tx, {.workspace = settings.workspace,
                           .actor = system_actor(settings.workspace).for_ledger(),
                           .action = "session.end_by_provider",
                           .object_kind = "user",
                           .object_id = user.text()}));
  return static_cast<std::int64_t>(whose.size());
}

Result<bool> check_other_way_in(store::Session& session, const User& user) {
  TRY(const auto settings, find_single_sign_on(session, user.workspace));
  if (!settings || !settings->is_on || !settings->is_enforced) return false;
  if (settings->break_glass == user.id) return true;
  return fail(ErrorKind::unauthenticated, "single_sign_on_required",
              "Your workspace signs in by your company's own sign-in. Use single sign-on.");
}

Status check_not_break_glass(store::Session& session, const User& user) {
  TRY(const auto settings, find_single_sign_on(session, user.workspace));
  if (!settings || !settings->is_on || !settings->is_enforced || settings->break_glass != user.id) return {};
  return fail(ErrorKind::conflict, "break_glass",
              "This person comes in when the provider of single sign-on does not answer. Name another one first.");
}

Result<std::int64_t> reseal_client_secrets(store::Transaction& tx, std::string_view from, std::string_view to) {
  using Sealed = std::pair<WorkspaceId, std::string>;
  TRY(const auto all, tx.all("select workspace_id, sealed_secret from single_sign_on", {}, [](const store::Row& row) {
    return Sealed{row.id<WorkspaceId>(0), std::string(row.bytes(1))};
  }));
  std::int64_t unreadable = 0;
  for (const auto& [workspace, secret] : all) {
    if (secret.empty()) continue;
    const auto resealed = reseal(from, to, owner_of_secret(workspace), secret);
    if (!resealed) ++unreadable;
    if (resealed)
      TRY_STATUS(run(tx, "update single_sign_on set sealed_secret = $2 where workspace_id = $1",
                     {workspace, store::Bytes{*resealed}}));
  }
  return unreadable;
}

}  // namespace answerable::access
