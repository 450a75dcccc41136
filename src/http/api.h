// Our API under /api/v1, health, metrics and the web application, on net's server. Built once by app; routes point into
// it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/authenticator.h"
#include "access/password.h"
#include "audit/signing_key.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "cluster/fanout.h"
#include "cluster/presence.h"
#include "http/rate_limit.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "mail/dns_text.h"
#include "net/address.h"
#include "net/event_loop.h"
#include "net/router.h"
#include "net/worker_pool.h"
#include "policy/control.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::access {
class BreachedPasswords;
class GeoDatabase;
}  // namespace answerable::access

namespace answerable::http {

struct ApiParts {  // all outlive the Api
  store::Database& database;
  store::Blobs& blobs;
  cluster::Fanout& fanout;
  cluster::Presence& presence;
  const Clock& clock;
  Metrics& metrics;
  net::EventLoop& loop;
  net::WorkerPool& workers;
  intake::Intake& intake;
  intake::ChannelDirectory& channels;
};

struct ChannelTest {
  bool is_ok = false;
  std::string detail;
};

// A provider that grants access to mailboxes, as the settings offer it.
struct MailProvider {
  std::string id, name;
  std::string imap_host, pop3_host, smtp_host;
  std::int64_t imap_port = 0, pop3_port = 0, smtp_port = 0;
};

// How a channel is connected to its provider. Plugged in by app, since http does not know channels.
struct ChannelAuthorisation {
  std::vector<MailProvider> providers;
  std::string redirect_url;  // what a provider must have on record for our client
  // Where the browser goes, and what it brought back. Each blocks at most its own deadline.
  std::function<Result<std::string>(const access::Actor&, ChannelId)> begin;
  // `issuer`: who answered, where the answer says so (RFC 9207).
  std::function<Result<intake::Channel>(const access::Actor&, std::string_view state, std::string_view code,
                                        std::string_view issuer)>
      finish;
};

// Errors: denied "fetch_refused".
Status on_the_internet(const net::IpAddress& address);

struct ApiConfig {
  std::string public_url = "http://localhost:8080";  // https: cookies are Secure and have the __Host- prefix
  std::string version;
  std::optional<audit::PublicKey> ledger_key;  // of the checkpoints; without it /ledger/verify is not available
  // Writes the ledger of a workspace as a file, signed to its end; without it /ledger/export is not available.
  std::function<Status(store::Session&, WorkspaceId, const std::function<Status(std::string_view)>&)> export_ledger;
  RateLimits rates = {};
  double attempts_patience = 1;  // so many times the thresholds of access/attempts.h
  access::PasswordCost password_cost = {};
  // What the operator has of passwords that were found in breaches; empty: nothing but our own list.
  std::shared_ptr<const access::BreachedPasswords> breached_passwords = {};
  // Where addresses are, as far as the operator has a map of them; nothing: unknown.
  std::shared_ptr<const access::GeoDatabase> geo_database = {};
  std::string second_factor_key;  // encrypts the secrets of second factors; 32 bytes
  std::string security_address;   // whom the operator wants told of incidents; empty: the operators themselves
  std::string account_link_key;   // makes the tokens of links in mails about accounts
  std::string browser_key;        // makes the keys of what browsers keep
  // Whether people of the workspace can be sent mails about their accounts. Plugged in by app.
  std::function<bool(WorkspaceId)> can_mail = [](WorkspaceId) { return false; };
  // Tries a channel's servers; blocks at most its own deadline. Plugged in by app, since http does not know channels.
  std::function<ChannelTest(const intake::Channel&)> test_channel;
  ChannelAuthorisation authorisation = {};
  // Asks the DNS anew, also what it was asked before; blocks at most its own deadline. Without it nothing is found out.
  mail::FindText find_txt;
  // Whether a picture of a mail may be fetched from there. Standard: the Internet only.
  std::function<Status(const net::IpAddress&)> may_fetch_from = on_the_internet;
  // Whether a provider of single sign-on may be asked there. Standard: the Internet only.
  std::function<Status(const net::IpAddress&)> may_ask_provider = on_the_internet;
  // Holds what a channel's sources have against what we have, and fetches what is missing. False: not all were done in
  // time. What was found stands in intake/completeness.h.
  std::function<bool(const intake::Channel&)> check_channel;
  // Since when the malware scanner has not answered; nothing: it answers. Empty: there is no scanner.
  std::function<std::optional<Time>()> scanner_down_since;
  // All that watch over clauses, for the page of each clause. Plugged in by app, since some are above http.
  std::vector<policy::Control> controls;
  // False while the process starts or stops: /readyz answers 503.
  std::function<bool()> is_ready = [] { return true; };
};

struct ApiContext;

class Api {
 public:
  Api(const ApiParts& parts, ApiConfig config);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Adds every route, the fallback (web application) and the form of errors.
  void register_routes(net::Router& router);
  // Answers long polls and ends live connections; then nothing runs in the background any more. Call before the server
  // stops.
  void stop();
  access::Authenticator& authenticator();
  Lane lane_of(const net::Request& request) const;  // for HttpServerOptions::lane_of
  const ApiContext& context() const { return *context_; }

 private:
  std::unique_ptr<ApiContext> context_;
};

// Those older than 24 hours; returns how many of at most `limit`.
Result<std::int64_t> delete_old_idempotency_keys(store::Transaction& tx, int limit);

}  // namespace answerable::http
