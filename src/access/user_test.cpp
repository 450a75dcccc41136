#include "access/user.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/testing.h"

namespace answerable::access {
namespace {

struct People : AccessFixture {
  User admin = add("admin@acme.example", Role::administrator);
  User agent = add("zoe@acme.example", Role::agent);

  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  Result<User> create(const Actor& by, NewUser user) {
    return write([&](store::Transaction& tx) { return create_user(tx, by, user); });
  }
  Result<User> update(const Actor& by, UserId id, UserChange change) {
    return write([&](store::Transaction& tx) { return update_user(tx, by, id, change); });
  }
};

TEST_CASE_FIXTURE(People, "a person is found by address whatever its case") {
  const auto found =
      must(database->query([](store::Session& s) { return find_user_by_email(s, " ZOE@Acme.Example "); }));
  REQUIRE(found);
  CHECK(found->id == agent.id);
  CHECK(found->role == Role::agent);
  CHECK_FALSE(found->must_change_password);
  const auto given = must(create(actor_of(admin), {.name = "Max", .email = "max@acme.example", .password_hash = "x"}));
  CHECK(given.must_change_password);  // unless it is said that the person chose it
}

TEST_CASE_FIXTURE(People, "an address is used once in the whole installation") {
  CHECK(create(actor_of(admin), {.name = "Other", .email = "Zoe@ACME.example", .password_hash = "x"}).error().code ==
        "email_taken");
}

TEST_CASE_FIXTURE(People, "an administrator is not told that an address belongs to somebody of another workspace") {
  const auto other =
      must(database->write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Globex"); }));
  auto stranger = actor_of(admin);
  stranger.workspace = other.id;
  const NewUser wanted{.name = "Zoe", .email = "Zoe@acme.example", .password_hash = "x"};
  const auto refused = create(stranger, wanted);
  CHECK(refused.error().code == "email_unavailable");
  CHECK(refused.error().detail.find("already") == std::string::npos);
  auto by_system = wanted;
  by_system.workspace = other.id;
  CHECK(create(system_actor({}), by_system).error().code == "email_taken");
}

TEST_CASE_FIXTURE(People, "only administrators make people, and never operators") {
  const NewUser wanted{.name = "New", .email = "new@acme.example", .password_hash = "x"};
  CHECK(create(actor_of(agent), wanted).error().kind == ErrorKind::denied);
  auto made = wanted;
  made.role = Role::operator_;
  CHECK(create(actor_of(admin), made).error().code == "role_invalid");
  CHECK(create(actor_of(admin), wanted));
}

TEST_CASE_FIXTURE(People, "names and addresses that cannot be are refused") {
  const auto by = actor_of(admin);
  CHECK(create(by, {.name = "", .email = "a@b.example"}).error().code == "name_invalid");
  CHECK(create(by, {.name = "two\nlines", .email = "a@b.example"}).error().code == "name_invalid");
  CHECK(create(by, {.name = std::string(201, 'n'), .email = "a@b.example"}).error().code == "name_invalid");
  CHECK(create(by, {.name = std::string(200, 'n'), .email = "a@b.example"}));
  for (const auto* address :
       {"", "a", "@b.example", "a@", "a b@c.example", "a@b..c", "a@b\nc.example", "<a@b.example>"})
    CHECK_MESSAGE(create(by, {.name = "A", .email = address}).error().code == "email_invalid", address);
}

TEST_CASE_FIXTURE(People, "nobody reaches a person of another workspace") {
  const auto other =
      must(write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Other"); }));
  auto stranger = actor_of(admin);
  stranger.workspace = other.id;
  CHECK(update(stranger, agent.id, {.name = "Taken"}).error().code == "user_unknown");
  CHECK(write([&](store::Transaction& tx) { return set_password(tx, stranger, {.user = agent.id, .hash = "x"}); })
            .error()
            .code == "user_unknown");
}

TEST_CASE_FIXTURE(People, "the last active administrator stays") {
  CHECK(update(actor_of(admin), admin.id, {.role = Role::agent}).error().code == "last_administrator");
  CHECK(update(actor_of(admin), admin.id, {.is_active = false}).error().code == "last_administrator");
  CHECK(update(actor_of(admin), agent.id, {.role = Role::administrator}));
  CHECK(update(actor_of(admin), admin.id, {.is_active = false}));
}

TEST_CASE_FIXTURE(People, "every change leaves an entry in the ledger and an event") {
  must(update(actor_of(admin), agent.id, {.name = "Zoe", .role = Role::supervisor}));
  CHECK(write(
      [&](store::Transaction& tx) { return set_password(tx, actor_of(agent), {.user = agent.id, .hash = "y"}); }));
  CHECK(write(
      [&](store::Transaction& tx) { return set_password(tx, actor_of(admin), {.user = agent.id, .hash = "z"}); }));
  const auto names = acts();
  for (const auto* name :
       {"workspace.create", "user.create", "user.update", "user.change_password", "user.reset_password"})
    CHECK_MESSAGE(std::count(names.begin(), names.end(), name) > 0, name);
  const auto events =
      must(database->query([&](store::Session& s) { return cluster::events_after(s, workspace.id, 0, 100); }));
  CHECK(std::all_of(events.begin(), events.end(), [](const auto& event) { return event.kind == "user_changed"; }));
  CHECK(events.size() == 3);
}

TEST_CASE_FIXTURE(People, "the operator belongs to no workspace") {
  const auto operator_user = add("op@host.example", Role::operator_);
  CHECK(operator_user.workspace.is_nil());
  CHECK(actor_of(operator_user).for_ledger().kind == "operator");
  CHECK(
      create(actor_of(operator_user), {.workspace = workspace.id, .name = "X", .email = "x@y.example"}).error().kind ==
      ErrorKind::denied);
}

TEST_CASE_FIXTURE(People, "preferences are one's own, with known values only") {
  const auto set = [&](OwnChange change) {
    return write([&](store::Transaction& tx) { return update_me(tx, actor_of(agent), change); });
  };
  CHECK(must(set({.language = "fr", .theme = "dark", .has_shortcuts = false})).language == "fr");
  CHECK(set({.language = "tlh"}).error().code == "language_invalid");
  CHECK(set({.theme = "neon"}).error().code == "theme_invalid");
}

}  // namespace
}  // namespace answerable::access
