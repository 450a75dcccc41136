#include "access/add_workspace.h"

#include <doctest/doctest.h>

#include "access/second_factor.h"
#include "access/testing.h"
#include "cluster/event_log.h"

namespace answerable::access {
namespace {

struct Host : AccessFixture {
  Actor op = actor_of(add("op@host.example", Role::operator_));

  Result<AddedWorkspace> make(const Actor& by, std::string name, std::string email) {
    return database->write([&](store::Transaction& tx) {
      return add_workspace(tx, by,
                           {.name = std::move(name),
                            .administrator_name = "Ada",
                            .administrator_email = std::move(email),
                            .password_hash = "x"});
    });
  }
  std::int64_t count() {
    return must(database->query([](store::Session& s) { return s.number("select count(*) from workspaces", {}); }));
  }
};

TEST_CASE_FIXTURE(Host, "the operator makes a workspace together with its first administrator, on record") {
  const auto added = must(make(op, "Globex", "ada@globex.example"));
  CHECK(added.administrator.workspace == added.workspace.id);
  CHECK(added.administrator.role == Role::administrator);
  CHECK(added.administrator.must_change_password);
  workspace = added.workspace;
  CHECK(acts() == std::vector<std::string>{"workspace.create", "user.create"});
  const auto all = must(database->query([&](store::Session& s) { return list_workspaces(s, op); }));
  REQUIRE(all.size() == 2);
  CHECK(all[0].people == 0);
  CHECK(all[1].workspace.name == "Globex");
  CHECK(all[1].people == 1);
}

TEST_CASE_FIXTURE(Host, "a new workspace demands a second factor of everybody if that is wished") {
  const auto added = must(make(op, "Globex", "ada@globex.example"));
  const auto roles = [&](WorkspaceId of) {
    return must(database->query([&](store::Session& s) { return second_factor_roles(s, system_actor(of)); }));
  };
  CHECK(roles(added.workspace.id).empty());
  REQUIRE(database->write([](store::Transaction& tx) { return demand_second_factor(tx, {}); }));
  CHECK(roles({}) == std::vector{Role::operator_});
  const auto demanding = must(database->write([&](store::Transaction& tx) {
    return add_workspace(tx, op,
                         {.name = "Initech",
                          .administrator_name = "Bo",
                          .administrator_email = "bo@initech.example",
                          .password_hash = "x",
                          .demands_second_factor = true});
  }));
  CHECK(roles(demanding.workspace.id) == std::vector{Role::administrator, Role::agent, Role::supervisor});
}

TEST_CASE_FIXTURE(Host, "an administrator makes no workspace and sees no other") {
  const auto admin = actor_of(add("admin@acme.example", Role::administrator));
  CHECK(make(admin, "Globex", "ada@globex.example").error().kind == ErrorKind::denied);
  CHECK(database->query([&](store::Session& s) { return list_workspaces(s, admin); }).error().kind ==
        ErrorKind::denied);
  CHECK(make(system_actor({}), "Globex", "ada@globex.example"));
}

TEST_CASE_FIXTURE(Host, "a workspace whose administrator cannot be made is not made either") {
  CHECK(make(op, "Globex", "op@host.example").error().code == "email_taken");
  CHECK(make(op, "Globex", "nobody").error().code == "email_invalid");
  CHECK(make(op, "", "ada@globex.example").error().code == "name_invalid");
  CHECK(count() == 1);
}

TEST_CASE_FIXTURE(Host, "the first administrator is first, and an administrator") {
  const auto first = [&](NewUser user) {
    return database->write([&](store::Transaction& tx) { return create_first_administrator(tx, op, user); });
  };
  NewUser ada{.workspace = workspace.id, .name = "Ada", .email = "ada@acme.example", .password_hash = "x"};
  CHECK(first(ada).error().code == "role_invalid");
  ada.role = Role::administrator;
  CHECK(first(ada));
  ada.email = "eve@acme.example";
  CHECK(first(ada).error().code == "has_people");
}

TEST_CASE_FIXTURE(Host, "an installation has at most a thousand workspaces") {
  must(database->write([](store::Transaction& tx) -> Status {
    for (auto i = workspaces_max - 2; i > 0; --i) TRY_STATUS(create_workspace(tx, system_actor({}), "W"));
    return {};
  }));
  CHECK(make(op, "Last", "last@globex.example"));
  CHECK(count() == workspaces_max);
  CHECK(make(op, "More", "more@globex.example").error().code == "too_many_workspaces");
}

}  // namespace
}  // namespace answerable::access
