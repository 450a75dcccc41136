#include "access/enter.h"

#include <array>

#include "access/account_mail.h"
#include "access/known_device.h"
#include "access/record.h"
#include "access/single_sign_on.h"
#include "base/digest.h"

namespace answerable::access {
namespace {

audit::Act act_of(const User& user, std::string_view action, SessionId session) {
  Actor actor;
  actor.kind = Actor::Kind::user;
  actor.workspace = user.workspace;
  actor.role = user.role;
  actor.user = user.id;
  actor.session = session;
  return {.workspace = user.workspace,
          .actor = actor.for_ledger(),
          .action = action,
          .object_kind = "session",
          .object_id = session.is_nil() ? std::string() : session.text()};
}

// In words of ours: what a browser says of itself is a stranger's text, and goes into no mail.
std::string device_in_words(std::string_view agent) {
  using Known = std::pair<std::string_view, std::string_view>;
  constexpr std::array browsers{Known{"Edg/", "Edge"}, Known{"Firefox/", "Firefox"}, Known{"Chrome/", "Chrome"},
                                Known{"Safari/", "Safari"}};
  constexpr std::array systems{Known{"Windows", "Windows"}, Known{"iPhone", "iPhone"},   Known{"iPad", "iPad"},
                               Known{"Mac OS X", "macOS"},  Known{"Android", "Android"}, Known{"Linux", "Linux"}};
  std::string words;
  const auto add = [&](const auto& known) {
    for (const auto& [mark, name] : known) {
      if (!agent.contains(mark)) continue;
      words.append(words.empty() ? "" : ", ").append(name);
      return;
    }
  };
  add(browsers);
  add(systems);
  return words.empty() ? "?" : words;
}

// Not at the very first sign-in, nor at the first after a new password or a report: those are news of their own.
Status tell_of_device(store::Transaction& tx, const User& user, const Entering& entering) {
  TRY(const auto others, tx.number("select count(*) from known_devices where user_id = $1", {user.id}));
  if (others == 0) return {};
  return tell_person(tx, user, LetterKind::new_device, std::string(entering.address),
                     device_in_words(entering.user_agent));
}

// A token that is not known for this person is not taken over: a stranger could have planted it.
Result<std::string> remember(store::Transaction& tx, const User& user, const Entering& entering) {
  TRY(const bool is_known, is_known_device(tx, user.id, entering.device_token));
  if (!is_known) TRY_STATUS(tell_of_device(tx, user, entering));
  return remember_device(tx, user.id,
                         {.token = is_known ? entering.device_token : std::string_view(),
                          .user_agent = entering.user_agent,
                          .address = entering.address});
}

}  // namespace

Result<SignedIn> enter(store::Transaction& tx, const User& user, const Entering& entering) {
  auto by = entering.by;
  if (by != by_single_sign_on) {
    TRY(const bool is_break_glass, check_other_way_in(tx, user));
    if (is_break_glass) by = "break_glass";
  }
  SignedIn signed_in;
  signed_in.user = user;
  signed_in.user.last_seen_at = tx.now();
  if (!entering.replaces_token.empty()) {
    const auto replaced = sha256(entering.replaces_token);
    TRY_STATUS(run(tx, "delete from sessions where token_hash = $1 and user_id = $2",
                   {store::Bytes{as_bytes(replaced)}, user.id}));
  }
  TRY(signed_in.device_token, remember(tx, user, entering));
  TRY(signed_in.session, open_session(tx, {.workspace = user.workspace,
                                           .user = user.id,
                                           .user_agent = entering.user_agent,
                                           .address = entering.address,
                                           .device_token = signed_in.device_token,
                                           .provider = entering.provider}));
  TRY_STATUS(run(tx, "update users set last_seen_at = $3 where workspace_id = $1 and id = $2",
                 {user.workspace, user.id, tx.now()}));
  TRY(signed_in.workspace, find_workspace(tx, user.workspace));
  auto act = act_of(user, "session.sign_in", signed_in.session.id);
  if (!by.empty()) act.details.emplace_back("by", by);
  TRY_STATUS(record(tx, act));
  return signed_in;
}

void note_refused(store::Database& database, const User& user) {
  database.submit([user](store::Transaction& tx) { return record(tx, act_of(user, "session.sign_in_refused", {})); },
                  [](const Status&) {});
}

}  // namespace answerable::access
