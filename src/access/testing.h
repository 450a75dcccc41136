// For tests of this folder and of http: a database with everything of access, one workspace, and people with cheap
// hashes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "access/password.h"
#include "access/schema.h"
#include "access/sign_in.h"
#include "access/user.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/ensure.h"
#include "cluster/event_log.h"
#include "store/testing.h"

namespace answerable::access {

// The least that libsodium takes: tests hash hundreds of times.
inline constexpr PasswordCost cheap_cost{.memory_bytes = 8'192, .passes = 1};

template <class T>
T must(Result<T> result) {
  ensure(result.has_value(), result ? std::string_view() : std::string_view(result.error().code));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

struct AccessFixture {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase database =
      store::open_temporary(clock, metrics, {cluster::schema(), audit::schema(), schema()});
  Workspace workspace =
      must(database->write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Acme"); }));

  User add(std::string_view email, Role role, std::string_view password = "correct horse 7 battery") {
    const auto hash = must(hash_password(password, cheap_cost));
    return must(database->write([&](store::Transaction& tx) {
      return create_user(tx, system_actor(role == Role::operator_ ? WorkspaceId{} : workspace.id),
                         {.workspace = role == Role::operator_ ? WorkspaceId{} : workspace.id,
                          .name = std::string(email.substr(0, email.find('@'))),
                          .email = std::string(email),
                          .role = role,
                          .password_hash = hash,
                          .must_change_password = false});
    }));
  }

  static Actor actor_of(const User& user, SessionId session = {}) {
    Actor actor;
    actor.kind = Actor::Kind::user;
    actor.workspace = user.workspace;
    actor.role = user.role;
    actor.user = user.id;
    actor.session = session;
    actor.name = user.name;
    return actor;
  }

  std::vector<std::string> acts() {
    const auto entries =
        must(database->query([&](store::Session& session) { return audit::entries(session, workspace.id, 0, 1'000); }));
    std::vector<std::string> names;
    for (const auto& entry : entries) names.emplace_back(must(audit::decode_entry(entry.encoded)).action);
    return names;
  }
};

}  // namespace answerable::access
