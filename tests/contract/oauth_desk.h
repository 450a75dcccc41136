// A provider, a mail server that takes its tokens, and a channel of ours that uses both: tests/lib/token_server.mjs and
// a real Dovecot, for IMAP and as the submission server before tests/lib/smtp_sink.mjs.
#pragma once

#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>

#include "channels/carriers.h"
#include "channels/email/mailboxes.h"
#include "channels/email/normalise_mail.h"
#include "channels/oauth/authorisation.h"
#include "channels/schema.h"
#include "contract/dovecot.h"
#include "intake/testing.h"
#include "net/fetch.h"
#include "outbox/enqueue.h"

namespace answerable::contract {

class Provider {
 public:
  Provider() : child_("exec node tests/lib/token_server.mjs") {
    ensure(std::sscanf(child_.line().c_str(), "ready %hu", &port) == 1, "the token server starts");
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
  std::string control(const std::string& act) const {
    auto answer = net::exchange(
        {.url = url() + "/control", .may_reach = [](const auto&) -> Status { return {}; }, .form = "act=" + act});
    ensure(answer.has_value(), "the token server does it");
    return answer->body;
  }
  // What a browser brings back when the person there agrees: the value of "code".
  std::string agree(const std::string& at) const {
    auto page = net::fetch({.url = at, .may_reach = [](const auto&) -> Status { return {}; }});
    ensure(page.has_value(), "the provider shows its page");
    const auto begin = page->find("code=") + 5;
    return page->substr(begin, page->find_first_of("&\"", begin) - begin);
  }
  // The page's own address has it too.
  static std::string state_of(const std::string& at) {
    const auto begin = at.find("&state=") + 7;
    return at.substr(begin, at.find('&', begin) - begin);
  }
  std::uint16_t port = 0;

 private:
  Child child_;
};

struct OAuthDesk : intake::TestIntake {
  explicit OAuthDesk(const std::string& mechanisms = "oauthbearer xoauth2")
      : TestIntake({}, channels::schema()),
        dovecot("ANSWERABLE_TEST_TOKEN_PORT=" + std::to_string(provider.port) + " ANSWERABLE_TEST_OAUTH='" +
                mechanisms + "' ANSWERABLE_TEST_RELAY_PORT=" + std::to_string(sink_port())) {
    actor.kind = access::Actor::Kind::user;
    actor.user = UserId::make(clock);
    intake->normalise_with("email", channels::normalise_mail_with(key));
    ensure(intake->start().has_value(), "the intake starts");
    parts.retry_first_ms = 10;
    parts.retry_last_ms = 50;
    parts.reach = endpoint.reach;
    carrier_parts.tokens = tokens.get();
  }
  ~OAuthDesk() {
    mailboxes.reset();
    intake->stop();
  }

  std::uint16_t sink_port() {
    std::uint16_t port = 0;
    ensure(std::sscanf(sink.line().c_str(), "ready %hu", &port) == 1, "the SMTP server starts");
    return port;
  }
  std::string config() const {
    const auto server = [](std::uint16_t port) {
      return R"({"host":"127.0.0.1","security":"none","user":"zoe","sign_in":"oauth","port":)" + std::to_string(port) +
             "}";
    };
    return R"({"imap":)" + server(dovecot.port) + R"(,"smtp":)" + server(dovecot.submission_port) +
           R"(,"oauth":{"provider":"other","client_id":"answerable","authorisation_url":")" + provider.url() +
           R"(/authorise","token_url":")" + provider.url() + R"(/token"}})";
  }
  void open(const std::string& refresh_token) {
    intake::Secrets secrets{{"oauth.client_secret", "client secret"}};
    if (!refresh_token.empty()) secrets.emplace_back("oauth.refresh_token", refresh_token);
    channel = add_channel("email", "help@example.org", config(), secrets);
  }
  void watch() {
    mailboxes = std::make_unique<channels::Mailboxes>(parts);
    mailboxes->start();
  }
  Result<std::string> token() { return tokens->secret(state(), server(), ""); }
  channels::MailServer server() const {
    return {"127.0.0.1", 1, channels::MailSecurity::none, "zoe", channels::SignIn::oauth};
  }
  intake::Channel state() { return *directory.find(channel.id); }
  // Others work for it: looks until it is so, or 60 s have passed.
  bool comes_true(const std::function<bool()>& condition) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::poll(nullptr, 0, 10);
    }
    return true;
  }
  bool messages_are(std::int64_t expected) {
    return comes_true([&] { return count("select count(*) from messages") == expected; });
  }
  bool needs_reauthorisation() { return state().state == intake::ChannelState::needs_reauthorisation; }
  // A reply that is due.
  MessageId write_reply(std::int64_t sequence) {
    outbox::NewDelivery delivery;
    auto& message = delivery.message;
    message.workspace = workspace;
    message.channel = channel.id;
    message.conversation = ConversationId::make(clock);
    message.message = MessageId::make(clock);
    message.to = {"zoe@example.com"};
    message.text = "Hello";
    delivery.sequence = sequence;
    delivery.due = clock.now();
    auto done = database->write([&](store::Transaction& tx) { return outbox::enqueue(tx, delivery); });
    ensure(done.has_value(), "the reply waits in the outbox");
    return message.message;
  }

  Provider provider;
  Child sink{"exec node tests/lib/smtp_sink.mjs"};
  Dovecot dovecot;
  intake::Channel channel;
  channels::TokenEndpointOptions endpoint{.reach = channels::Reach::private_networks};
  std::unique_ptr<channels::AccessTokens> tokens =
      std::make_unique<channels::AccessTokens>(*database, directory, clock, metrics, endpoint);
  channels::ImapParts parts{*database, *intake, directory, clock, metrics, *tokens, {}};
  channels::SmtpCarrierParts carrier_parts{directory, *blobs, key,    std::nullopt,
                                           "here",    10'000, 30'000, channels::Reach::private_networks};
  channels::AuthorisationParts authorisation{*database, directory, "https://desk.example/oauth/callback", endpoint};
  std::unique_ptr<channels::Mailboxes> mailboxes;
};

}  // namespace answerable::contract
