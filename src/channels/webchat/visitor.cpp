#include "channels/webchat/visitor.h"

#include "base/digest.h"
#include "base/random.h"
#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

namespace {

constexpr std::size_t token_bytes_max = 100;

std::unexpected<Error> token_invalid() {
  return fail(ErrorKind::unauthenticated, "token_invalid", "The chat session has ended: open a new one.");
}

}  // namespace

Result<std::optional<VisitorSession>> VisitorSessions::find_token(store::Session& session,
                                                                  const intake::Channel& channel,
                                                                  std::string_view token) {
  if (token.empty() || token.size() > token_bytes_max) return std::optional<VisitorSession>();
  auto hash = sha256(token);
  return session.find(
      "select t.visitor_id, v.name, v.email, case when v.subject is null then 0 else 1 end from webchat_tokens t "
      "join webchat_visitors v on v.workspace_id = t.workspace_id and v.id = t.visitor_id "
      "where t.token_hash = $1 and t.workspace_id = $2 and t.channel_id = $3 and t.expires_at > $4",
      {store::Bytes{as_bytes(hash)}, channel.workspace, channel.id, session.now()}, [&](const store::Row& row) {
        VisitorSession found;
        found.workspace_ = channel.workspace;
        found.channel_ = channel.id;
        found.visitor_ = row.id<VisitorId>(0);
        found.name_ = row.string(1);
        found.email_ = row.string(2);
        found.is_verified_ = row.flag(3);
        return found;
      });
}

Result<VisitorSession> VisitorSessions::find(store::Session& session, const intake::Channel& channel,
                                             std::string_view token) {
  TRY(auto found, find_token(session, channel, token));
  if (!found) return token_invalid();
  return *std::move(found);
}

Result<VisitorSession> VisitorSessions::create(store::Transaction& tx, const intake::Channel& channel,
                                               const Identity* identity) {
  VisitorSession made;
  made.workspace_ = channel.workspace;
  made.channel_ = channel.id;
  made.visitor_ = VisitorId::make(tx.clock());
  store::Value subject = nullptr;
  if (identity != nullptr) {
    made.name_ = identity->name;
    made.email_ = identity->email;
    made.is_verified_ = true;
    subject = identity->subject;
  }
  TRY_STATUS(tx.execute(
      "insert into webchat_visitors (workspace_id, id, channel_id, subject, name, email, last_seq, seen_seq, "
      "created_at) values ($1, $2, $3, $4, $5, $6, 0, 0, $7)",
      {channel.workspace, made.visitor_, channel.id, subject, made.name_, made.email_, tx.now()}));
  return made;
}

Result<VisitorSession> VisitorSessions::identify(store::Transaction& tx, const intake::Channel& channel,
                                                 std::optional<VisitorSession> holder, const Identity& identity) {
  TRY(auto known,
      tx.find("select id from webchat_visitors where workspace_id = $1 and channel_id = $2 and subject = $3",
              {channel.workspace, channel.id, identity.subject},
              [](const store::Row& row) { return row.id<VisitorId>(0); }));
  if (!known && (!holder || holder->is_verified_)) return create(tx, channel, &identity);
  VisitorSession person;
  person.workspace_ = channel.workspace;
  person.channel_ = channel.id;
  person.visitor_ = known ? *known : holder->visitor_;
  person.name_ = identity.name;
  person.email_ = identity.email;
  person.is_verified_ = true;
  TRY_STATUS(
      tx.execute("update webchat_visitors set subject = $3, name = $4, email = $5 where workspace_id = $1 and id = $2",
                 {channel.workspace, person.visitor_, identity.subject, person.name_, person.email_}));
  return person;
}

Result<OpenedSession> VisitorSessions::open(store::Transaction& tx, const intake::Channel& channel,
                                            std::string_view token, const std::optional<Identity>& identity) {
  TRY(auto holder, find_token(tx, channel, token));
  if (!token.empty() && !holder && !identity) return token_invalid();
  OpenedSession opened{.session = {}, .token = std::string(token), .expires_at = tx.now() + token_ms};
  if (identity) {
    TRY(opened.session, identify(tx, channel, holder, *identity));
  } else if (holder) {
    opened.session = *holder;
  } else {
    TRY(opened.session, create(tx, channel, nullptr));
  }
  // The token goes on only for the visitor whom it named; an anonymous one's does not become a person's.
  const bool keeps =
      holder && holder->visitor_ == opened.session.visitor_ && holder->is_verified_ == opened.session.is_verified_;
  if (!keeps) opened.token = random_token();
  auto hash = sha256(opened.token);
  TRY_STATUS(tx.execute(
      "insert into webchat_tokens (token_hash, workspace_id, channel_id, visitor_id, expires_at) "
      "values ($1, $2, $3, $4, $5) on conflict (token_hash) do update set expires_at = excluded.expires_at",
      {store::Bytes{as_bytes(hash)}, channel.workspace, channel.id, opened.session.visitor_, opened.expires_at}));
  opened.has_become_known = holder && !keeps && holder->visitor_ == opened.session.visitor_;
  if (opened.has_become_known) {
    auto former = sha256(token);
    TRY_STATUS(tx.execute("delete from webchat_tokens where token_hash = $1", {store::Bytes{as_bytes(former)}}));
  }
  return opened;
}

}  // namespace answerable::channels::webchat
