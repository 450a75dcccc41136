#include "channels/email/lmtp_listener.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <vector>

#include "base/rate_limiter.h"
#include "channels/email/mail_arrival.h"
#include "net/memory_budget.h"
#include "net/peer_seats.h"

namespace answerable::channels {

namespace {

using ChannelPtr = intake::ChannelDirectory::ChannelPtr;

// The answers of one message's recipients; the last one to come posts them all.
struct Answers {
  explicit Answers(std::size_t recipients, std::size_t groups) : statuses(recipients), left(groups) {}
  std::vector<Status> statuses;
  std::atomic<std::size_t> left;
};

struct Group {
  ChannelPtr channel;
  std::vector<std::size_t> recipients;
};

// What is counted over all connections, most of it by the peers' addresses.
struct Peers {
  std::shared_ptr<net::PeerSeats> seats;
  RateLimiter rates;         // of messages
  net::MemoryBudget memory;  // of messages in transfer
  Counter& messages;
  Counter& put_off;
};

class Session final : public net::StreamProtocol, public LmtpHost {
 public:
  Session(std::shared_ptr<const LmtpParts> parts, LmtpOptions options, std::shared_ptr<Peers> peers)
      : shared_(std::move(parts)), parts_(*shared_), options_(std::move(options)), peers_(std::move(peers)) {}

  void on_open(std::shared_ptr<net::StreamPeer> peer, net::StreamOutput& out) override {
    peer_ = std::move(peer);
    seat_ = peers_->seats->take(peer_->address());
    if (!seat_) {
      out.write("421 4.7.0 Too many connections from your address\r\n");
      return out.close();
    }
    auto options = options_;
    options.offers_starttls = out.can_start_tls();
    protocol_.emplace(std::move(options), *this);
    protocol_->open();
    settle_output(out);
  }

  std::size_t on_bytes(std::string_view bytes, net::StreamOutput& out) override {
    if (!protocol_) return bytes.size();
    auto used = protocol_->feed(bytes);
    if (is_too_slow()) protocol_->on_idle();
    settle_output(out);
    return used;
  }

  void on_tls(net::StreamOutput&) override { protocol_->on_tls(); }

  void on_idle(net::StreamOutput& out) override {
    if (!protocol_) return;
    protocol_->on_idle();
    settle_output(out);
  }

  Status check_recipient(std::string_view address) override {
    if (parts_.channels.find_by_address(address)) return {};
    return fail(ErrorKind::not_found, "no_such_recipient", "No such recipient here");
  }

  Status check_room(std::size_t bytes) override {
    if (peers_->rates.take(peer_->address(), messages_rate()).is_allowed) return parts_.intake.has_room(bytes);
    peers_->put_off.add();
    return fail(ErrorKind::limited, "too_many_messages",
                "Too many messages from your address within a minute: try again later");
  }
  bool hold(std::size_t bytes) override {
    if (bytes <= options_.small_bytes_max) {
      share_.release();
      return true;
    }
    if (share_.grow_to(bytes)) return true;
    peers_->put_off.add();
    return false;
  }
  void deliver(std::uint64_t id, MailEnvelope envelope, std::string raw) override;
  void on_close() override { seat_.reset(); }

 private:
  Rate messages_rate() const { return {.quota = static_cast<std::int64_t>(options_.messages_per_peer_max)}; }
  std::vector<Group> group_by_channel(const MailEnvelope& envelope, Answers& answers) const;

  bool is_too_slow() {
    const auto now_ms = parts_.clock.monotonic_ms();
    if (transfer_ != protocol_->transfer()) {
      transfer_ = protocol_->transfer();
      transfer_began_ms_ = now_ms;
    }
    if (transfer_ == 0) return false;
    const auto seconds = static_cast<std::int64_t>(protocol_->transferred()) / options_.bytes_per_second_min;
    return now_ms - transfer_began_ms_ > options_.patience_ms + seconds * 1'000;
  }

  void settle_output(net::StreamOutput& out) {
    auto output = protocol_->take_output();
    if (!output.empty()) out.write(output);
    if (protocol_->take_wants_tls()) out.start_tls();
    if (protocol_->wants_close()) return out.close();
    if (protocol_->is_waiting() == is_paused_) return;
    is_paused_ = !is_paused_;
    if (is_paused_)
      out.pause();
    else
      out.resume();
  }

  const std::shared_ptr<const LmtpParts> shared_;
  const LmtpParts& parts_;
  const LmtpOptions options_;
  const std::shared_ptr<Peers> peers_;
  net::PeerSeats::Seat seat_;
  std::shared_ptr<net::StreamPeer> peer_;
  net::MemoryShare share_{peers_->memory};
  std::optional<LmtpProtocol> protocol_;
  std::uint64_t transfer_ = 0;  // the message in transfer, and when it began
  std::int64_t transfer_began_ms_ = 0;
  bool is_paused_ = false;
};

// Several recipients of one channel are one arrival.
std::vector<Group> Session::group_by_channel(const MailEnvelope& envelope, Answers& answers) const {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < envelope.to.size(); ++i) {
    auto channel = parts_.channels.find_by_address(envelope.to[i]);
    if (!channel) {
      answers.statuses[i] = fail(ErrorKind::not_found, "no_such_recipient", "No such recipient here");
      continue;
    }
    auto known = std::ranges::find_if(groups, [&](const Group& group) { return group.channel->id == channel->id; });
    if (known == groups.end()) known = groups.insert(groups.end(), Group{channel, {}});
    known->recipients.push_back(i);
  }
  return groups;
}

void Session::deliver(std::uint64_t id, MailEnvelope envelope, std::string raw) {
  peers_->messages.add();
  auto answers = std::make_shared<Answers>(envelope.to.size(), 1);
  auto groups = group_by_channel(envelope, *answers);
  answers->left += groups.size();
  auto one_done = [this, id, answers, peer = peer_] {
    if (answers->left.fetch_sub(1) != 1) return;
    peer->post([this, id, answers](net::StreamOutput& out) {
      protocol_->settle(id, answers->statuses);
      settle_output(out);
    });
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    const bool is_last = g + 1 == groups.size();
    auto arrival = mail_arrival(*group.channel, is_last ? std::move(raw) : raw, parts_.clock.now());
    arrival.envelope_from = envelope.from;
    for (auto i : group.recipients) arrival.envelope_to.push_back(envelope.to[i]);
    arrival.peer = peer_->address();
    auto tell = [shared = shared_, channel = group.channel, day = intake::day_of(arrival.received_at)](bool is_taken) {
      if (shared->told != nullptr) shared->told->add(channel->workspace, channel->id, day, is_taken);
    };
    parts_.intake.accept(std::move(arrival), {},
                         [answers, recipients = group.recipients, one_done, tell](Status status) {
                           tell(status.has_value());
                           for (auto i : recipients) answers->statuses[i] = status;
                           one_done();
                         });
  }
  one_done();
}

}  // namespace

Result<std::unique_ptr<LmtpListener>> LmtpListener::start(const LmtpParts& parts, LmtpOptions options,
                                                          net::StreamServerOptions socket) {
  socket.too_many_reply = "421 4.3.2 Too many connections\r\n";
  auto& messages =
      parts.metrics.counter("answerable_mail_received_total", "Messages that came to their end over LMTP or SMTP.");
  auto& put_off = parts.metrics.counter(
      "answerable_mail_put_off_total",
      "Messages whose peer had handed over its share of the minute already, or for which there was no memory.");
  auto shared = std::make_shared<const LmtpParts>(parts);
  auto seats = std::make_shared<net::PeerSeats>(options.connections_per_peer_max);
  std::shared_ptr<Peers> peers(
      new Peers{std::move(seats), RateLimiter(parts.clock), net::MemoryBudget(options.memory_max), messages, put_off});
  auto factory = [shared, options = std::move(options), peers]() -> std::unique_ptr<net::StreamProtocol> {
    return std::make_unique<Session>(shared, options, peers);
  };
  TRY(auto server, net::StreamServer::start(parts.loop, std::move(factory), std::move(socket)));
  return std::unique_ptr<LmtpListener>(new LmtpListener(std::move(server)));
}

}  // namespace answerable::channels
