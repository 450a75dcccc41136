// For tests of the API: everything real (SQLite, worker pool, event loop, intake) but the sockets. Requests go through
// the router and the guard as they would from net.
#pragma once

#include <future>
#include <string>
#include <string_view>
#include <vector>

#include "access/testing.h"
#include "cluster/event_log.h"
#include "cluster/fanout.h"
#include "conversations/append_inbound.h"
#include "conversations/identify_contact.h"
#include "conversations/schema.h"
#include "http/api.h"
#include "http/context.h"
#include "http/schema.h"
#include "intake/channel.h"
#include "intake/schema.h"
#include "outbox/schema.h"
#include "policy/judge.h"

namespace answerable::http {

using access::must;

struct Sent {
  std::string method = "GET";
  std::string target;  // below /api/v1, unless it starts with "//": then the rest as it is
  std::string body = {};
  std::string cookie = {};
  std::string bearer = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string peer = "198.51.100.7";  // the client's address, as the server has made it out
};

class ApiFixture {
 public:
  explicit ApiFixture(ApiConfig config = {}) : api(parts(), with_cheap_hashes(std::move(config))) {
    api.register_routes(router);
  }
  ~ApiFixture() {
    api.stop();
    database->close();
  }

  net::Response send(const Sent& sent) {
    auto request = std::make_shared<net::Request>();
    request->method = sent.method;
    request->target = sent.target.starts_with("//") ? sent.target.substr(1) : "/api/v1" + sent.target;
    const auto query_at = request->target.find('?');
    request->path = request->target.substr(0, query_at);
    if (query_at != std::string::npos) request->query = request->target.substr(query_at + 1);
    request->body = sent.body;
    request->peer_address = sent.peer;
    request->request_id = "test-request";
    request->headers.add("Host", "localhost:8080");
    if (!sent.body.empty()) request->headers.add("Content-Type", "application/json");
    if (!sent.cookie.empty()) request->headers.add("Cookie", "answerable=" + sent.cookie);
    if (!sent.bearer.empty()) request->headers.add("Authorization", "Bearer " + sent.bearer);
    for (const auto& [name, value] : sent.headers) request->headers.set(name, value);
    return dispatch(*request);
  }

  // The token of a new session of this person.
  std::string sign_in(const access::User& user) {
    return must(database->write([&](store::Transaction& tx) {
             return access::open_session(
                 tx, {.workspace = user.workspace, .user = user.id, .user_agent = "Test", .address = "::1"});
           }))
        .token;
  }

  access::User add(std::string_view email, access::Role role, WorkspaceId in = {}) {
    const auto hash = must(access::hash_password("correct horse 7 battery", access::cheap_cost));
    const auto where = role == access::Role::operator_ ? WorkspaceId{} : in.is_nil() ? workspace.id : in;
    return must(database->write([&](store::Transaction& tx) {
      return access::create_user(tx, access::system_actor(where),
                                 {.workspace = where,
                                  .name = std::string(email.substr(0, email.find('@'))),
                                  .email = std::string(email),
                                  .role = role,
                                  .password_hash = hash,
                                  .must_change_password = false});
    }));
  }

  // A mail from this address: a new conversation, or one more message of it.
  conversations::Appended receive(std::string_view from, std::string_view text,
                                  std::optional<ConversationId> conversation = {});

  // A formatted mail, as it came out of mail/sanitise.h.
  MessageId receive_html(std::string html_safe, std::vector<conversations::NewAttachment> attachments = {});

  Result<conversations::Appended> receive_in(store::Transaction& tx, std::string_view from, std::string_view text,
                                             std::optional<ConversationId> conversation);

  FakeClock clock;
  Metrics metrics;
  std::unique_ptr<cluster::Fanout> fanout = cluster::Fanout::in_process();
  store::TemporaryDatabase database = open();
  std::unique_ptr<store::Blobs> blobs = must(store::open_blobs(database.folder() + "/blobs", std::string(32, 'k')));
  cluster::Presence presence{clock};
  intake::ChannelDirectory channels{std::string(32, 's')};
  net::EventLoop loop{1};
  net::WorkerPool workers{2, 64};
  std::unique_ptr<intake::Intake> intake = intake::Intake::make({*database, *blobs, channels, clock, metrics});
  access::Workspace workspace = make_workspace("Acme");
  intake::Channel mail = make_mail_channel(workspace.id, "help@acme.example");
  net::Router router;
  Api api;

  // Something that arrived there and could not be used.
  SpoolId quarantine(std::string_view raw);

  access::Workspace make_workspace(std::string_view name);
  intake::Channel make_mail_channel(WorkspaceId in, std::string_view address);

 private:
  ApiParts parts() { return {*database, *blobs, *fanout, presence, clock, metrics, loop, workers, *intake, channels}; }
  static ApiConfig with_cheap_hashes(ApiConfig config) {
    config.password_cost = access::cheap_cost;
    config.second_factor_key = std::string(32, 'f');
    return config;
  }
  store::TemporaryDatabase open();
  net::Response dispatch(net::Request& request);
};

}  // namespace answerable::http
