#include <doctest/doctest.h>

#include "access/account_letter.h"
#include "access/user.h"
#include "intake/testing.h"

namespace answerable::intake {
namespace {

struct Granted : TestIntake {
  Channel channel = add_channel("email", "help@example.org", "{}", {{"token", "one"}});
  Channel now() { return *directory.find(channel.id); }
  bool refuse(const std::string& value) {
    const Error why{.kind = ErrorKind::unauthenticated, .code = "oauth_refused", .detail = "It was revoked."};
    return database
        ->write([&](store::Transaction& tx) {
          return require_reauthorisation(tx, directory, channel, {"token", value}, why);
        })
        .value();
  }
  std::int64_t entries() {
    return count(
        "select count(*) from ledger_entries where cast(encoded as text) like '%channel.needs_reauthorisation%'");
  }
  void update(const ChannelChange& change) {
    REQUIRE(database->write(
        [&](store::Transaction& tx) { return update_channel(tx, directory, actor, channel.id, change); }));
  }
};

TEST_CASE_FIXTURE(Granted, "what a provider refuses is told once, and not when the secret is another by then") {
  CHECK_FALSE(refuse("older"));
  CHECK(now().state == ChannelState::active);
  CHECK(refuse("one"));
  CHECK(now().state == ChannelState::needs_reauthorisation);
  CHECK(now().state_detail == "It was revoked.");
  CHECK_FALSE(refuse("one"));
  CHECK(entries() == 1);
  ChannelChange change;
  change.state = ChannelState::disabled;
  update(change);
  CHECK_FALSE(refuse("one"));
}

TEST_CASE_FIXTURE(Granted, "administrators are told once by mail that a mailbox lets us in no more; others are not") {
  const auto hire = [&](const std::string& email, access::Role role) {
    const access::NewUser person{
        .workspace = workspace, .name = "Ada", .email = email, .role = role, .password_hash = "hash"};
    REQUIRE(database->write([&](store::Transaction& tx) { return access::create_user(tx, actor, person); }));
  };
  hire("ada@example.org", access::Role::administrator);
  hire("bo@example.org", access::Role::agent);
  CHECK(refuse("one"));
  CHECK_FALSE(refuse("one"));
  const auto told = database->write([](store::Transaction& tx) { return access::claim_account_mails(tx, 1, 10); });
  REQUIRE(told.value().size() == 1);
  CHECK(told->front().to == "ada@example.org");
  const auto letter = access::write_letter(told->front(), "https://desk.example.org", {});
  CHECK(letter.subject == "Mail is no longer fetched: " + channel.name);
  CHECK(letter.text.contains("https://desk.example.org/settings/channels\n"));
}

TEST_CASE_FIXTURE(Granted, "any new setting or secret has a channel tried again; its name alone does not") {
  CHECK(refuse("one"));
  ChannelChange change;
  change.name = "Other";
  update(change);
  CHECK(now().state == ChannelState::needs_reauthorisation);
  change.secrets = {{"token", "two"}};
  update(change);
  CHECK(now().state == ChannelState::active);
  CHECK(now().state_detail.empty());
}

TEST_CASE_FIXTURE(Granted, "a secret that changes by itself replaces what it was and nothing else") {
  const auto replace = [&](const std::string& old, const std::string& value) {
    return database
        ->write([&](store::Transaction& tx) { return replace_secret(tx, directory, channel, {"token", old}, value); })
        .value();
  };
  CHECK(replace("one", "two"));
  CHECK(directory.secret(now(), "token") == "two");
  CHECK_FALSE(replace("one", "three"));
  CHECK(directory.secret(now(), "token") == "two");
}

}  // namespace
}  // namespace answerable::intake
