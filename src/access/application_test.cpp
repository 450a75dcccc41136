#include "access/application.h"

#include <doctest/doctest.h>

#include "access/api_key.h"
#include "access/authenticator.h"
#include "access/testing.h"
#include "store/error_of_test.h"

namespace answerable::access {
namespace {

struct Registry : AccessFixture {
  User admin = add("admin@acme.example", Role::administrator);
  Actor by = actor_of(admin);
  Actor op = actor_of(add("op@host.example", Role::operator_));
  Authenticator authenticator{*database, clock};

  static NewApplication sync(bool may_write = false) {
    return {.name = "Sync",
            .purpose = "Copies orders to the shop.",
            .contact = "dev@acme.example",
            .may_write = may_write,
            .expires_at = {}};
  }
  Application enroll(const NewApplication& given, bool is_approved = true) {
    return must(
        database->write([&](store::Transaction& tx) { return register_application(tx, by, given, is_approved); }));
  }
  std::string refused(const NewApplication& given) {
    return store::error_of(*database,
                           [&](store::Transaction& tx) { return register_application(tx, by, given, true); });
  }
  CreatedApiKey make_key(ApplicationId application = {}, bool may_write = false, bool is_approved = true) {
    return must(database->write([&](store::Transaction& tx) {
      return create_api_key(
          tx, by, {.name = "K", .may_write = may_write, .application = application, .is_approved = is_approved});
    }));
  }
  std::string used(const CreatedApiKey& key) {
    authenticator.changed();
    const auto actor = authenticator.by_api_key(key.secret);
    return actor ? std::string() : actor.error().code;
  }
  std::string decide(ApplicationId id, bool is_approved, const Actor& who) {
    return store::error_of(*database,
                           [&](store::Transaction& tx) { return decide_application(tx, who, id, is_approved); });
  }
  void end(ApplicationId id) {
    must(database->write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(end_application(tx, by, id));
      return 0;
    }));
  }
};

TEST_CASE_FIXTURE(Registry, "a key works while its application is approved, and not a moment longer") {
  auto until = sync();
  until.expires_at = clock.now() + 1'000;
  const auto key = make_key(enroll(until).id);
  CHECK(used(key) == "");
  clock.advance_ms(999);
  CHECK(used(key) == "");
  clock.advance_ms(1);
  CHECK(used(key) == "application_expired");
  const auto asked = enroll(sync(), false);
  const auto waiting = make_key(asked.id);
  CHECK(used(waiting) == "application_not_approved");
  CHECK(decide(asked.id, true, by) == "not_allowed");
  CHECK(decide(asked.id, true, op) == "");
  CHECK(used(waiting) == "");
  CHECK(decide(asked.id, false, op) == "application_decided");
  end(asked.id);
  CHECK(used(waiting) == "application_not_approved");
  CHECK(decide(ApplicationId::make(clock), true, op) == "application_unknown");
  CHECK(acts().back() == "application.end");
}

TEST_CASE_FIXTURE(Registry, "a key may not more than its application, and none is made for one that is over") {
  const auto reading = enroll(sync());
  const auto make = [&](ApplicationId id, bool may_write) {
    return store::error_of(*database, [&](store::Transaction& tx) {
      return create_api_key(tx, by, {.name = "K", .may_write = may_write, .application = id});
    });
  };
  CHECK(make(reading.id, true) == "scope_beyond_application");
  CHECK(make(reading.id, false) == "");
  CHECK(make(ApplicationId::make(clock), false) == "application_unknown");
  const auto refused_one = enroll(sync(), false);
  CHECK(decide(refused_one.id, false, op) == "");
  CHECK(make(refused_one.id, false) == "application_over");
  end(reading.id);
  CHECK(make(reading.id, false) == "application_over");
}

TEST_CASE_FIXTURE(Registry, "a key without an application gets one of its own, which ends with it") {
  const auto key = make_key();
  const auto list = [&] {
    return must(database->query([&](store::Session& session) { return applications(session, by); }));
  };
  REQUIRE(list().size() == 1);
  CHECK(list().front().name == "K");
  CHECK(list().front().owner == admin.id);
  CHECK(list().front().id == key.key.application);
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(revoke_api_key(tx, by, key.key.id));
    return 0;
  }));
  CHECK(list().empty());
  const auto unapproved = make_key({}, false, false);
  CHECK(used(unapproved) == "application_not_approved");
  CHECK(must(database->query([](store::Session& session) { return waiting_applications(session); })).size() == 1);
}

TEST_CASE_FIXTURE(Registry, "what an application says of itself is checked, and their number has a limit") {
  auto nameless = sync();
  nameless.name = "";
  CHECK(refused(nameless) == "name_invalid");
  auto chatty = sync();
  chatty.purpose = std::string(application_purpose_bytes_max, 'x');
  CHECK(refused(chatty) == "");
  chatty.purpose += "x";
  CHECK(refused(chatty) == "purpose_invalid");
  auto silent = sync();
  silent.contact = "nobody";
  CHECK(refused(silent) == "contact_invalid");
  auto late = sync();
  late.expires_at = clock.now();
  CHECK(refused(late) == "expiry_in_past");
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    for (std::int64_t i = 1; i < applications_per_workspace_max; ++i)
      TRY_STATUS(register_application(tx, by, sync(), true));
    return 0;
  }));
  CHECK(refused(sync()) == "too_many_applications");
}

TEST_CASE_FIXTURE(Registry,
                  "keys from before there were applications work on, until half a year after the first start") {
  const auto key = make_key();
  // As the migration leaves it.
  must(database->write([&](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(
        tx.execute("insert into applications (workspace_id, id, name, purpose, contact, owner_id, may_write, "
                   "state, is_legacy, created_at, decided_at) values ($1, $1, 'Legacy', '', '', $1, 1, "
                   "'approved', 1, $2, $2)",
                   {workspace.id, tx.now()}));
    TRY_STATUS(tx.execute("update api_keys set application_id = workspace_id"));
    TRY_STATUS(date_legacy_applications(tx));
    return 0;
  }));
  CHECK(used(key) == "");
  clock.advance_ms(1'000);
  must(database->write([](store::Transaction& tx) -> Result<int> {
    TRY_STATUS(date_legacy_applications(tx));  // of the next start: the date stays
    return 0;
  }));
  clock.advance_ms(legacy_ms - 1'001);
  CHECK(used(key) == "");
  clock.advance_ms(1);
  CHECK(used(key) == "application_expired");
}

TEST_CASE_FIXTURE(Registry, "whose key it was is found out, whether it holds or not") {
  const auto key = make_key();
  const auto owner_of = [&](const std::string& secret) {
    return must(database->query([&](store::Session& session) { return find_key_owner(session, secret); }));
  };
  REQUIRE(owner_of(key.secret));
  CHECK(owner_of(key.secret)->workspace == workspace.id);
  CHECK(owner_of(key.secret)->application_name == "K");
  CHECK(!owner_of("ak_x"));
}

}  // namespace
}  // namespace answerable::access
