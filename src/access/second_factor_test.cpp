#include "access/second_factor.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_mail.h"
#include "access/authenticator.h"
#include "access/authorize.h"
#include "access/confirm_session.h"
#include "access/testing.h"
#include "access/totp.h"
#include "base/base32.h"
#include "base/digest.h"

namespace answerable::access {
namespace {

constexpr const char* right = "correct horse 7 battery";

struct Phone : AccessFixture {
  std::string key = std::string(32, 'k');
  User zoe = add("zoe@acme.example", Role::agent);
  User admin = add("admin@acme.example", Role::administrator);
  SignInThrottle throttle{clock};
  Authenticator authenticator{*database, clock};
  std::int64_t wait_ms = 0;

  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  Actor me() { return actor_of(zoe); }
  SignInParts parts() {
    return {.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost, .second_factor_key = key};
  }
  Result<SignedIn> knock(std::string_view code, std::string_view password = right) {
    return sign_in(parts(), {.email = "zoe@acme.example", .password = std::string(password), .code = std::string(code)},
                   wait_ms);
  }
  std::string code_now(std::int64_t later = 0) {
    return must(totp_code(secret, {}, clock.now().ms / 1'000 + later * 30));
  }
  // The code that was shown is used up with it.
  std::vector<std::string> set_up() {
    const auto begun = must(write([&](store::Transaction& tx) { return begin_second_factor(tx, key, me()); }));
    secret = must(Result<std::string>(from_base32(begun.secret).value_or("")));
    return must(write([&](store::Transaction& tx) { return confirm_second_factor(tx, key, me(), code_now()); }));
  }
  Status remove(const Actor& by) {
    return write([&](store::Transaction& tx) { return remove_second_factor(tx, by, zoe.id); });
  }
  std::string secret;
};

TEST_CASE_FIXTURE(Phone, "once it is set up, a password alone signs nobody in, and a code is good once") {
  CHECK(knock(""));
  const auto codes = set_up();
  CHECK(codes.size() == recovery_codes_given);
  CHECK(knock("").error().code == "second_factor_needed");
  CHECK(knock("000000").error().code == "code_wrong");
  CHECK(knock(code_now()).error().code == "code_wrong");  // it confirmed the set-up
  CHECK(knock(code_now(1)));
  CHECK(knock(code_now(1)).error().code == "code_wrong");
  clock.advance_ms(60'000);
  auto typed = code_now();
  typed.insert(3, " ");
  CHECK(knock(typed));
}

TEST_CASE_FIXTURE(Phone, "who does not know the password learns nothing of the second factor") {
  set_up();
  CHECK(knock("", "wrong password 12").error().code == "invalid_credentials");
  CHECK(knock(code_now(1), "wrong password 12").error().code == "invalid_credentials");
  CHECK(knock(code_now(1)));
}

TEST_CASE_FIXTURE(Phone, "codes cannot be guessed: ten wrong ones, and the right one waits as well") {
  set_up();
  for (int i = 0; i < SignInThrottle::per_account; ++i) CHECK(knock("000000").error().code == "code_wrong");
  CHECK(knock(code_now(1)).error().code == "too_many_attempts");
}

TEST_CASE_FIXTURE(Phone, "being asked for the code is no failed attempt") {
  set_up();
  for (int i = 0; i < SignInThrottle::per_account + 1; ++i) CHECK(knock("").error().code == "second_factor_needed");
}

TEST_CASE_FIXTURE(Phone, "a recovery code gets in once, however it is typed, and is gone") {
  const auto codes = set_up();
  auto typed = codes[3];
  std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  std::erase(typed, '-');
  CHECK(knock(typed));
  CHECK(knock(codes[3]).error().code == "code_wrong");
  CHECK(must(database->query([&](store::Session& s) { return my_second_factor(s, me()); })).recovery_codes_left ==
        recovery_codes_given - 1);
  const auto fresh = must(write([&](store::Transaction& tx) { return renew_recovery_codes(tx, me()); }));
  CHECK(knock(codes[4]).error().code == "code_wrong");
  CHECK(knock(fresh[0]));
}

TEST_CASE_FIXTURE(Phone, "a person is told by mail when a second factor is set up, and who has taken it off") {
  const auto mails = [&] {
    return must(write([](store::Transaction& tx) { return claim_account_mails(tx, 60'000, 100); }));
  };
  set_up();
  auto told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::second_factor_added);
  CHECK(told[0].to == zoe.email);
  must(remove(actor_of(admin)));
  told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::second_factor_removed);
  CHECK(told[0].by == admin.name);
}

TEST_CASE_FIXTURE(Phone, "a recovery code has 120 bits, and a shorter one of before is still good") {
  const auto codes = set_up();
  CHECK(bare_code(codes[0]).size() == 24);
  CHECK(codes[0].size() == 29);
  const auto hash = sha256("ABCDEFGHIJKLMNOP");
  must(write([&](store::Transaction& tx) {
    return tx.execute("insert into recovery_codes (workspace_id, user_id, code_hash) values ($1, $2, $3)",
                      {workspace.id, zoe.id, store::Bytes{as_bytes(hash)}});
  }));
  CHECK(knock("abcd-efgh-ijkl-mnop"));
  CHECK(knock("abcd-efgh-ijkl-mnop").error().code == "code_wrong");
}

TEST_CASE_FIXTURE(Phone, "neither secret nor recovery codes stand in the store, and a row of another does not open") {
  const auto codes = set_up();
  const auto found = must(database->query([&](store::Session& s) {
    return s.find("select sealed_secret from second_factors", {},
                  [](const store::Row& row) { return std::string(row.bytes(0)); });
  }));
  const auto stored = found.value_or("");
  CHECK(stored.find(secret) == std::string::npos);
  must(write([&](store::Transaction& tx) {
    return tx.execute(
        "insert into second_factors (workspace_id, user_id, sealed_secret, created_at, confirmed_at, "
        "last_step) values ($1, $2, $3, 0, 1, 0)",
        {workspace.id, admin.id, store::Bytes{stored}});
  }));
  CHECK(write([&](store::Transaction& tx) { return use_second_code(tx, key, admin, code_now(1)); }).error().code ==
        "secret_unreadable");
}

TEST_CASE_FIXTURE(Phone, "it is set up with a right code only, and not twice") {
  must(write([&](store::Transaction& tx) { return begin_second_factor(tx, key, me()); }));
  const auto wrong = write([&](store::Transaction& tx) { return confirm_second_factor(tx, key, me(), "000000"); });
  CHECK(wrong.error().code == "code_wrong");
  CHECK(knock(""));  // nothing is asked for yet
  set_up();
  CHECK(write([&](store::Transaction& tx) { return begin_second_factor(tx, key, me()); }).error().code ==
        "second_factor_is_on");
  CHECK(write([&](store::Transaction& tx) { return confirm_second_factor(tx, key, me(), code_now(1)); }).error().code ==
        "second_factor_not_begun");
}

TEST_CASE_FIXTURE(Phone, "a role that must have it does nothing else first, and cannot take it off again") {
  const auto session = must(knock("")).session;
  CHECK(!must(authenticator.by_session(session.token)).must_set_second_factor);
  CHECK(write([&](store::Transaction& tx) { return set_second_factor_roles(tx, actor_of(admin), {Role::agent}); }));
  authenticator.changed();
  const auto actor = must(authenticator.by_session(session.token));
  CHECK(actor.must_set_second_factor);
  CHECK(authorize(actor, "conversation", "list").error().code == "second_factor_required");
  CHECK(authorize(actor, "me", "second_factor", true));
  set_up();
  CHECK(remove(me()).error().code == "second_factor_required");
  CHECK(!must(authenticator.by_session(must(knock(code_now(1))).session.token)).must_set_second_factor);
  CHECK(remove(actor_of(admin)));
  CHECK(write([&](store::Transaction& tx) { return set_second_factor_roles(tx, me(), {}); }).error().kind ==
        ErrorKind::denied);
}

TEST_CASE_FIXTURE(Phone, "an administrator takes it off who has lost it, and all sessions end") {
  set_up();
  const auto session = must(knock(code_now(1))).session;
  CHECK(remove(actor_of(admin)));
  authenticator.changed();
  CHECK(!authenticator.by_session(session.token));
  CHECK(knock(""));
  CHECK(remove(actor_of(admin)).error().code == "second_factor_is_off");
  const auto names = acts();
  for (const auto* name : {"user.add_second_factor", "user.reset_second_factor"})
    CHECK_MESSAGE(std::count(names.begin(), names.end(), name) == 1, name);
}

TEST_CASE_FIXTURE(Phone, "a password that is too short alone must be changed when the second factor goes") {
  set_up();
  CHECK(write([&](store::Transaction& tx) {
    return set_password(tx, me(),
                        {.user = zoe.id, .hash = "x", .keep_session = std::nullopt, .needs_second_factor = true});
  }));
  CHECK(remove(me()));
  CHECK(must(database->query([&](store::Session& s) {
          return find_user(s, workspace.id, zoe.id);
        }))->must_change_password);
}

TEST_CASE_FIXTURE(Phone, "dangerous acts ask who it is again five minutes after signing in") {
  const auto session = must(sign_in(parts(), {.email = "admin@acme.example", .password = right}, wait_ms)).session;
  const auto act = [&] { return authorize(must(authenticator.by_session(session.token)), "api_key", "create"); };
  clock.advance_ms(confirmed_ms);
  CHECK(act());
  clock.advance_ms(1);
  CHECK(act().error().code == "step_up_required");
  CHECK(authorize(must(authenticator.by_session(session.token)), "api_key", "list"));
  const auto confirm = [&](std::string_view password) {
    return confirm_session(parts(), must(authenticator.by_session(session.token)),
                           {.password = std::string(password), .code = {}}, wait_ms);
  };
  CHECK(confirm("wrong password 12").error().code == "wrong_password");
  authenticator.changed();
  CHECK(act().error().code == "step_up_required");
  CHECK(confirm(right));
  authenticator.changed();
  CHECK(act());
}

TEST_CASE_FIXTURE(Phone,
                  "to say again who it is takes the code as well where there is one, and can be tried ten times") {
  set_up();
  const auto session = must(knock(code_now(1))).session;
  const auto actor = must(authenticator.by_session(session.token));
  clock.advance_ms(60'000);
  const auto confirm = [&](std::string code) {
    return confirm_session(parts(), actor, {.password = right, .code = std::move(code)}, wait_ms);
  };
  CHECK(confirm("").error().code == "code_wrong");
  CHECK(confirm(code_now()));
  for (int i = 1; i < SignInThrottle::per_account; ++i) CHECK(confirm("000000").error().code == "code_wrong");
  CHECK(confirm(code_now(1)).error().code == "too_many_attempts");
}

}  // namespace
}  // namespace answerable::access
