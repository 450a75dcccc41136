// A web chat as a visitor's browser meets it: a real server, a real database, and sockets without a network. For the
// tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <future>

#include "base/digest.h"
#include "base/encoding.h"
#include "channels/schema.h"
#include "channels/testing.h"
#include "channels/webchat/carrier.h"
#include "channels/webchat/chat_arrival.h"
#include "channels/webchat/limits.h"
#include "channels/webchat/routes.h"
#include "channels/webchat/socket.h"
#include "intake/testing.h"
#include "net/server.h"

namespace answerable::channels::webchat {
namespace json = boost::json;

inline const std::string config_text = R"({"allowed_origins":["https://shop.example"],"greeting":"Hello"})";

// A WebSocket's other end, without a network.
struct Browser final : net::WebSocket {
  void send(std::shared_ptr<const std::string> text) override {
    std::lock_guard lock(mutex);
    frames.push_back(*text);
    wake.notify_all();
  }
  void close(std::uint16_t code, std::string_view) override {
    std::lock_guard lock(mutex);
    closed_with = code;
    wake.notify_all();
  }
  const std::string& peer_address() const override { return address; }
  bool is_open() const override { return closed_with == 0; }
  // Waits for the next frame.
  json::object next() {
    std::unique_lock lock(mutex);
    wake.wait_for(lock, std::chrono::seconds(20), [&] { return read < frames.size(); });
    ensure(read < frames.size(), "a frame has come");
    return json::parse(frames[read++]).as_object();
  }
  std::uint16_t close_code() {
    std::unique_lock lock(mutex);
    wake.wait_for(lock, std::chrono::seconds(20), [&] { return closed_with != 0; });
    return closed_with;
  }
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::string> frames;
  std::size_t read = 0;
  std::uint16_t closed_with = 0;
  std::string address = "192.0.2.7";
};

struct Fixture : intake::TestIntake {
  explicit Fixture(std::string config = config_text)
      : TestIntake({}, schema()), channel(add_channel("webchat", "", std::move(config), {{"identity_secret", key}})) {
    intake->normalise_with("webchat", normalise_chat);
    ensure(intake->start().has_value(), "the intake starts");
    register_routes(router, service);
    auto started = net::HttpServer::start({loop, workers, router, clock}, {});
    ensure(started.has_value(), "the server starts");
    server = *std::move(started);
  }
  ~Fixture() {
    server->stop(5'000);
    workers.drain();
    intake->stop();
  }
  struct Tab {
    std::shared_ptr<Browser> browser;
    std::unique_ptr<net::WebSocketHandler> handler;
    void say(std::string_view text) const { handler->on_text(text); }
  };
  Tab open_tab(const std::string& token, std::int64_t after = 0) {
    Tab tab{std::make_shared<Browser>(), make_socket(service, directory.find(channel.id), "")};
    tab.handler->on_open(tab.browser);
    tab.say(R"({"type":"hello","token":")" + token + R"(","after":)" + std::to_string(after) + "}");
    return tab;
  }
  OpenedSession visitor(std::string_view token = "") { return *service.open_session(channel, token, "", "192.0.2.7"); }
  // One HTTP exchange; the answer with its head.
  std::string http(const std::string& head, const std::string& body = "") {
    auto socket = TestSocket::connect(server->port());
    socket.send(head + "Host: desk.example\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    return socket.read_until("\1\1never");
  }
  std::string base() const { return "/webchat/v1/" + channel.id.text(); }
  outbox::Delivery reply_to(const VisitorSession& session, std::string text) {
    outbox::Delivery delivery;
    delivery.message.workspace = workspace;
    delivery.message.channel = channel.id;
    delivery.message.conversation = ConversationId::make(clock);
    delivery.message.message = MessageId::make(clock);
    delivery.message.author_name = "Anna";
    delivery.message.to = {session.visitor().text()};
    delivery.message.text = std::move(text);
    return delivery;
  }
  // As conversations/removal.h leaves it.
  void mark_taken_down(MessageId message) {
    ensure(database
               ->write([&](store::Transaction& tx) {
                 return tx.execute(
                     "insert into removed_messages (workspace_id, message_id, original, withheld, "
                     "reason, removed_by, removed_at) values ($1, $2, $3, 0, 'a reason', 'x', 0)",
                     {workspace, message, store::Bytes{key}});
               })
               .has_value(),
           "taken down");
  }
  void mark_put_back(MessageId message) {
    ensure(database
               ->write([&](store::Transaction& tx) {
                 return tx.execute("delete from removed_messages where workspace_id = $1 and message_id = $2",
                                   {workspace, message});
               })
               .has_value(),
           "put back");
  }
  std::int64_t messages() {
    intake->wait_until_idle();
    return count("select count(*) from messages");
  }

  intake::Channel channel;
  std::unique_ptr<cluster::Fanout> fanout = cluster::Fanout::in_process();
  intake::Signals signals{*fanout};
  net::EventLoop loop;
  net::WorkerPool workers{2, 100};
  net::Router router;
  Service service{
      {*database, *blobs, *intake, directory, signals, workers, clock, metrics, key, "https://desk.example"}};
  std::unique_ptr<net::HttpServer> server;
};

}  // namespace answerable::channels::webchat
