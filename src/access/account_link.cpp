#include "access/account_link.h"

#include "access/record.h"
#include "access/user_row.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::access {
namespace {

constexpr std::int64_t kept_ms = 30 * 86'400'000LL;

std::optional<LinkPurpose> parse_purpose(std::string_view text) {
  for (const auto purpose : {LinkPurpose::reset, LinkPurpose::invitation, LinkPurpose::exposed}) {
    if (text == to_string(purpose)) return purpose;
  }
  return std::nullopt;
}

std::int64_t lifetime_ms(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::reset: return reset_link_ms;
    case LinkPurpose::invitation: return invitation_link_ms;
    case LinkPurpose::exposed: return exposed_link_ms;
  }
  return reset_link_ms;
}

std::unexpected<Error> unknown() {
  return fail(ErrorKind::not_found, "link_unknown",
              "This link has been used or is too old. Ask for a new one, or ask an administrator.");
}

}  // namespace

std::string_view to_string(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::reset: return "reset";
    case LinkPurpose::invitation: return "invitation";
    case LinkPurpose::exposed: return "exposed";
  }
  return "reset";
}

std::string link_token(std::string_view key, AccountLinkId id) {
  const auto mac = hmac_sha256(key, id.bytes());
  return to_base64url(std::string(id.bytes()).append(as_bytes(mac)));
}

Result<AccountLink> make_account_link(store::Transaction& tx, std::string_view key, const User& user,
                                      LinkPurpose purpose) {
  AccountLink link{.id = AccountLinkId::make(tx.clock()),
                   .purpose = purpose,
                   .user = user,
                   .expires_at = tx.now() + lifetime_ms(purpose)};
  const auto hash = sha256(link_token(key, link.id));
  TRY_STATUS(run(
      tx,
      "insert into account_links (token_hash, id, purpose, workspace_id, user_id, created_at, expires_at) "
      "values ($1, $2, $3, $4, $5, $6, $7)",
      {store::Bytes{as_bytes(hash)}, link.id, to_string(purpose), user.workspace, user.id, tx.now(), link.expires_at}));
  return link;
}

Result<std::int64_t> links_since(store::Session& session, const User& user, LinkPurpose purpose, Time since) {
  return session.number(
      "select count(*) from account_links where workspace_id = $1 and user_id = $2 and purpose = $3 "
      "and created_at > $4",
      {user.workspace, user.id, to_string(purpose), since});
}

Result<AccountLink> load_account_link(store::Session& session, std::string_view token) {
  if (token.size() != link_token_characters) return unknown();
  const auto hash = sha256(token);
  TRY(auto link, session.find("select l.id, l.purpose, l.expires_at, l.workspace_id, l.user_id from account_links l "
                              "where l.token_hash = $1 and l.used_at is null and l.expires_at > $2",
                              {store::Bytes{as_bytes(hash)}, session.now()}, [](const store::Row& row) {
                                AccountLink found{.id = row.id<AccountLinkId>(0)};
                                found.purpose = parse_purpose(row.text(1)).value_or(LinkPurpose::reset);
                                found.expires_at = row.time(2);
                                found.user.workspace = row.id<WorkspaceId>(3);
                                found.user.id = row.id<UserId>(4);
                                return found;
                              }));
  if (!link) return unknown();
  TRY(auto user, find_user(session, link->user.workspace, link->user.id));
  if (!user || !user->is_active) return unknown();
  link->user = *std::move(user);
  return *std::move(link);
}

Status use_account_link(store::Transaction& tx, const AccountLink& link) {
  TRY(const auto rows, tx.execute("update account_links set used_at = $4 where workspace_id = $1 and user_id = $2 "
                                  "and id = $3 and used_at is null and expires_at > $4",
                                  {link.user.workspace, link.user.id, link.id, tx.now()}));
  if (rows == 0) return unknown();
  return {};
}

Status end_password_links(store::Transaction& tx, WorkspaceId workspace, UserId user) {
  return run(tx,
             "update account_links set used_at = $3 where workspace_id = $1 and user_id = $2 and used_at is null "
             "and purpose in ('reset', 'invitation')",
             {workspace, user, tx.now()});
}

Result<std::int64_t> delete_old_links(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from account_links where token_hash in (select token_hash from account_links where expires_at <= $1 "
      "limit $2)",
      {tx.now() - kept_ms, limit});
}

}  // namespace answerable::access
