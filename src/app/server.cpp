#include "app/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/breached_passwords.h"
#include "access/geo_database.h"
#include "app/channel_authorisation.h"
#include "app/collection.h"
#include "app/controls.h"
#include "app/doubt_waiting.h"
#include "app/housekeeper.h"
#include "app/mail_relay.h"
#include "app/malware_scanner.h"
#include "app/outside_acts.h"
#include "app/policy_work.h"
#include "app/running_ledger.h"
#include "app/running_node.h"
#include "app/sender_resolver.h"
#include "app/server_figures.h"
#include "app/traffic_watch.h"
#include "app/version.h"
#include "audit/export.h"
#include "base/log.h"
#include "channels/carriers.h"
#include "channels/email/account_mailer.h"
#include "channels/email/lmtp_listener.h"
#include "channels/email/mailboxes.h"
#include "channels/email/normalise_mail.h"
#include "channels/test_connection.h"
#include "channels/webchat/chat_arrival.h"
#include "channels/webchat/routes.h"
#include "channels/webchat/service.h"
#include "cluster/log_reader.h"
#include "cluster/presence.h"
#include "conversations/search.h"
#include "conversations/snooze.h"
#include "conversations/undelivered.h"
#include "http/api.h"
#include "http/every_answer.h"
#include "intake/signals.h"
#include "net/event_loop.h"
#include "net/router.h"
#include "net/server.h"
#include "net/tls.h"
#include "net/worker_pool.h"
#include "store/file_lock.h"
#include "store/free_space.h"

namespace answerable::app {

namespace {

constexpr std::size_t requests_waiting_max = 4'096;
constexpr std::int64_t stop_deadline_ms = 10'000;
constexpr std::int64_t check_limit_ms = 20'000;  // a person waits for it
constexpr int woken_at_once_max = 500;

// A picture's address is a stranger's wish, that of a provider of single sign-on one workspace's: the setting for mail
// servers does not hold for them.
std::function<Status(const net::IpAddress&)> reach_of(bool is_private_allowed, const std::string& setting) {
  const auto reach = is_private_allowed ? channels::Reach::private_networks : channels::Reach::internet;
  return [reach, setting](const net::IpAddress& address) -> Status {
    if (channels::check_reach(address, reach)) return {};
    return fail(ErrorKind::denied, "fetch_refused",
                "Nothing is fetched from " + address.text() +
                    ". For private networks the operator can allow it: " + setting + " = true.");
  };
}

class RunningServer final : public Server {
 public:
  explicit RunningServer(Installation& installation)
      : at_(installation),
        workers_(static_cast<std::size_t>(installation.configuration().worker_threads), requests_waiting_max),
        directory_(installation.keys().channel_secrets),
        presence_(installation.clock()),
        signals_(installation.fanout()) {}

  ~RunningServer() override { stop(); }

  Status start() {
    // Two servers on one data folder would take up each other's spool and deliveries; SQLite has a lock of its own, but
    // PostgreSQL lets both in.
    const auto& data_dir = at_.configuration().data_dir;
    TRY(lock_, store::FileLock::take(data_dir + "/lock"));
    TRY(node_, RunningNode::start(at_));
    TRY_STATUS(directory_.follow(at_.database()));
    TRY(tls_, load_tls());
    TRY(auto relay, mail_relay(at_.configuration()));
    TRY(ledger_, RunningLedger::start(at_, {relay, node_->has_duty(), doubt_when_restored(directory_)}));
    search_ = std::make_unique<cluster::LogReader>(indexer_.options(), at_.database(), at_.fanout(), at_.metrics());
    traffic_.start(at_.fanout(), at_.metrics());
    TRY_STATUS(start_intake());
    TRY_STATUS(start_outbox(relay));
    TRY_STATUS(start_mail());
    start_account_mail();
    TRY_STATUS(start_web());
    housekeeper_ = std::make_unique<Housekeeper>(tasks(), at_.clock(), node_->has_duty());
    auto send = [this](const std::stop_token& stop) { return account_mailer_->send_due(stop); };
    postman_ = std::make_unique<Housekeeper>(
        std::vector<Housekeeper::Task>{{.name = "account_mail", .every_ms = 1'000, .act = send}}, at_.clock());
    overseer_ = std::make_unique<Housekeeper>(policy_tasks(at_, std::move(relay), scanner_.get()), at_.clock(),
                                              node_->has_duty());
    collector_ = std::make_unique<Housekeeper>(collection_tasks(at_), at_.clock(), node_->has_duty());
    return {};
  }

  std::uint16_t web_port() const override { return web_->port(); }
  std::uint16_t lmtp_port() const override { return lmtp_ ? lmtp_->port() : std::uint16_t{0}; }
  std::uint16_t smtp_port() const override { return smtp_ ? smtp_->port() : std::uint16_t{0}; }
  intake::Intake& intake() override { return *intake_; }
  intake::ChannelDirectory& channels() override { return directory_; }
  outbox::Dispatcher& outbox() override { return *outbox_; }
  void wait_until_idle() override {
    intake_->wait_until_idle();
    search_->catch_up();
  }

 private:
  Result<std::shared_ptr<net::TlsIdentity>> load_tls() {
    const auto& c = at_.configuration();
    if (c.tls_certificate_file.empty()) return nullptr;
    return net::TlsIdentity::load(c.tls_certificate_file, c.tls_key_file);
  }

  Status start_intake() {
    auto room_for = [this](std::size_t bytes) -> Status {
      const auto& c = at_.configuration();
      const auto kept_free = static_cast<std::uint64_t>(c.free_bytes_min);
      if (!c.blobs_dir.empty()) TRY_STATUS(store::check_free_space(c.blobs_dir, kept_free, bytes));
      return store::check_free_space(c.data_dir, kept_free, bytes);
    };
    TRY(scanner_, malware_scanner(at_.configuration(), at_.clock(), at_.metrics()));
    intake_ = intake::Intake::make(
        {at_.database(), at_.blobs(), directory_, at_.clock(), at_.metrics(), room_for, scanner_.get(), node_->name()});
    TRY(resolver_, sender_resolver(at_.configuration(), at_.clock()));
    auto check = channels::check_sender_with({directory_, resolver_.get(), at_.configuration().mail_authserv_id});
    intake_->normalise_with("email",
                            channels::normalise_mail_with(at_.keys().reply_tokens, std::move(check), &directory_));
    intake_->normalise_with("webchat", channels::webchat::normalise_chat);
    channels::webchat::Parts parts{at_.database(),
                                   at_.blobs(),
                                   *intake_,
                                   directory_,
                                   signals_,
                                   workers_,
                                   at_.clock(),
                                   at_.metrics(),
                                   at_.keys().chat_files,
                                   at_.configuration().public_url};
    chat_ = std::make_unique<channels::webchat::Service>(std::move(parts));
    return intake_->start();
  }

  channels::Reach reach() const {
    return at_.configuration().private_servers ? channels::Reach::private_networks : channels::Reach::internet;
  }

  channels::TokenEndpointOptions token_endpoint() const {
    return {.reach = reach(), .ca_file = at_.configuration().mail_ca_file};
  }

  Status start_outbox(std::optional<channels::Relay> shared_relay) {
    mail_carrier_parts_ = std::make_unique<channels::SmtpCarrierParts>(channels::SmtpCarrierParts{
        directory_, at_.blobs(), at_.keys().reply_tokens, std::move(shared_relay), at_.configuration().mail_domain});
    mail_carrier_parts_->reach = reach();
    mail_carrier_parts_->ca_file = at_.configuration().mail_ca_file;
    tokens_ = std::make_unique<channels::AccessTokens>(at_.database(), directory_, at_.clock(), at_.metrics(),
                                                       token_endpoint());
    mail_carrier_parts_->tokens = tokens_.get();
    carriers_ = std::make_unique<channels::Carriers>(*mail_carrier_parts_, *chat_);
    outbox::DispatcherOptions options{.node = node_->name(), .on_undelivered = conversations::open_undelivered};
    if (scanner_) options.examine = examine_with(*scanner_, at_.blobs(), at_.database());
    outbox_ = outbox::Dispatcher::make(at_.database(), at_.blobs(), carriers_->finder(), at_.metrics(), options);
    TRY_STATUS(outbox_->start());
    on_outbox_wake_ = at_.fanout().on_wake([this](WorkspaceId) { outbox_->wake(); });
    return {};
  }

  void start_account_mail() {
    const auto& c = at_.configuration();
    const auto& url = c.public_url;
    channels::AccountMailerParts parts{
        .database = at_.database(),
        .smtp = *mail_carrier_parts_,
        .link_key = at_.keys().account_links,
        .public_url = url.ends_with('/') ? url.substr(0, url.size() - 1) : url,
        .sender = c.account_sender.empty() ? "no-reply@" + c.mail_domain : c.account_sender};
    account_mailer_ = std::make_unique<channels::AccountMailer>(std::move(parts));
  }

  Result<std::unique_ptr<channels::LmtpListener>> listen_for_mail(const std::string& listen, bool is_smtp) {
    TRY(auto address, net::parse_host_port(listen));
    channels::LmtpOptions options;
    options.is_smtp = is_smtp;
    options.hostname = at_.configuration().mail_domain;
    options.message_bytes_max = static_cast<std::size_t>(at_.configuration().message_bytes_max);
    options.messages_per_peer_max = static_cast<std::size_t>(at_.configuration().messages_per_peer);
    options.offers_starttls = tls_ != nullptr;
    net::StreamServerOptions socket;
    socket.host = address.host;
    socket.port = address.port;
    socket.tls = tls_;
    return channels::LmtpListener::start({loop_, *intake_, directory_, at_.clock(), at_.metrics(), &told_}, options,
                                         socket);
  }

  Status start_mail() {
    const auto& c = at_.configuration();
    if (!c.lmtp_listen.empty()) {
      TRY(lmtp_, listen_for_mail(c.lmtp_listen, false));
    }
    if (!c.smtp_listen.empty()) {
      TRY(smtp_, listen_for_mail(c.smtp_listen, true));
    }
    channels::ImapParts parts{.database = at_.database(),
                              .intake = *intake_,
                              .channels = directory_,
                              .clock = at_.clock(),
                              .metrics = at_.metrics(),
                              .tokens = *tokens_,
                              .ca_file = c.mail_ca_file,
                              .reach = reach()};
    parts.message_bytes_max = static_cast<std::size_t>(c.message_bytes_max);
    mailboxes_ = std::make_unique<channels::Mailboxes>(std::move(parts));
    node_->tell_duty([this](bool has_duty) { mailboxes_->set_active(has_duty); });
    mailboxes_->start();
    return {};
  }

  http::ApiConfig api_config() {
    http::ApiConfig config;
    config.public_url = at_.configuration().public_url;
    config.controls = all_controls();
    config.attempts_patience = static_cast<double>(at_.configuration().attempts_patience);
    config.version = version_text();
    config.rates = rate_limits(at_.configuration());
    config.ledger_key = at_.ledger_key().public_key();
    config.export_ledger = [this](store::Session& session, WorkspaceId workspace, const auto& sink) {
      return audit::export_ledger(session, workspace, at_.ledger_key(), sink);
    };
    config.is_ready = [this] { return is_ready_.load(); };
    const auto& c = at_.configuration();
    config.may_fetch_from = reach_of(c.private_images, "mail.private_images");
    config.may_ask_provider = reach_of(c.private_identity_providers, "server.private_identity_providers");
    config.find_txt = [this](const std::string& name) -> mail::DnsText {
      auto resolver = sender_resolver(at_.configuration(), at_.clock());  // one that remembers nothing
      if (!resolver || !*resolver) return {};
      return channels::to_dns_text((*resolver)->find_txt(name));
    };
    config.test_channel = [this](const intake::Channel& channel) -> http::ChannelTest {
      auto outcome = channels::test_connection(*mail_carrier_parts_, channel);
      return {outcome.has_value(), outcome ? *std::move(outcome) : outcome.error().detail};
    };
    config.second_factor_key = at_.keys().second_factors;
    config.security_address = at_.configuration().security_address;
    config.account_link_key = at_.keys().account_links;
    config.browser_key = at_.keys().browsers;
    config.can_mail = [this](WorkspaceId workspace) { return account_mailer_->can_mail(workspace); };
    config.authorisation =
        channel_authorisation(at_.database(), directory_, at_.configuration().public_url, token_endpoint());
    if (scanner_) config.scanner_down_since = [this] { return scanner_->down_since(); };
    config.check_channel = [this](const intake::Channel& channel) {
      if (auto status = told_.flush(at_.database()); !status) log::error("told_not_written", status.error());
      return !mailboxes_ || mailboxes_->check_within(channel.id, check_limit_ms);
    };
    return config;
  }

  Status start_web() {
    http::ApiParts parts{at_.database(), at_.blobs(), at_.fanout(), presence_, at_.clock(),
                         at_.metrics(),  loop_,       workers_,     *intake_,  directory_};
    auto config = api_config();
    TRY(config.geo_database, access::GeoDatabase::open(at_.configuration().geo_database));
    TRY(config.breached_passwords, access::BreachedPasswords::open(at_.configuration().breached_passwords));
    api_ = std::make_unique<http::Api>(parts, std::move(config));
    api_->register_routes(router_);
    channels::webchat::register_routes(router_, *chat_);
    if (auto chats = directory_.of_kind("webchat"); at_.configuration().demo && !chats.empty())
      channels::webchat::register_demo_page(router_, chats.front()->id);
    TRY(auto address, net::parse_host_port(at_.configuration().listen));
    net::HttpServerOptions options{.host = address.host, .port = address.port, .tls = tls_};
    options.lane_of = [this](const net::Request& request) { return api_->lane_of(request); };
    options.connections_per_address_max = static_cast<std::size_t>(at_.configuration().connections_per_address);
    options.every_answer = http::every_answer(at_.configuration().public_url);
    TRY(options.trusted_proxies, parse_proxies(at_.configuration().trusted_proxies));
    TRY(web_, net::HttpServer::start({loop_, workers_, router_, at_.clock()}, options));
    watch_figures(at_.metrics(), {web_->figures(), workers_, directory_});
    is_ready_ = true;
    return {};
  }

  // People wait for these: none may take long.
  std::vector<Housekeeper::Task> tasks() {
    auto wake = [this](const std::stop_token&) -> Status {
      TRY_STATUS(at_.database().write(
          [](store::Transaction& tx) { return conversations::wake_snoozed(tx, woken_at_once_max); }));
      return {};
    };
    auto acts = [this](const std::stop_token&) { return take_outside_acts(at_); };
    auto flush = [this](const std::stop_token&) { return told_.flush(at_.database()); };
    auto policy = [this](const std::stop_token&) { return follow_policy(at_.database()); };
    auto traffic = [this](const std::stop_token&) { return traffic_.watch(); };
    auto follow = [this](const std::stop_token&) { return directory_.follow(at_.database()); };
    auto take_over = [this](const std::stop_token&) { return intake_->take_over(); };
    return {{.name = "follow_channels", .every_ms = 1'000, .act = follow},
            {.name = "take_over", .every_ms = 2'000, .act = take_over, .is_for_one_node = true},
            {.name = "follow_policy", .every_ms = 1'000, .act = policy, .is_for_one_node = true},
            {.name = "watch_traffic", .every_ms = 10'000, .act = traffic, .is_for_one_node = true},
            {.name = "wake_snoozed", .every_ms = 1'000, .act = wake, .is_for_one_node = true},
            {.name = "count_told", .every_ms = 10'000, .act = flush},
            {.name = "outside_acts", .every_ms = 1'000, .act = acts}};
  }

  // The reverse of start: first nothing new comes in, then what is under way is finished, then what follows it.
  void stop() {
    is_ready_ = false;
    collector_.reset();
    overseer_.reset();
    postman_.reset();
    housekeeper_.reset();
    if (node_) node_->tell_duty({});
    for (auto* listener : {&lmtp_, &smtp_}) {
      if (*listener) (*listener)->stop(stop_deadline_ms);
    }
    if (mailboxes_) mailboxes_->stop();
    if (auto status = told_.flush(at_.database()); !status) log::error("told_not_written", status.error());
    if (api_) api_->stop();
    if (web_) web_->stop(stop_deadline_ms);
    on_outbox_wake_.reset();
    if (outbox_) outbox_->stop();
    if (intake_) intake_->stop();
    workers_.drain();
    if (search_) search_->stop();
    traffic_.stop();
    if (ledger_) ledger_->stop();
    node_.reset();
    loop_.stop();
  }

  Installation& at_;
  std::unique_ptr<store::FileLock> lock_;
  std::unique_ptr<RunningNode> node_;
  std::atomic<bool> is_ready_{false};
  net::EventLoop loop_;
  net::WorkerPool workers_;
  intake::ChannelDirectory directory_;
  cluster::Presence presence_;
  intake::Signals signals_;
  std::shared_ptr<net::TlsIdentity> tls_;
  std::unique_ptr<RunningLedger> ledger_;
  conversations::SearchIndexer indexer_;
  TrafficWatch traffic_{at_.database(), at_.clock(), find_second_signal};
  std::unique_ptr<cluster::LogReader> search_;
  std::unique_ptr<net::TxtResolver> resolver_;
  std::unique_ptr<MalwareScanner> scanner_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<channels::webchat::Service> chat_;
  std::unique_ptr<channels::AccessTokens> tokens_;
  std::unique_ptr<channels::SmtpCarrierParts> mail_carrier_parts_;
  std::unique_ptr<channels::AccountMailer> account_mailer_;
  std::unique_ptr<channels::Carriers> carriers_;
  std::unique_ptr<outbox::Dispatcher> outbox_;
  std::unique_ptr<cluster::Subscription> on_outbox_wake_;
  channels::ToldCounts told_;
  std::unique_ptr<channels::LmtpListener> lmtp_, smtp_;
  std::unique_ptr<channels::Mailboxes> mailboxes_;
  net::Router router_;
  std::unique_ptr<http::Api> api_;
  std::unique_ptr<net::HttpServer> web_;
  std::unique_ptr<Housekeeper> housekeeper_, collector_, overseer_, postman_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Installation& installation) {
  auto server = std::make_unique<RunningServer>(installation);
  TRY_STATUS(server->start());
  return server;
}

}  // namespace answerable::app
