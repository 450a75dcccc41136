#include "channels/webchat/socket.h"

#include <deque>
#include <mutex>
#include <optional>

#include "channels/webchat/limits.h"

namespace answerable::channels::webchat {

namespace {

class Chat final : public Listener, public std::enable_shared_from_this<Chat> {
 public:
  Chat(Service& service, ChannelPtr channel, std::string token)
      : service_(service),
        channel_(std::move(channel)),
        token_(std::move(token)),
        seat_(service.seats().take(channel_->workspace)) {}

  void open(std::shared_ptr<net::WebSocket> socket) {
    {
      std::lock_guard lock(mutex_);
      socket_ = std::move(socket);
      if (!seat_) {
        closed_ = true;
        socket_->close(net::close_code::try_again_later, "chat_full: try again in 30 seconds");
        return;
      }
    }
    if (!token_.empty()) enqueue(Hello{token_, 0});
  }

  void text(std::string_view text) { enqueue(std::string(text)); }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    seat_.reset();
    if (visitor_) service_.hub().remove(visitor_->visitor(), this);
  }

  void push(std::shared_ptr<const std::string> frame, std::int64_t seq) override {
    std::lock_guard lock(mutex_);
    if (closed_ || !socket_) return;
    // Until the welcome has left, lines wait, so that the visitor sees them in order; the welcome may hold them
    // already.
    if (!welcomed_) {
      if (seq > 0) early_.emplace_back(seq, std::move(frame));
      return;
    }
    socket_->send(std::move(frame));
  }

  void send_away() override {
    std::lock_guard lock(mutex_);
    if (socket_ && !closed_) socket_->close(net::close_code::try_again_later, "something may have been missed");
  }

 private:
  using Hello = HelloFrame;
  using Work = std::variant<std::string, Hello>;

  void enqueue(Work work);
  void run();
  void drain();
  void handle(Work& work);
  void hello(const Hello& hello);
  void message(MessageFrame frame);
  void send(std::string frame);
  void end(std::uint16_t code, std::string_view reason);
  std::shared_ptr<net::WebSocket> socket() const {
    std::lock_guard lock(mutex_);
    return socket_;
  }

  Service& service_;
  const ChannelPtr channel_;
  const std::string token_;
  std::unique_ptr<Seats::Seat> seat_;  // nullptr: the workspace has too many sockets, or this one is closed
  mutable std::mutex mutex_;
  std::shared_ptr<net::WebSocket> socket_;
  std::deque<Work> waiting_;
  Gcra frames_;
  std::int64_t seen_ = 0;  // the highest line that this socket has said is seen; on the worker that runs
  bool running_ = false, closed_ = false, welcomed_ = false;
  std::vector<std::pair<std::int64_t, std::shared_ptr<const std::string>>> early_;
  std::optional<VisitorSession> visitor_;  // written on the worker that runs, under the mutex; never changes afterwards
};

void Chat::enqueue(Work work) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool may = frames_.take(frames_rate, service_.parts().clock.monotonic_ms()).is_allowed;
    if (waiting_.size() >= frames_waiting_max || !may) {
      closed_ = true;
      if (socket_) socket_->close(net::close_code::policy_violation, "too many frames");
      return;
    }
    waiting_.push_back(std::move(work));
    if (running_) return;
    running_ = true;
  }
  run();
}

void Chat::run() {
  if (service_.parts().workers.submit(lane_of(channel_->id.bytes()), [self = shared_from_this()] { self->drain(); }))
    return;
  end(net::close_code::try_again_later, "busy");
}

// A few frames, then to the end of the pool's queue: one socket must not keep a worker.
void Chat::drain() {
  for (int i = 0; i < frames_at_once; ++i) {
    Work work;
    {
      std::lock_guard lock(mutex_);
      if (closed_ || waiting_.empty()) {
        running_ = false;
        return;
      }
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    handle(work);
  }
  run();
}

void Chat::handle(Work& work) {
  if (auto* from_address = std::get_if<Hello>(&work)) return hello(*from_address);
  std::string client_id;
  auto frame = parse_visitor_frame(std::get<std::string>(work), &client_id);
  if (!frame) return send(refused_frame(client_id, frame.error()));
  if (auto* first = std::get_if<HelloFrame>(&*frame)) return hello(*first);
  if (!visitor_) return end(close_code::session_ended, "say hello first");
  if (auto* written = std::get_if<MessageFrame>(&*frame)) return message(std::move(*written));
  if (std::holds_alternative<TypingFrame>(*frame)) return service_.typing(*visitor_);
  if (auto* seen = std::get_if<SeenFrame>(&*frame)) {
    if (seen->seq <= seen_) return;
    seen_ = seen->seq;
    auto recorded = service_.seen(*visitor_, seen->seq);
    if (!recorded) return;
    service_.hub().push(visitor_->visitor(), seen_frame(seen->seq, false), 0, this);
    service_.parts().signals.thread_seen(visitor_->workspace(), {.visitor = visitor_->visitor(), .seq = seen->seq});
  }
}

void Chat::hello(const Hello& hello) {
  // A second hello on a socket that knows its visitor only asks for what is new since `after`.
  if (!visitor_) {
    auto session = service_.find_session(*channel_, hello.token);
    if (!session) {
      const bool ended = session.error().kind == ErrorKind::unauthenticated;
      return end(ended ? close_code::session_ended : net::close_code::try_again_later, session.error().code);
    }
    std::lock_guard lock(mutex_);
    if (closed_) return;
    const Present who{session->workspace(), session->channel(), session->visitor()};
    if (!service_.hub().add(who, shared_from_this())) {
      closed_ = true;
      socket_->close(net::close_code::try_again_later, "too many windows");
      return;
    }
    visitor_ = *std::move(session);
  }
  auto transcript = service_.load(*visitor_, hello.after);
  if (!transcript) return end(net::close_code::try_again_later, "try again");
  auto frame = std::make_shared<const std::string>(welcome_frame(*transcript));
  std::lock_guard lock(mutex_);
  if (closed_) return;
  socket_->send(std::move(frame));
  welcomed_ = true;
  for (auto& [seq, early] : early_)
    if (seq > transcript->seq) socket_->send(std::move(early));
  early_.clear();
}

void Chat::message(MessageFrame frame) {
  auto client_id = frame.client_id;
  auto peer = socket()->peer_address();
  service_.receive(*visitor_, std::move(frame), this, peer,
                   [self = shared_from_this(), client_id](Result<Numbered> numbered) {
                     self->send(numbered ? accepted_frame(client_id, numbered->seq, numbered->at)
                                         : refused_frame(client_id, numbered.error()));
                   });
}

void Chat::send(std::string frame) {
  auto text = std::make_shared<const std::string>(std::move(frame));
  std::lock_guard lock(mutex_);
  if (!closed_ && socket_) socket_->send(std::move(text));
}

void Chat::end(std::uint16_t code, std::string_view reason) {
  std::lock_guard lock(mutex_);
  if (socket_ && !closed_) socket_->close(code, reason);
  if (visitor_) service_.hub().remove(visitor_->visitor(), this);
  closed_ = true;
  running_ = false;
}

class Handler final : public net::WebSocketHandler {
 public:
  explicit Handler(std::shared_ptr<Chat> chat) : chat_(std::move(chat)) {}
  void on_open(std::shared_ptr<net::WebSocket> socket) override { chat_->open(std::move(socket)); }
  void on_text(std::string_view text) override { chat_->text(text); }
  void on_close() override { chat_->close(); }

 private:
  std::shared_ptr<Chat> chat_;
};

}  // namespace

std::unique_ptr<net::WebSocketHandler> make_socket(Service& service, ChannelPtr channel, std::string token) {
  return std::make_unique<Handler>(std::make_shared<Chat>(service, std::move(channel), std::move(token)));
}

}  // namespace answerable::channels::webchat
