#include "access/sign_in.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "access/api_key.h"
#include "access/authenticator.h"
#include "access/testing.h"
#include "base/encoding.h"

namespace answerable::access {
namespace {

constexpr const char* right = "correct horse 7 battery";

struct Door : AccessFixture {
  User zoe = add("zoe@acme.example", Role::agent);
  User admin = add("admin@acme.example", Role::administrator);
  SignInThrottle throttle{clock};
  Authenticator authenticator{*database, clock};
  std::int64_t wait_ms = 0;

  Result<SignedIn> knock(std::string_view password, std::string_view device = {},
                         std::string_view address = "198.51.100.7", std::string_view email = "zoe@acme.example") {
    return sign_in({.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost},
                   {.email = std::string(email),
                    .password = std::string(password),
                    .device_token = std::string(device),
                    .user_agent = "Test",
                    .address = std::string(address),
                    .address_key = std::string(address)},
                   wait_ms);
  }
  // What was submitted without waiting ("last seen") is stored.
  void settle() {
    CHECK(database->write([](store::Transaction&) -> Status { return {}; }));
  }
  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
};

TEST_CASE_FIXTURE(Door, "the right password opens a session whose token is kept only as a hash") {
  const auto in = must(knock(right));
  CHECK(in.session.token.size() == 43);
  CHECK(in.user.id == zoe.id);
  CHECK(in.workspace->id == workspace.id);
  const auto actor = must(authenticator.by_session(in.session.token));
  CHECK(actor.user == zoe.id);
  CHECK(actor.session == in.session.id);
  const auto stored = must(database->query([&](store::Session& s) {
    return s.number("select count(*) from sessions where token_hash = $1", {store::Bytes{in.session.token}});
  }));
  CHECK(stored == 0);
}

TEST_CASE_FIXTURE(Door, "a wrong password, an unknown address and a disabled account get the same answer") {
  const auto wrong = knock("wrong password 1");
  const auto unknown = knock(right, {}, "198.51.100.7", "nobody@acme.example");
  must(write([&](store::Transaction& tx) { return update_user(tx, actor_of(admin), zoe.id, {.is_active = false}); }));
  const auto disabled = knock(right);
  for (const auto* answer : {&wrong, &unknown, &disabled}) {
    CHECK((*answer).error().kind == ErrorKind::unauthenticated);
    CHECK((*answer).error().code == "invalid_credentials");
    CHECK((*answer).error().detail == wrong.error().detail);
  }
}

TEST_CASE_FIXTURE(Door, "a stranger's guesses close the account to strangers but not to a device that is known") {
  const auto device = must(knock(right)).device_token;
  for (int i = 0; i < SignInThrottle::per_account; ++i)
    CHECK(knock("guess number 1").error().code == "invalid_credentials");
  CHECK(knock("guess number 2").error().code == "too_many_attempts");
  CHECK(wait_ms > 0);
  CHECK(knock(right).error().code == "too_many_attempts");
  CHECK(knock(right, device));
  CHECK(knock(right, device, "203.0.113.9"));
  CHECK(knock(right, "a device that nobody knows").error().code == "too_many_attempts");
  clock.advance_ms(SignInThrottle::window_ms);
  CHECK(knock(right));
}

TEST_CASE_FIXTURE(Door, "a known device has ten guesses as well") {
  const auto device = must(knock(right)).device_token;
  for (int i = 0; i < SignInThrottle::per_device; ++i)
    CHECK(knock("guess number 1", device).error().code == "invalid_credentials");
  CHECK(knock(right, device).error().code == "too_many_attempts");
}

TEST_CASE_FIXTURE(Door, "one network address has fifty guesses whatever the accounts") {
  for (int i = 0; i < SignInThrottle::per_address; ++i)
    CHECK(knock("guess", {}, "192.0.2.1", "user" + std::to_string(i) + "@x.example").error().code ==
          "invalid_credentials");
  CHECK(knock("guess", {}, "192.0.2.1", "last@x.example").error().code == "too_many_attempts");
  CHECK(knock("guess", {}, "192.0.2.2", "last@x.example").error().code == "invalid_credentials");
}

TEST_CASE_FIXTURE(Door, "an unknown address is throttled like a known one") {
  for (int i = 0; i < SignInThrottle::per_account; ++i)
    CHECK(knock("guess", {}, "192.0.2." + std::to_string(i), "nobody@x.example").error().code == "invalid_credentials");
  CHECK(knock("guess", {}, "192.0.2.99", "nobody@x.example").error().code == "too_many_attempts");
}

TEST_CASE_FIXTURE(Door, "a password that was hashed as it was typed opens once more, and then in either spelling") {
  const std::string apart = "cafe\u0301 cre\u0300me bru\u0302le\u0301e";
  const std::string composed = "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e";
  std::array<char, crypto_pwhash_argon2id_STRBYTES> old_hash{};
  REQUIRE(crypto_pwhash_argon2id_str(old_hash.data(), apart.data(), apart.size(), cheap_cost.passes,
                                     cheap_cost.memory_bytes) == 0);
  CHECK(write([&](store::Transaction& tx) {
    return set_password(tx, system_actor(workspace.id), {.user = zoe.id, .hash = old_hash.data()});
  }));
  CHECK(knock(composed).error().code == "invalid_credentials");
  CHECK(knock("cafe creme brulee").error().code == "invalid_credentials");
  CHECK(knock(apart));
  CHECK(knock(composed));
  CHECK(knock(apart));
}

TEST_CASE_FIXTURE(Door, "signing in again ends the session that the browser had") {
  const auto first = must(knock(right));
  std::int64_t wait = 0;
  const auto second = must(sign_in({.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost},
                                   {.email = "zoe@acme.example",
                                    .password = right,
                                    .device_token = first.device_token,
                                    .user_agent = "Test",
                                    .address = "::1",
                                    .address_key = "::1",
                                    .replaces_token = first.session.token},
                                   wait));
  authenticator.changed();
  CHECK(!authenticator.by_session(first.session.token));
  CHECK(authenticator.by_session(second.session.token));
  CHECK(second.device_token == first.device_token);
}

// CVE-2017-5619 (the hash of a password signs in), CVE-2020-10104.
TEST_CASE_FIXTURE(Door, "what the store keeps of a password, a session or a key opens nothing") {
  const auto in = must(knock(right));
  const auto made =
      must(write([&](store::Transaction& tx) { return create_api_key(tx, actor_of(admin), {.name = "K"}); }));
  const auto hash =
      must(database->query([&](store::Session& s) { return load_password_hash(s, workspace.id, zoe.id); }));
  CHECK(hash.starts_with("$argon2"));
  CHECK(knock(hash).error().code == "invalid_credentials");
  const auto kept = must(database->query([](store::Session& s) {
    return s.all("select token_hash from sessions union all select secret_hash from api_keys", {},
                 [](const store::Row& row) { return std::string(row.bytes(0)); });
  }));
  CHECK(kept.size() == 2);
  for (const auto& bytes : kept) {
    for (const auto& text : {bytes, to_base64url(bytes), to_hex(bytes)}) {
      CHECK(!authenticator.by_session(text));
      CHECK(!authenticator.by_api_key(text));
      CHECK(!authenticator.by_api_key("ak_" + text));
    }
  }
  CHECK(authenticator.by_session(in.session.token));
  CHECK(authenticator.by_api_key(made.secret));
  CHECK(!authenticator.by_session(made.secret));  // though it is known from a moment ago
  CHECK(!authenticator.by_api_key(in.session.token));
}

// CVE-2026-27637, CVE-2026-40496, CVE-2026-38447 (made of the time and what everybody knows), CVE-2024-33668.
TEST_CASE_FIXTURE(Door, "what is made in one moment for one person has nothing in common") {
  std::vector<std::string> secrets;
  for (int i = 0; i < 20; ++i) {
    const auto in = must(knock(right));  // the clock stands still
    secrets.push_back(in.session.token);
    secrets.push_back(in.device_token);
    secrets.push_back(must(write([&](store::Transaction& tx) {
                        return create_api_key(tx, actor_of(admin), {.name = "K" + std::to_string(i)});
                      })).secret.substr(3));
  }
  for (const auto& secret : secrets) CHECK(secret.size() >= 43);  // 256 bits
  for (std::size_t from = 0; from + 8 <= 40; from += 8) {
    std::vector<std::string> parts;
    for (const auto& secret : secrets) parts.push_back(secret.substr(from, 8));
    std::ranges::sort(parts);
    CHECK(std::ranges::adjacent_find(parts) == parts.end());
  }
}

// CVE-2009-3585 (a session that somebody else has chosen), CVE-2015-1464.
TEST_CASE_FIXTURE(Door, "a session that the browser brought along, and nobody opened, is not opened by signing in") {
  const std::string planted(43, 'A');
  std::int64_t wait = 0;
  const auto in = must(sign_in({.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost},
                               {.email = "zoe@acme.example",
                                .password = right,
                                .device_token = planted,
                                .user_agent = "Test",
                                .address = "::1",
                                .address_key = "::1",
                                .replaces_token = planted},
                               wait));
  CHECK(in.session.token != planted);
  CHECK(in.device_token != planted);
  CHECK(!authenticator.by_session(planted));
}

TEST_CASE_FIXTURE(Door, "a session ends after 14 days without use and after 30 days in any case") {
  const auto token = must(knock(right)).session.token;
  clock.advance_ms(session_idle_ms - 1);
  CHECK(authenticator.by_session(token));
  settle();
  clock.advance_ms(session_idle_ms - 1);
  CHECK(authenticator.by_session(token));
  settle();
  clock.advance_ms(session_absolute_ms - 2 * session_idle_ms + 2 - 1);
  CHECK(authenticator.by_session(token));
  clock.advance_ms(1);
  CHECK(authenticator.by_session(token).error().code == "not_signed_in");
  const auto idle = must(knock(right)).session.token;
  clock.advance_ms(session_idle_ms);
  CHECK(!authenticator.by_session(idle));
  CHECK(must(write([](store::Transaction& tx) { return delete_ended_sessions(tx, 100); })) == 2);
}

TEST_CASE_FIXTURE(Door, "a session that is ended is refused at once here and within a second elsewhere") {
  Authenticator elsewhere{*database, clock};
  const auto in = must(knock(right));
  CHECK(authenticator.by_session(in.session.token));
  CHECK(elsewhere.by_session(in.session.token));
  CHECK(write([&](store::Transaction& tx) { return end_all_my_sessions(tx, actor_of(zoe, in.session.id)); }));
  authenticator.changed();
  CHECK(!authenticator.by_session(in.session.token));
  clock.advance_ms(Authenticator::remembered_ms);
  CHECK(!elsewhere.by_session(in.session.token));
}

TEST_CASE_FIXTURE(Door, "a person sees and ends the own sessions only") {
  const auto mine = must(knock(right));
  const auto theirs = must(knock(right, {}, "::1", "admin@acme.example"));
  const auto me = actor_of(zoe, mine.session.id);
  CHECK(must(database->query([&](store::Session& s) { return sessions_of(s, me, zoe.id); })).size() == 1);
  CHECK(write([&](store::Transaction& tx) { return end_session(tx, me, theirs.session.id); }).error().code ==
        "session_unknown");
  CHECK(authenticator.by_session(theirs.session.token));
}

TEST_CASE_FIXTURE(Door, "a new password ends all other sessions and the devices are strangers again") {
  const auto old_one = must(knock(right));
  const auto current = must(knock(right));
  CHECK(write([&](store::Transaction& tx) {
    return set_password(tx, actor_of(zoe, current.session.id),
                        {.user = zoe.id, .hash = "x", .keep_session = current.session.id});
  }));
  authenticator.changed();
  CHECK(!authenticator.by_session(old_one.session.token));
  CHECK(authenticator.by_session(current.session.token));
  CHECK(must(database->query([](store::Session& s) { return s.number("select count(*) from known_devices"); })) == 0);
}

TEST_CASE_FIXTURE(Door, "signing in and out and refused attempts are in the ledger") {
  const auto in = must(knock(right));
  CHECK(!knock("wrong password 1"));
  CHECK(write([&](store::Transaction& tx) { return end_session(tx, actor_of(zoe, in.session.id), in.session.id); }));
  const auto names = acts();
  for (const auto* name : {"session.sign_in", "session.sign_in_refused", "session.sign_out"})
    CHECK_MESSAGE(std::count(names.begin(), names.end(), name) == 1, name);
}

TEST_CASE_FIXTURE(Door, "the fifty-first session of a person ends the one used least recently") {
  const auto first = must(knock(right));
  for (std::int64_t i = 1; i < sessions_per_user_max; ++i) {
    clock.advance_ms(1);
    must(knock(right));
  }
  CHECK(authenticator.by_session(first.session.token));
  clock.advance_ms(Authenticator::remembered_ms);
  must(knock(right));
  CHECK(!authenticator.by_session(first.session.token));
}

TEST_CASE_FIXTURE(Door, "an API key acts as itself with its own role until it expires or is revoked") {
  const auto by = actor_of(admin);
  const auto created = must(write([&](store::Transaction& tx) {
    return create_api_key(tx, by, {.name = "Importer", .may_write = true, .expires_at = clock.now() + day_ms});
  }));
  CHECK(created.secret.starts_with(created.key.prefix));
  const auto actor = must(authenticator.by_api_key(created.secret));
  CHECK(actor.kind == Actor::Kind::api_key);
  CHECK(actor.role == Role::agent);
  CHECK(actor.user.is_nil());
  CHECK(actor.may_write);
  clock.advance_ms(day_ms);
  CHECK(authenticator.by_api_key(created.secret).error().code == "api_key_invalid");
  const auto second = must(write([&](store::Transaction& tx) { return create_api_key(tx, by, {.name = "Second"}); }));
  CHECK(!must(authenticator.by_api_key(second.secret)).may_write);
  CHECK(write([&](store::Transaction& tx) { return revoke_api_key(tx, by, second.key.id); }));
  authenticator.changed();
  CHECK(!authenticator.by_api_key(second.secret));
  CHECK(must(database->query([&](store::Session& s) { return api_keys(s, by); })).size() == 1);
}

TEST_CASE("a key that was not copied whole is recognised without a look-up") {
  CHECK(!is_api_key_form(""));
  CHECK(!is_api_key_form("ak_"));
  CHECK(!is_api_key_form("ak_" + std::string(49, 'a')));
}

TEST_CASE_FIXTURE(Door, "a key has at most the role of who makes it, and agents make none") {
  const auto make = [&](const Actor& by, Role role) {
    return write([&](store::Transaction& tx) { return create_api_key(tx, by, {.name = "K", .role = role}); });
  };
  CHECK(make(actor_of(zoe), Role::agent).error().kind == ErrorKind::denied);
  CHECK(make(actor_of(admin), Role::operator_).error().code == "role_invalid");
  CHECK(make(actor_of(admin), Role::administrator));
}

}  // namespace
}  // namespace answerable::access
