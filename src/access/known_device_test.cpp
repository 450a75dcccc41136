#include "access/known_device.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_mail.h"
#include "access/authenticator.h"
#include "access/enter.h"
#include "access/session.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

struct Hall : AccessFixture {
  User zoe = add("zoe@acme.example", Role::agent);
  User kim = add("kim@acme.example", Role::agent);
  User admin = add("admin@acme.example", Role::administrator);
  Authenticator authenticator{*database, clock};

  std::string remember(const User& user, std::string_view token = {}) {
    return must(database->write([&](store::Transaction& tx) {
      return remember_device(tx, user.id, {.token = token, .user_agent = "Test", .address = "198.51.100.7"});
    }));
  }
  std::string sign_in_on(const User& user, std::string_view device) {
    return must(database->write([&](store::Transaction& tx) {
             return open_session(tx, {.workspace = user.workspace,
                                      .user = user.id,
                                      .user_agent = "Test",
                                      .address = "::1",
                                      .device_token = device});
           }))
        .token;
  }
  bool knows(const User& user, std::string_view token) {
    return must(database->query([&](store::Session& s) { return is_known_device(s, user.id, token); }));
  }
  Result<std::vector<KnownDevice>> list(const User& by, const User& whose) {
    return database->query([&](store::Session& s) { return known_devices(s, actor_of(by), whose.id); });
  }
  Status forget(const User& by, DeviceId id) {
    return database->write([&](store::Transaction& tx) { return forget_device(tx, actor_of(by), id); });
  }
};

TEST_CASE_FIXTURE(Hall, "a device is known to the person who signed in on it, and to nobody else") {
  const auto token = remember(zoe);
  CHECK(token.size() == 43);
  CHECK(knows(zoe, token));
  CHECK(!knows(kim, token));
  CHECK(!knows(zoe, ""));
  CHECK(!knows(zoe, device_hash(token)));  // who has read the database knows no token
  const std::string longest(device_token_characters_max, 'x');
  remember(zoe, longest);
  CHECK(knows(zoe, longest));
  remember(zoe, longest + "x");
  CHECK(!knows(zoe, longest + "x"));
}

TEST_CASE_FIXTURE(Hall, "a person is told of a sign-in on a new device, but not of the first one of all") {
  const auto come_in = [&](std::string_view device, std::string_view agent) {
    return must(database->write([&](store::Transaction& tx) {
             return enter(tx, zoe, {.device_token = device, .user_agent = agent, .address = "198.51.100.7"});
           }))
        .device_token;
  };
  const auto mails = [&] {
    return must(database->write([](store::Transaction& tx) { return claim_account_mails(tx, 60'000, 100); }));
  };
  const auto first = come_in("", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
  come_in(first, "Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0");
  CHECK(mails().empty());
  come_in("never seen", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 https://evil.example");
  const auto told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::new_device);
  CHECK(told[0].to == zoe.email);
  CHECK(told[0].by == "198.51.100.7");
  CHECK(told[0].about == "Chrome, Windows");
  come_in("", "");
  CHECK(mails().at(0).about == "?");
  must(database->write([&](store::Transaction& tx) { return end_sessions_of(tx, actor_of(admin), zoe.id); }));
  come_in("", "Safari/605");
  CHECK(mails().empty());
}

TEST_CASE_FIXTURE(Hall, "the twenty-first device forgets the one that was used least recently") {
  const auto first = remember(zoe);
  for (std::int64_t i = 1; i < devices_per_user_max; ++i) {
    clock.advance_ms(1);
    remember(zoe);
  }
  CHECK(knows(zoe, first));
  clock.advance_ms(1);
  remember(zoe);
  CHECK(!knows(zoe, first));
  CHECK(must(list(zoe, zoe)).size() == devices_per_user_max);
}

TEST_CASE_FIXTURE(Hall, "the list says what and where from, since when and when last, used last first") {
  const auto begun = clock.now();
  const auto old_one = remember(zoe);
  clock.advance_ms(1'000);
  remember(zoe);
  clock.advance_ms(1'000);
  remember(zoe, old_one);
  const auto devices = must(list(zoe, zoe));
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].known_since == begun);
  CHECK(devices[0].last_used_at == clock.now());
  CHECK(devices[0].user_agent == "Test");
  CHECK(devices[0].address == "198.51.100.7");
}

TEST_CASE_FIXTURE(Hall, "a device that is forgotten is a stranger, and its sessions end") {
  const auto lost = remember(zoe);
  const auto kept = remember(zoe);
  const auto on_lost = sign_in_on(zoe, lost);
  const auto on_kept = sign_in_on(zoe, kept);
  const auto id = DeviceId::from_bytes(std::string_view(device_hash(lost)).substr(0, 16));
  CHECK(forget(kim, id).error().code == "device_unknown");
  CHECK(knows(zoe, lost));
  CHECK(forget(zoe, id));
  CHECK(!knows(zoe, lost));
  CHECK(knows(zoe, kept));
  CHECK(!authenticator.by_session(on_lost));
  CHECK(authenticator.by_session(on_kept));
  CHECK(forget(zoe, id).error().code == "device_unknown");
}

TEST_CASE_FIXTURE(Hall,
                  "a browser of two people is forgotten for the one who asks, an administrator's for their people") {
  const auto shared = remember(admin);
  remember(zoe, shared);
  const auto id = DeviceId::from_bytes(std::string_view(device_hash(shared)).substr(0, 16));
  CHECK(forget(admin, id));
  CHECK(!knows(admin, shared));
  CHECK(knows(zoe, shared));
  CHECK(forget(admin, id));
  CHECK(!knows(zoe, shared));
}

TEST_CASE_FIXTURE(Hall, "an administrator sees and ends what the own people have, an agent that of nobody else") {
  const auto device = remember(zoe);
  const auto token = sign_in_on(zoe, device);
  const auto sessions = [&](const User& by) {
    return database->query([&](store::Session& s) { return sessions_of(s, actor_of(by), zoe.id); });
  };
  CHECK(list(kim, zoe).error().kind == ErrorKind::denied);
  CHECK(sessions(kim).error().kind == ErrorKind::denied);
  CHECK(must(list(admin, zoe)).size() == 1);
  const auto seen = must(sessions(admin));
  REQUIRE(seen.size() == 1);
  const auto end = [&](const User& by) {
    return database->write([&](store::Transaction& tx) { return end_session(tx, actor_of(by), seen[0].id); });
  };
  CHECK(end(kim).error().code == "session_unknown");
  CHECK(end(admin));
  CHECK(!authenticator.by_session(token));
  const auto again = sign_in_on(zoe, device);
  const auto end_all = [&](const User& by) {
    return database->write([&](store::Transaction& tx) { return end_sessions_of(tx, actor_of(by), zoe.id); });
  };
  CHECK(end_all(kim).error().kind == ErrorKind::denied);
  CHECK(end_all(admin));
  CHECK(!authenticator.by_session(again));
  CHECK(!knows(zoe, device));
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "session.end") == 1);
  CHECK(std::count(names.begin(), names.end(), "user.end_sessions") == 1);
}

}  // namespace
}  // namespace answerable::access
