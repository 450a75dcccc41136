#include "access/roles.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/api_key.h"
#include "access/authenticator.h"
#include "access/second_factor.h"
#include "access/session.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

struct RolesFixture : AccessFixture {
  Actor administrator = actor_of(add("ada@acme.example", Role::administrator));
  User zoe = add("zoe@acme.example", Role::agent);

  Result<ComposedRole> compose(const Actor& by, const RoleWish& wish) {
    return database->write([&](store::Transaction& tx) { return create_role(tx, by, wish); });
  }
  Result<User> give(const Actor& by, UserId user, RoleId role) {
    return database->write([&](store::Transaction& tx) { return update_user(tx, by, user, {.composed = role}); });
  }
  // As the person acts after signing in.
  Actor actor_with(const RoleWish& wish, std::string_view email) {
    const auto person = add(email, Role::agent);
    must(give(administrator, person.id, must(compose(administrator, wish)).id));
    Authenticator authenticator(*database, clock);
    const auto session = must(database->write([&](store::Transaction& tx) {
      return open_session(tx, {.workspace = workspace.id, .user = person.id, .user_agent = "", .address = ""});
    }));
    return must(authenticator.by_session(session.token));
  }
};

TEST_CASE_FIXTURE(RolesFixture, "a composed role gives what it names and what everybody has, and nothing else") {
  const auto actor =
      actor_with({.name = "Reader", .permissions = {"conversation:read", "ledger:read"}}, "r@acme.example");
  CHECK(authorize(actor, "conversation", "read"));
  CHECK(authorize(actor, "ledger", "read"));
  CHECK(authorize(actor, "session", "end", true));
  CHECK(authorize(actor, "me", "change_password", true));
  CHECK(!authorize(actor, "session", "end", false));
  for (const auto& rule : rules()) {
    if (is_everybodys(rule) || permission_name(rule) == "conversation:read" || permission_name(rule) == "ledger:read")
      continue;
    CAPTURE(permission_name(rule));
    CHECK(authorize(actor, rule.resource, rule.action, true).error().code == "not_allowed");
  }
  CHECK(!actor.sees_only_assigned());
  CHECK(!actor.hides_personal());
}

TEST_CASE_FIXTURE(RolesFixture,
                  "an API key may have a composed role, which gives it what it names and stays while it is used") {
  Authenticator authenticator(*database, clock);
  const auto make = [&](const Actor& by, RoleId role) {
    return database->write([&](store::Transaction& tx) {
      return create_api_key(tx, by, {.name = "Robot", .may_write = true, .composed = role});
    });
  };
  const auto reader =
      must(compose(administrator, {.name = "Reader", .permissions = {"conversation:read"}, .hides_personal = true}));
  const auto made = must(make(administrator, reader.id));
  const auto robot = must(authenticator.by_api_key(made.secret));
  CHECK(authorize(robot, "conversation", "read"));
  CHECK(!authorize(robot, "conversation", "reply"));
  CHECK(robot.hides_personal());
  CHECK(must(database->query([&](store::Session& s) { return api_keys(s, administrator); }))[0].composed == reader.id);
  const auto remove = [&] {
    return database->write([&](store::Transaction& tx) { return delete_role(tx, administrator, reader.id); });
  };
  CHECK(remove().error().code == "role_in_use");
  must(database->write([&](store::Transaction& tx) { return revoke_api_key(tx, administrator, made.key.id); }));
  CHECK(remove());
  const auto confined =
      must(compose(administrator, {.name = "Own", .permissions = {"conversation:read"}, .sees_only_assigned = true}));
  CHECK(make(administrator, confined.id).error().code == "role_invalid");
  CHECK(make(administrator, RoleId::make(clock)).error().code == "role_unknown");
}

TEST_CASE_FIXTURE(RolesFixture, "nobody gives an API key a role that has more than they have") {
  const auto keeper =
      actor_with({.name = "Keeper", .permissions = {"api_key:create", "application:register", "conversation:read"}},
                 "k@acme.example");
  const auto make = [&](const RoleWish& wish) {
    const auto role = must(compose(administrator, wish));
    return database->write(
        [&](store::Transaction& tx) { return create_api_key(tx, keeper, {.name = "Robot", .composed = role.id}); });
  };
  CHECK(make({.name = "Same", .permissions = {"conversation:read"}}));
  CHECK(make({.name = "More", .permissions = {"conversation:read", "ledger:read"}}).error().code == "role_invalid");
}

TEST_CASE_FIXTURE(RolesFixture, "an API key does no more than the person who made it, or whose key made it, may now") {
  add("last@acme.example", Role::administrator);
  const auto make = [&](const Actor& by, Role role) {
    return must(database->write([&](store::Transaction& tx) {
      return create_api_key(tx, by, {.name = "Robot", .may_write = true, .role = role});
    }));
  };
  const auto now = [&](const CreatedApiKey& key) {
    return must(Authenticator(*database, clock).by_api_key(key.secret));
  };
  const auto become = [&](const UserChange& change) {
    must(database->write([&](store::Transaction& tx) {
      return update_user(tx, system_actor(workspace.id), administrator.user, change);
    }));
  };
  const auto strong = make(administrator, Role::administrator);
  const auto weak = make(administrator, Role::agent);
  const auto child = make(now(strong), Role::administrator);
  REQUIRE(authorize(now(child), "user", "create"));

  SUBCASE("a lower role of the person is the key's too, until it is raised again") {
    become({.role = Role::agent});
    for (const auto& key : {strong, child}) {
      CHECK(authorize(now(key), "user", "create").error().code == "not_allowed");
      CHECK(authorize(now(key), "conversation", "reply"));
    }
    CHECK(!now(weak).composed);
    become({.role = Role::administrator});
    CHECK(authorize(now(strong), "user", "create"));
  }
  SUBCASE("a permission that the person's composed role loses is lost to the key") {
    const RoleWish wish{.name = "Reader", .permissions = {"conversation:read", "conversation:note"}};
    const auto role = must(compose(administrator, wish));
    become({.composed = role.id});
    CHECK(authorize(now(strong), "conversation", "note"));
    const auto other = actor_of(add("other@acme.example", Role::administrator));
    must(database->write([&](store::Transaction& tx) {
      return change_role(tx, other, role.id,
                         {.name = "Reader", .permissions = {"conversation:read"}, .hides_personal = true});
    }));
    CHECK(!authorize(now(strong), "conversation", "note"));
    CHECK(authorize(now(strong), "conversation", "read"));
    CHECK(now(strong).hides_personal());
    CHECK(now(weak).hides_personal());
  }
  SUBCASE("a key that a key made ends with the person") {
    become({.is_active = false});
    CHECK(!Authenticator(*database, clock).by_api_key(child.secret));
  }
}

TEST_CASE_FIXTURE(RolesFixture, "of a pair that stands twice a role may have the one for what is one's own") {
  const auto own = actor_with({.name = "Own", .permissions = {"message:retry:own"}}, "o@acme.example");
  CHECK(authorize(own, "message", "retry", true));
  CHECK(!authorize(own, "message", "retry", false));
  const auto any = actor_with({.name = "Any", .permissions = {"message:retry"}}, "a@acme.example");
  CHECK(authorize(any, "message", "retry", false));
}

TEST_CASE_FIXTURE(RolesFixture, "nobody composes, gives or takes over more than they have") {
  const std::vector<std::string> personnel{
      "user:list",      "user:create",  "user:update", "role:list",         "user:reset_password",
      "api_key:create", "role:compose", "tag:list",    "conversation:read", "user:reset_second_factor"};
  const auto clerk = actor_with({.name = "Personnel", .permissions = personnel}, "c@acme.example");
  CHECK(compose(clerk, {.name = "Fewer", .permissions = {"tag:list"}}));
  CHECK(compose(clerk, {.name = "More", .permissions = {"tag:list", "ledger:read"}}).error().code ==
        "beyond_your_role");
  const auto high = must(compose(administrator, {.name = "High", .permissions = {"ledger:read"}}));
  CHECK(give(clerk, zoe.id, high.id).error().code == "beyond_your_role");
  const auto as_clerk = [&](auto act) {
    const auto done = database->write(act);
    REQUIRE(!done);
    return done.error().code;
  };
  CHECK(as_clerk([&](auto& tx) { return update_user(tx, clerk, zoe.id, {.role = Role::administrator}); }) ==
        "beyond_your_role");
  CHECK(as_clerk([&](auto& tx) { return update_user(tx, clerk, administrator.user, {.is_active = false}); }) ==
        "beyond_your_role");
  CHECK(as_clerk([&](auto& tx) { return set_password(tx, clerk, {.user = administrator.user, .hash = "x"}); }) ==
        "beyond_your_role");
  CHECK(as_clerk([&](auto& tx) { return remove_second_factor(tx, clerk, administrator.user); }) == "beyond_your_role");
  CHECK(as_clerk([&](auto& tx) { return change_role(tx, clerk, high.id, {.name = "Low", .permissions = {}}); }) ==
        "beyond_your_role");
  CHECK(as_clerk([&](auto& tx) {
          return create_user(tx, clerk, {.workspace = workspace.id, .name = "Eve", .email = "eve@acme.example"});
        }) == "beyond_your_role");  // even an agent has more
  CHECK(as_clerk([&](auto& tx) { return create_api_key(tx, clerk, {.name = "K"}); }) == "role_invalid");
}

TEST_CASE_FIXTURE(RolesFixture, "who is confined or told less gives no role that is not") {
  const std::vector<std::string> all{"role:compose", "tag:list"};
  const auto confined = actor_with({.name = "C", .permissions = all, .sees_only_assigned = true}, "c@acme.example");
  CHECK(compose(confined, {.name = "D", .permissions = {"tag:list"}}).error().code == "beyond_your_role");
  CHECK(compose(confined, {.name = "D", .permissions = {"tag:list"}, .sees_only_assigned = true}));
  const auto blind = actor_with({.name = "B", .permissions = all, .hides_personal = true}, "b@acme.example");
  CHECK(compose(blind, {.name = "E", .permissions = {"tag:list"}}).error().code == "beyond_your_role");
  CHECK(compose(blind, {.name = "E", .permissions = {"tag:list"}, .hides_personal = true}));
}

TEST_CASE_FIXTURE(RolesFixture, "a role has a name of its own, knows its permissions, and they are at most fifty") {
  CHECK(compose(administrator, {.name = "", .permissions = {}}).error().code == "name_invalid");
  CHECK(compose(administrator, {.name = std::string(81, 'x'), .permissions = {}}).error().code == "name_invalid");
  for (const auto* unknown : {"moon:read", "oversight:read", "session:end:own", "message:undo", "conversation"})
    CHECK(compose(administrator, {.name = "X", .permissions = {unknown}}).error().code == "permission_unknown");
  CHECK(compose(actor_of(zoe), {.name = "X", .permissions = {}}).error().code == "not_allowed");
  for (int i = 0; i < roles_per_workspace_max; ++i)
    must(compose(administrator, {.name = "R" + std::to_string(i), .permissions = {}}));
  CHECK(compose(administrator, {.name = "R1", .permissions = {}}).error().code == "name_taken");
  CHECK(compose(administrator, {.name = "One more", .permissions = {}}).error().code == "too_many_roles");
  CHECK(must(database->query([&](store::Session& s) { return roles(s, administrator); })).size() == 50);
}

TEST_CASE_FIXTURE(RolesFixture,
                  "a changed role counts at once, one that somebody has is not deleted, and back is a way") {
  const auto role = must(compose(administrator, {.name = "R", .permissions = {"tag:list"}}));
  must(give(administrator, zoe.id, role.id));
  const auto may = [&] {
    return to_names(
        must(database->query([&](store::Session& s) { return what_may(s, administrator, zoe.id); })).permissions);
  };
  CHECK(may() == std::vector<std::string>{"tag:list"});
  must(database->write([&](store::Transaction& tx) {
    return change_role(tx, administrator, role.id, {.name = "R", .permissions = {"search:read"}});
  }));
  CHECK(may() == std::vector<std::string>{"search:read"});
  const auto drop = [&] {
    return database->write([&](store::Transaction& tx) { return delete_role(tx, administrator, role.id); });
  };
  CHECK(drop().error().code == "role_in_use");
  must(database->write(
      [&](store::Transaction& tx) { return update_user(tx, administrator, zoe.id, {.role = Role::supervisor}); }));
  CHECK(drop());
  CHECK(may() == to_names(permissions_of(Role::supervisor)));
  const auto told = acts();
  for (const auto* act : {"role.create", "role.change", "role.delete"}) CHECK(std::ranges::count(told, act) == 1);
}

TEST_CASE_FIXTURE(RolesFixture, "the last administrator does not become something composed") {
  const auto role = must(compose(administrator, {.name = "R", .permissions = {"tag:list"}}));
  CHECK(give(administrator, administrator.user, role.id).error().code == "last_administrator");
}

TEST_CASE_FIXTURE(RolesFixture,
                  "a second factor is demanded of a composed role as of the built-in one that has it all") {
  must(database->write(
      [&](store::Transaction& tx) { return set_second_factor_roles(tx, administrator, {Role::administrator}); }));
  CHECK(actor_with({.name = "High", .permissions = {"ledger:read"}}, "h@acme.example").must_set_second_factor);
  CHECK(!actor_with({.name = "Low", .permissions = {"tag:list"}}, "l@acme.example").must_set_second_factor);
}

TEST_CASE("names of permissions are told apart, and what the table does not know gives nothing") {
  Permissions all;
  for (std::size_t i = 0; i < rules().size(); ++i) {
    CHECK(find_permission(permission_name(rules()[i])) == i);
    all[i] = is_composable(rules()[i]);
  }
  CHECK(parse_lines(to_lines(all)) == all);
  CHECK(parse_lines("moon:read\ntag:list\noversight:read\n").count() == 1);
  CHECK(counts_as(permissions_of(Role::supervisor)) == Role::supervisor);
  CHECK(counts_as({}) == Role::agent);
}

}  // namespace
}  // namespace answerable::access
