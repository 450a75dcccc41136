#include "access/passkey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_mail.h"
#include "access/authenticator.h"
#include "access/confirm_session.h"
#include "access/report_exposed.h"
#include "access/second_factor.h"
#include "access/soft_authenticator_test.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

constexpr const char* password = "correct horse 7 battery";

struct KeyRing : AccessFixture {
  const std::string key = std::string(32, 'k');
  const RelyingParty party = relying_party("https://desk.example");
  User zoe = add("zoe@acme.example", Role::agent, password);
  User admin = add("admin@acme.example", Role::administrator, password);
  SignInThrottle throttle{clock};
  Authenticator authenticator{*database, clock};
  SignInParts parts{
      .database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost, .second_factor_key = key};
  SoftAuthenticator phone;

  ClientData client(std::string_view type, std::string_view challenge) const {
    return {.type = std::string(type),
            .challenge = std::string(challenge),
            .origin = party.origin,
            .is_cross_origin = false,
            .hash = sha256(std::string(type).append(challenge))};
  }
  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  Result<AddedPasskey> add_to(const Actor& me, const SoftAuthenticator& made, std::string_view challenge) {
    return write([&](store::Transaction& tx) {
      return add_passkey(tx, party, key, me,
                         {.name = "Phone",
                          .client = client("webauthn.create", challenge),
                          .authenticator_data = made.registration("desk.example")});
    });
  }
  Result<AddedPasskey> add_to(const Actor& me, const SoftAuthenticator& made) {
    return add_to(me, made, challenge_to_add_passkey(key, me, clock.now()));
  }
  PasskeyUse use(const SoftAuthenticator& with, std::string_view challenge) const {
    const auto data = with.assertion("desk.example");
    const auto said = client("webauthn.get", challenge);
    return {.credential_id = with.credential_id(),
            .client = said,
            .authenticator_data = data,
            .signature = with.sign(data, said.hash)};
  }
  Result<SignedIn> enter_with(SoftAuthenticator& with) {
    ++with.counter;
    return sign_in_with_passkey(parts, party, use(with, challenge_to_sign_in(key, clock.now())),
                                {.user_agent = "Test"});
  }
  Result<SignedIn> knock(std::string code = {}) {
    std::int64_t wait_ms = 0;
    return sign_in(parts, {.email = "zoe@acme.example", .password = password, .code = std::move(code)}, wait_ms);
  }
  SecondFactorState state() {
    return must(database->query([&](store::Session& s) { return my_second_factor(s, actor_of(zoe)); }));
  }
};

TEST_CASE_FIXTURE(KeyRing, "a passkey signs in without a password, and the first one brings recovery codes") {
  CHECK(enter_with(phone).error().code == "passkey_unknown");
  const auto added = must(add_to(actor_of(zoe), phone));
  CHECK(added.recovery_codes.size() == recovery_codes_given);
  const auto in = must(enter_with(phone));
  CHECK(in.user.id == zoe.id);
  CHECK(must(authenticator.by_session(in.session.token)).is_confirmed);
  const auto listed = must(database->query([&](store::Session& s) { return my_passkeys(s, actor_of(zoe)); }));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].last_used_at == clock.now());
  CHECK(must(add_to(actor_of(zoe), SoftAuthenticator())).recovery_codes.empty());
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "user.add_passkey") == 2);
}

TEST_CASE_FIXTURE(KeyRing, "a person is told by mail of a passkey that was added, and of one that was removed") {
  const auto mails = [&] {
    return must(write([](store::Transaction& tx) { return claim_account_mails(tx, 60'000, 100); }));
  };
  const auto added = must(add_to(actor_of(zoe), phone));
  auto told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::passkey_added);
  CHECK(told[0].to == zoe.email);
  CHECK(told[0].about == "Phone");
  must(write([&](store::Transaction& tx) { return remove_passkey(tx, actor_of(zoe), added.passkey.id); }));
  told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::passkey_removed);
  CHECK(told[0].about == "Phone");
}

TEST_CASE_FIXTURE(KeyRing, "an answer of a passkey is good once, and for what it was asked for") {
  must(add_to(actor_of(zoe), phone));
  const auto challenge = challenge_to_sign_in(key, clock.now());
  ++phone.counter;
  const auto once = use(phone, challenge);
  CHECK(sign_in_with_passkey(parts, party, once, {}));
  ++phone.counter;
  const auto again = use(phone, challenge);  // signed anew, over the challenge that is spent
  CHECK(sign_in_with_passkey(parts, party, again, {}).error().code == "challenge_unknown");
  ++phone.counter;
  const auto to_confirm = use(phone, challenge_to_confirm(key, actor_of(zoe, SessionId::make(clock)), clock.now()));
  CHECK(sign_in_with_passkey(parts, party, to_confirm, {}).error().code == "challenge_unknown");
  const auto for_admin = challenge_to_add_passkey(key, actor_of(admin), clock.now());
  CHECK(add_to(actor_of(zoe), SoftAuthenticator(), for_admin).error().code == "challenge_unknown");
}

TEST_CASE_FIXTURE(KeyRing, "a passkey whose counter went back is refused, as somebody else may have it too") {
  must(add_to(actor_of(zoe), phone));
  must(enter_with(phone));
  phone.counter -= 1;
  CHECK(enter_with(phone).error().code == "passkey_copied");
  CHECK(write([](store::Transaction&) -> Status { return {}; }));  // what was noted beside it is stored
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "session.sign_in_refused") == 1);
  SoftAuthenticator cloud;  // one of those that never count
  cloud.counter = 0;
  must(add_to(actor_of(zoe), cloud));
  for (int i = 0; i < 2; ++i) {
    const auto challenge = challenge_to_sign_in(key, clock.now());
    CHECK(sign_in_with_passkey(parts, party, use(cloud, challenge), {}));
  }
}

TEST_CASE_FIXTURE(KeyRing, "who has a passkey signs in by password only with a recovery code or an app") {
  CHECK(knock());
  const auto added = must(add_to(actor_of(zoe), phone));
  CHECK(knock().error().code == "second_factor_needed");
  CHECK(knock("123456").error().code == "code_wrong");
  CHECK(knock(added.recovery_codes[0]));
  CHECK(knock(added.recovery_codes[0]).error().code == "code_wrong");
  CHECK(state().recovery_codes_left == recovery_codes_given - 1);
  CHECK(!state().is_on);  // no app
  CHECK(state().passkeys == 1);
}

TEST_CASE_FIXTURE(KeyRing, "a passkey counts where a role must have a second factor, and the last one stays") {
  CHECK(write([&](store::Transaction& tx) { return set_second_factor_roles(tx, actor_of(admin), {Role::agent}); }));
  const auto held = must(knock());
  CHECK(must(authenticator.by_session(held.session.token)).must_set_second_factor);
  const auto added = must(add_to(actor_of(zoe, held.session.id), phone));
  authenticator.changed();
  CHECK(!must(authenticator.by_session(held.session.token)).must_set_second_factor);
  const auto remove = [&](PasskeyId id) {
    return write([&](store::Transaction& tx) { return remove_passkey(tx, actor_of(zoe), id); });
  };
  CHECK(remove(added.passkey.id).error().code == "second_factor_required");
  const auto other = must(add_to(actor_of(zoe), SoftAuthenticator()));
  CHECK(remove(added.passkey.id));
  CHECK(enter_with(phone).error().code == "passkey_unknown");
  CHECK(write([&](store::Transaction& tx) { return set_second_factor_roles(tx, actor_of(admin), {}); }));
  CHECK(remove(other.passkey.id));
  CHECK(knock());
  CHECK(state().recovery_codes_left == 0);
}

TEST_CASE_FIXTURE(KeyRing, "a passkey shows again who it is, the own session's only") {
  must(add_to(actor_of(zoe), phone));
  const auto in = must(enter_with(phone));
  clock.advance_ms(confirmed_ms + 1);
  authenticator.changed();
  const auto me = must(authenticator.by_session(in.session.token));
  CHECK(!me.is_confirmed);
  ++phone.counter;
  const auto to_sign_in = use(phone, challenge_to_sign_in(key, clock.now()));
  CHECK(confirm_with_passkey(parts, party, to_sign_in, me).error().kind == ErrorKind::invalid);
  SoftAuthenticator other;
  must(add_to(actor_of(admin), other));
  ++other.counter;
  const auto of_admin = use(other, challenge_to_confirm(key, me, clock.now()));
  CHECK(confirm_with_passkey(parts, party, of_admin, me).error().code == "passkey_unknown");
  CHECK(confirm_with_passkey(parts, party, use(phone, challenge_to_confirm(key, me, clock.now())), me));
  authenticator.changed();
  CHECK(must(authenticator.by_session(in.session.token)).is_confirmed);
}

TEST_CASE_FIXTURE(KeyRing,
                  "passkeys go with an administrator's reset, with a report, and do nothing for the disabled") {
  must(add_to(actor_of(zoe), phone));
  CHECK(write([&](store::Transaction& tx) { return remove_second_factor(tx, actor_of(admin), zoe.id); }));
  CHECK(enter_with(phone).error().code == "passkey_unknown");
  CHECK(knock());
  must(add_to(actor_of(zoe), phone));
  must(write([&](store::Transaction& tx) { return report_exposed(tx, "", actor_of(admin), zoe.id); }));
  CHECK(enter_with(phone).error().code == "passkey_unknown");
  SoftAuthenticator other;
  must(add_to(actor_of(zoe), other));
  must(write([&](store::Transaction& tx) { return update_user(tx, actor_of(admin), zoe.id, {.is_active = false}); }));
  CHECK(enter_with(other).error().code == "passkey_unknown");
}

TEST_CASE_FIXTURE(KeyRing, "a person has at most twenty passkeys, each once, with a name") {
  must(add_to(actor_of(zoe), phone));
  CHECK(add_to(actor_of(zoe), phone).error().code == "passkey_known");
  CHECK(add_to(actor_of(admin), phone).error().code == "passkey_known");
  for (std::int64_t i = 1; i < passkeys_per_user_max; ++i) must(add_to(actor_of(zoe), SoftAuthenticator()));
  CHECK(add_to(actor_of(zoe), SoftAuthenticator()).error().code == "too_many_passkeys");
  const auto id = must(database->query([&](store::Session& s) { return my_passkeys(s, actor_of(zoe)); }))[0].id;
  const auto rename = [&](const User& by, const std::string& name) {
    return write([&](store::Transaction& tx) { return rename_passkey(tx, actor_of(by), id, name); });
  };
  CHECK(must(rename(zoe, "Work phone")).name == "Work phone");
  CHECK(rename(admin, "Mine now").error().code == "passkey_unknown");
  CHECK(rename(zoe, "").error().code == "name_invalid");
  CHECK(rename(zoe, std::string(passkey_name_bytes_max + 1, 'x')).error().code == "name_invalid");
}

}  // namespace
}  // namespace answerable::access
