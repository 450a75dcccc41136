// One connection of a StreamServer: moves bytes between the socket and the protocol object. For src/net/*.cpp only.
//
// One coroutine does everything in turn: offer what has arrived, send what was written, then wait: for bytes, or, while
// the protocol is paused, for resume(). So the order of answers is the order of writes and nothing needs a lock.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/connection.h"
#include "net/stream_server.h"

namespace answerable::net {

struct StreamServerState {
  StreamProtocolFactory factory;
  StreamServerOptions options;
  std::shared_ptr<StreamServerFigures> figures = std::make_shared<StreamServerFigures>();
};

class StreamSession final : public Connection, private StreamOutput {
 public:
  StreamSession(Transport transport, std::shared_ptr<ConnectionList> list, std::shared_ptr<StreamServerState> server);
  ~StreamSession() override;
  static Awaitable<void> serve(std::shared_ptr<StreamSession> self);

  void finish() override;
  void drop() override;
  void run_posted(std::function<void(StreamOutput&)> work);  // on this thread, from StreamPeer::post

 private:
  void write(std::string_view bytes) override { output_.append(bytes); }
  void pause() override { paused_ = true; }
  void resume() override { paused_ = false; }
  void start_tls() override { starting_tls_ = can_start_tls(); }
  void close() override { closing_ = true; }
  bool can_start_tls() const override { return server_->options.tls != nullptr && !transport_.is_secure(); }
  bool is_secure() const override { return transport_.is_secure(); }
  void on_deadline() override;

  Awaitable<bool> secure();
  Awaitable<void> flush();
  Awaitable<void> receive();
  Awaitable<void> linger();
  Awaitable<void> wait_for_resume();
  static Awaitable<void> converse(std::shared_ptr<StreamSession> self);
  bool offer();
  void say_farewell();
  void end_protocol();
  void wake();

  std::shared_ptr<StreamServerState> server_;
  std::unique_ptr<StreamProtocol> protocol_;
  std::string input_, output_;
  bool paused_ = false, starting_tls_ = false, closing_ = false, dropped_ = false, opened_ = false;
  bool receiving_ = false;
  std::move_only_function<void()> waiter_;
};

}  // namespace answerable::net
