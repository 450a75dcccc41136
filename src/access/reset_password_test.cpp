#include "access/reset_password.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_letter.h"
#include "access/account_mail.h"
#include "access/authenticator.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

constexpr const char* key = "the key of links, of this installation";

struct Locked : AccessFixture {
  User zoe = add("zoe@acme.example", Role::agent);
  User admin = add("admin@acme.example", Role::administrator);

  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  void ask(std::string_view email) {
    ask_for_password_reset(*database, key, email);
    CHECK(write([](store::Transaction&) -> Status { return {}; }));  // behind it in the queue
  }
  std::vector<AccountMail> mails() {
    return must(write([](store::Transaction& tx) { return claim_account_mails(tx, 1'000, 100); }));
  }
  Result<AccountLink> load(std::string_view token) {
    return database->query([&](store::Session& session) { return load_account_link(session, token); });
  }
  Status choose(const AccountLink& link) {
    return write([&](store::Transaction& tx) { return set_password_by_link(tx, link, {.hash = "a hash"}); });
  }
  std::string asked_token() {
    ask("zoe@acme.example");
    return link_token(key, mails().back().link);
  }
  User invited() {
    return must(write([&](store::Transaction& tx) {
      return create_user(tx, actor_of(admin),
                         {.name = "Max", .email = "max@acme.example", .must_change_password = false});
    }));
  }
};

TEST_CASE_FIXTURE(Locked, "only who may sign in is sent a link, and only to the own address") {
  ask("ZOE@acme.example ");
  ask("nobody@acme.example");
  must(write([&](store::Transaction& tx) { return update_user(tx, actor_of(admin), zoe.id, {.is_active = false}); }));
  ask("zoe@acme.example");
  const auto sent = mails();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].to == "zoe@acme.example");
  CHECK(sent[0].kind == LetterKind::password_reset);
}

TEST_CASE_FIXTURE(Locked, "a link chooses one password, ends all sessions, and is good no more") {
  const auto session = must(write([&](store::Transaction& tx) {
    return open_session(tx, {.workspace = workspace.id, .user = zoe.id, .user_agent = "Test", .address = "::1"});
  }));
  Authenticator authenticator{*database, clock};
  const auto link = must(load(asked_token()));
  CHECK(link.user.id == zoe.id);
  CHECK(choose(link));
  CHECK(!authenticator.by_session(session.token));
  CHECK(choose(link).error().code == "link_unknown");
  CHECK(load(link_token(key, link.id)).error().code == "link_unknown");
  const auto told = mails();
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == LetterKind::password_changed);
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "user.reset_password") == 1);
}

TEST_CASE_FIXTURE(Locked, "a link is good for ten minutes and not a millisecond longer") {
  const auto token = asked_token();
  clock.advance_ms(reset_link_ms - 1);
  const auto link = must(load(token));
  clock.advance_ms(1);
  CHECK(!load(token));
  CHECK(choose(link).error().code == "link_unknown");
}

TEST_CASE_FIXTURE(Locked, "the store holds neither the token nor what would make it") {
  const auto token = asked_token();
  CHECK(token.size() == link_token_characters);
  const auto count = [&](store::Sql sql, std::string_view bytes) {
    return must(database->query([&](store::Session& s) { return s.number(sql, {store::Bytes{bytes}}); }));
  };
  CHECK(count("select count(*) from account_links where token_hash = $1", token) == 0);
  CHECK(link_token("another key", must(load(token)).id) != token);
  auto guess = token;
  guess.back() = guess.back() == 'A' ? 'B' : 'A';
  CHECK(!load(guess));
  CHECK(!load(""));
  CHECK(!load(token + "A"));
}

// CVE-2026-53595 (a blank matches the hash that a used invitation left empty), CVE-2026-41902.
TEST_CASE_FIXTURE(Locked, "nothing that is empty, blank or has blanks around it is the token of a link, used or not") {
  const auto max = invited();
  CHECK(write([&](store::Transaction& tx) { return invite_user(tx, key, actor_of(admin), max.id); }));
  const auto token = link_token(key, mails().back().link);
  const auto none_opens = [&] {
    for (const auto& guess : {std::string(), std::string(" "), std::string(link_token_characters, ' '),
                              std::string(link_token_characters, '\0'), token + " ", " " + token, token + "\n"})
      CHECK(load(guess).error().code == "link_unknown");
  };
  none_opens();
  CHECK(choose(must(load(token))));
  none_opens();
  CHECK(!load(token));
}

TEST_CASE_FIXTURE(Locked, "any new password ends the links that are under way") {
  const auto first = asked_token();
  const auto second = asked_token();
  CHECK(choose(must(load(second))));
  CHECK(!load(first));
  const auto third = asked_token();
  CHECK(write([&](store::Transaction& tx) {
    return set_password(tx, actor_of(admin), {.user = zoe.id, .hash = "x", .keep_session = std::nullopt});
  }));
  CHECK(!load(third));
}

TEST_CASE_FIXTURE(Locked, "three links an hour, so that nobody's mailbox is filled by a stranger") {
  for (int i = 0; i < reset_links_per_hour_max + 1; ++i) ask("zoe@acme.example");
  CHECK(mails().size() == static_cast<std::size_t>(reset_links_per_hour_max));
  clock.advance_ms(3'600'000);
  ask("zoe@acme.example");
  CHECK(std::ranges::count(mails(), clock.now(), &AccountMail::created_at) == 1);
}

TEST_CASE_FIXTURE(Locked, "who is invited has no password until the link is used, within three days") {
  const auto max = invited();
  CHECK(!max.has_password);
  const auto invite = [&] {
    return write([&](store::Transaction& tx) { return invite_user(tx, key, actor_of(admin), max.id); });
  };
  CHECK(invite());
  const auto sent = mails();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].about == "Acme");
  CHECK(sent[0].by == "admin");
  const auto token = link_token(key, sent[0].link);
  clock.advance_ms(invitation_link_ms - 1);
  CHECK(choose(must(load(token))));
  CHECK(invite().error().code == "has_password");
  CHECK(mails().size() == 1);  // the invitation again, which nobody has settled: accepting tells nothing more
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "user.accept_invitation") == 1);
}

TEST_CASE_FIXTURE(Locked, "nobody signs in with an account that has no password yet") {
  invited();
  SignInThrottle throttle{clock};
  std::int64_t wait_ms = 0;
  for (const auto* password : {"", "x"})
    CHECK(sign_in({.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost},
                  {.email = "max@acme.example", .password = password}, wait_ms)
              .error()
              .code == "invalid_credentials");
}

TEST_CASE_FIXTURE(Locked, "agents invite nobody, and one person gets five invitations an hour") {
  const auto max = invited();
  const auto invite = [&](const User& by) {
    return write([&](store::Transaction& tx) { return invite_user(tx, key, actor_of(by), max.id); });
  };
  CHECK(invite(zoe).error().kind == ErrorKind::denied);
  for (int i = 0; i < invitations_per_hour_max; ++i) CHECK(invite(admin));
  CHECK(invite(admin).error().code == "too_many_invitations");
}

TEST_CASE_FIXTURE(Locked, "a mail is given to one sender at a time until it has left or nobody waits for it") {
  ask("zoe@acme.example");
  const auto first = mails();
  REQUIRE(first.size() == 1);
  CHECK(mails().empty());
  clock.advance_ms(1'000);
  CHECK(mails().size() == 1);
  CHECK(write([&](store::Transaction& tx) { return postpone_account_mail(tx, first[0].id, 5'000); }));
  clock.advance_ms(4'999);
  CHECK(mails().empty());
  clock.advance_ms(reset_link_ms);
  CHECK(mails().empty());
  CHECK(must(write([](store::Transaction& tx) { return delete_expired_account_mails(tx, 10); })) == 1);
  CHECK(must(write([](store::Transaction& tx) { return delete_old_links(tx, 10); })) == 0);
  clock.advance_ms(30 * day_ms);
  CHECK(must(write([](store::Transaction& tx) { return delete_old_links(tx, 10); })) == 1);
}

TEST_CASE("letters are in the person's language, and the token stands where no server sees it") {
  const auto letter_of = [](LetterKind kind, std::string language, std::string_view token) {
    return write_letter(
               {.kind = kind, .language = std::move(language), .name = "Zoé", .by = "Max {0}", .about = "Acme"},
               "https://desk.example", token)
        .text;
  };
  const auto has = [](const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; };
  for (const auto kind :
       {LetterKind::password_reset, LetterKind::invitation, LetterKind::password_changed, LetterKind::exposed_link,
        LetterKind::exposed_own, LetterKind::exposed_other, LetterKind::shared_code, LetterKind::much_read,
        LetterKind::second_factor_added, LetterKind::second_factor_removed, LetterKind::passkey_added,
        LetterKind::passkey_removed, LetterKind::new_device}) {
    CHECK(letter_of(kind, "fr", "").starts_with("Bonjour Zoé,"));
    CHECK(letter_of(kind, "en", "").starts_with("Hello Zoé,"));
    CHECK(has(letter_of(kind, "en", ""), "https://desk.example/"));
    CHECK(!has(letter_of(kind, "en", ""), "#"));
  }
  CHECK(has(letter_of(LetterKind::invitation, "en", "TOKEN"), "https://desk.example/account/password#TOKEN\n"));
  CHECK(has(letter_of(LetterKind::exposed_link, "fr", "TOKEN"), "https://desk.example/account/exposed#TOKEN\n"));
}

}  // namespace
}  // namespace answerable::access
