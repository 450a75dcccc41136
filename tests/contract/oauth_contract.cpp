// Mail of a channel that signs in by OAuth, against a provider and a Dovecot that asks it whose a token is.
#include <future>

#include "contract/desk.h"
#include "contract/oauth_desk.h"

namespace answerable::channels {
namespace {

using contract::OAuthDesk;

std::string mail(int number) {
  return "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: Mail " + std::to_string(number) +
         "\r\nMessage-ID: <" + std::to_string(number) + "@example.com>\r\n\r\nHello.\r\n";
}

struct Sending {
  explicit Sending(OAuthDesk& test) : desk(test) {}
  outbox::Carrier* find(ChannelId id) { return may_send(*desk.directory.find(id)) ? &carrier : nullptr; }
  int run() { return dispatcher->run_once().value(); }
  std::int64_t sent() { return desk.count("select count(*) from deliveries where state = 10"); }
  OAuthDesk& desk;
  SmtpCarrier carrier{desk.carrier_parts, desk.channel.id};
  std::unique_ptr<outbox::Dispatcher> dispatcher = outbox::Dispatcher::make(
      *desk.database, *desk.blobs, [this](WorkspaceId, ChannelId id) { return find(id); }, desk.metrics);
};

TEST_CASE("mail comes in and goes out with an access token, by either mechanism, and by no password") {
  for (const std::string mechanism : {"oauthbearer", "xoauth2"}) {
    CAPTURE(mechanism);
    OAuthDesk test(mechanism);
    test.dovecot.save(mail(1));
    test.open(test.provider.control("grant&user=zoe"));
    test.watch();
    CHECK(test.messages_are(1));
    Sending sending(test);
    test.write_reply(1);
    CHECK(sending.run() == 1);
    CHECK(sending.sent() == 1);
    CHECK(test.sink.line().find("zoe@example.com") != std::string::npos);
    CHECK(test.provider.control("log") == R"({"tokens":1,"refused":0,"reused":0})");
    CHECK(test.state().state == intake::ChannelState::active);
  }
}

TEST_CASE("a server that offers neither mechanism is told no token") {
  OAuthDesk test("");
  test.open(test.provider.control("grant&user=zoe"));
  test.watch();
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::failing; }));
  CHECK(test.state().state_detail.find("OAUTHBEARER") != std::string::npos);
}

TEST_CASE("a token that the mail server takes no more is replaced once, for mailbox and relay") {
  OAuthDesk test;
  test.dovecot.save(mail(1));
  test.open(test.provider.control("grant&user=zoe"));
  REQUIRE(test.token());
  test.provider.control("forget&user=zoe");
  test.watch();
  CHECK(test.messages_are(1));
  CHECK(test.provider.control("log") == R"({"tokens":2,"refused":0,"reused":0})");
  test.provider.control("forget&user=zoe");
  Sending sending(test);
  test.write_reply(1);
  CHECK(sending.run() == 1);
  CHECK(sending.sent() == 1);
  CHECK(test.provider.control("log") == R"({"tokens":3,"refused":0,"reused":0})");
}

TEST_CASE(
    "an access token is kept until shortly before its end, and its refresh token is rotated in the channel alone") {
  OAuthDesk test;
  const auto granted = test.provider.control("grant&user=zoe");
  test.open(granted);
  const auto first = test.token().value();
  test.clock.advance_ms(3'600'000 - 60'001);
  CHECK(test.token() == first);
  test.clock.advance_ms(1);
  const auto second = test.token().value();
  CHECK(second != first);
  const auto stored = test.directory.secret(test.state(), "oauth.refresh_token").value();
  CHECK(stored != granted);
  auto row = test.database->query(
      [&](store::Session& session) { return intake::load_channel(session, test.workspace, test.channel.id); });
  CHECK(test.directory.secret(*row, "oauth.refresh_token") == stored);
  CHECK(row->sealed_secrets.find(stored) == std::string::npos);
}

TEST_CASE("many who need a token at once have it asked for once, and a restart goes on with the rotated one") {
  OAuthDesk test;
  test.open(test.provider.control("grant&user=zoe"));
  std::vector<std::future<Result<std::string>>> users;
  for (int i = 0; i < 8; ++i) users.push_back(std::async(std::launch::async, [&] { return test.token(); }));
  const auto first = users.front().get().value();
  for (std::size_t i = 1; i < users.size(); ++i) CHECK(users[i].get() == first);
  CHECK(test.provider.control("log") == R"({"tokens":1,"refused":0,"reused":0})");
  for (int life = 0; life < 3; ++life) {
    intake::ChannelDirectory directory(test.key);
    REQUIRE(directory.refresh(*test.database));
    AccessTokens tokens(*test.database, directory, test.clock, test.metrics, test.endpoint);
    CHECK(tokens.secret(test.channel, test.server(), ""));
  }
  CHECK(test.tokens->renew(test.channel, first));  // others have had it rotated since this one looked
  CHECK(test.provider.control("log") == R"({"tokens":5,"refused":0,"reused":0})");
}

TEST_CASE("a revoked grant stops the asking, loses nothing, and sending goes on by itself when it is granted again") {
  OAuthDesk test;
  test.dovecot.save(mail(1));
  test.open(test.provider.control("grant&user=zoe"));
  test.watch();
  CHECK(test.messages_are(1));
  Sending sending(test);
  test.provider.control("revoke&user=zoe");
  test.write_reply(1);
  CHECK(sending.run() == 1);  // which finds it out
  CHECK(test.needs_reauthorisation());
  CHECK(test.state().state_detail.find("revoked") != std::string::npos);
  const auto asked = test.provider.control("log");
  CHECK(test.count(
            "select count(*) from ledger_entries where cast(encoded as text) like '%channel.needs_reauthorisation%'") ==
        1);
  test.write_reply(2);
  test.clock.advance_ms(3 * 86'400'000LL);
  CHECK(sending.run() == 0);
  CHECK(test.count("select count(*) from deliveries where state = 0") == 2);
  CHECK(test.token().error().code == "oauth_refused");
  CHECK(test.comes_true([&] { return !test.mailboxes->check_within(test.channel.id, 10); }));
  CHECK(test.provider.control("log") == asked);
  test.dovecot.save(mail(2));

  const auto at = begin_authorisation(test.authorisation, test.actor, test.channel.id).value();
  const auto code = test.provider.agree(at);
  const auto state = contract::Provider::state_of(at);
  const auto finished = finish_authorisation(test.authorisation, test.actor, {state, code});
  REQUIRE(finished);
  CHECK(finished->state == intake::ChannelState::active);
  CHECK(test.messages_are(2));
  CHECK(test.count("select position from channel_cursors") == 2);
  CHECK(sending.run() == 2);
  CHECK(sending.sent() == 2);
  CHECK(test.count("select count(*) from ledger_entries where cast(encoded as text) like '%channel.authorise%'") == 1);
}

TEST_CASE("a provider that is down makes a channel fail and not wait for a person") {
  OAuthDesk test;
  test.dovecot.save(mail(1));
  test.open(test.provider.control("grant&user=zoe"));
  test.provider.control("down&on=1");
  test.watch();
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::failing; }));
  test.provider.control("down&on=0");
  CHECK(test.messages_are(1));
  CHECK(test.comes_true([&] { return test.state().state == intake::ChannelState::active; }));
}

TEST_CASE("health that is told late does not lift what waits for a person, and a switched off channel stays off") {
  OAuthDesk test;
  test.open("");
  CHECK(test.token().error().code == "oauth_refused");
  CHECK(test.needs_reauthorisation());
  ChannelHealth health(*test.database, test.directory);
  health.tell(test.channel, "INBOX", "It does not answer.");
  CHECK(test.needs_reauthorisation());
  health.tell(test.channel, "INBOX", "");
  CHECK(test.needs_reauthorisation());
  CHECK(test.provider.control("log") == R"({"tokens":0,"refused":0,"reused":0})");
}

TEST_CASE("an authorisation is good once, for who began it, for that client, and for a quarter of an hour") {
  OAuthDesk test;
  test.open("");
  const auto begin = [&] { return begin_authorisation(test.authorisation, test.actor, test.channel.id).value(); };
  const auto finish = [&](const access::Actor& actor, const std::string& at, const std::string& code) -> std::string {
    auto done = finish_authorisation(test.authorisation, actor, {contract::Provider::state_of(at), code});
    return done ? "done" : done.error().code;
  };
  auto other = test.actor;
  other.user = UserId::make(test.clock);
  auto at = begin();
  auto code = test.provider.agree(at);
  CHECK(finish(other, at, code) == "authorisation_unknown");
  CHECK(finish(test.actor, begin(), "code_guessed") == "authorisation_refused");
  CHECK(finish(test.actor, at, code) == "authorisation_unknown");  // another was begun since
  at = begin();
  test.clock.advance_ms(authorisation_ms_max);
  CHECK(finish(test.actor, at, test.provider.agree(at)) == "authorisation_unknown");
  at = begin();
  code = test.provider.agree(at);
  test.clock.advance_ms(authorisation_ms_max - 1);
  CHECK(finish(test.actor, at, code) == "done");
  CHECK(finish(test.actor, at, code) == "authorisation_unknown");
  at = begin();
  intake::ChannelChange change;
  change.config = test.config();
  change.config->replace(change.config->find("/token\""), 7, "/other\"");
  REQUIRE(test.database->write(
      [&](store::Transaction& tx) { return update_channel(tx, test.directory, test.actor, test.channel.id, change); }));
  CHECK(finish(test.actor, at, test.provider.agree(at)) == "authorisation_unknown");
  other = test.actor;
  other.role = access::Role::supervisor;
  CHECK(finish(other, at, "x") == "not_allowed");
}

TEST_CASE("a code that another provider has given, as its answer says, goes to no token endpoint") {
  OAuthDesk test;
  test.open("");
  const auto finish = [&](std::string_view issuer) -> std::string {
    const auto at = begin_authorisation(test.authorisation, test.actor, test.channel.id).value();
    const auto code = test.provider.agree(at);
    const auto state = contract::Provider::state_of(at);
    auto done = finish_authorisation(test.authorisation, test.actor, {state, code, issuer});
    return done ? "done" : done.error().code;
  };
  const auto before = test.provider.control("log");
  CHECK(finish("https://accounts.other.example") == "authorisation_refused");
  CHECK(test.provider.control("log") == before);
  CHECK(finish(test.provider.url()) == "done");
}

TEST_CASE("what authorisations and re-authorised channels write is the same on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    contract::Desk desk(bed);
    contract::Provider provider;
    const auto config = R"({"smtp":{"host":"127.0.0.1","security":"none","port":1,"user":"zoe","sign_in":"oauth"},)"
                        R"("oauth":{"provider":"other","client_id":"answerable","authorisation_url":")" +
                        provider.url() + R"(/authorise","token_url":")" + provider.url() + R"(/token"}})";
    auto channel = desk.add_channel("email", "help@example.org", config);
    intake::ChannelChange change;
    change.secrets = {{"oauth.client_secret", "client secret"}};
    REQUIRE(bed.db().write(
        [&](store::Transaction& tx) { return update_channel(tx, desk.directory, desk.actor, channel.id, change); }));
    const TokenEndpointOptions endpoint{.reach = Reach::private_networks};
    AccessTokens tokens(bed.db(), desk.directory, bed.clock, bed.metrics, endpoint);
    const MailServer server{"127.0.0.1", 1, MailSecurity::none, "zoe", SignIn::oauth};
    CHECK_FALSE(tokens.secret(channel, server, ""));
    CHECK(desk.directory.find(channel.id)->state == intake::ChannelState::needs_reauthorisation);
    const AuthorisationParts parts{bed.db(), desk.directory, "https://desk.example/oauth/callback", endpoint};
    for (int round = 0; round < 2; ++round) {
      const auto at = begin_authorisation(parts, desk.actor, channel.id);
      REQUIRE(at);
      CHECK(finish_authorisation(parts, desk.actor, {contract::Provider::state_of(*at), provider.agree(*at)}));
      CHECK(desk.directory.find(channel.id)->state == intake::ChannelState::active);
      CHECK(tokens.secret(channel, server, ""));
    }
    CHECK(desk.count("select count(*) from channel_authorisations") == 0);
  });
}

}  // namespace
}  // namespace answerable::channels
