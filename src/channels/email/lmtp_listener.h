// Mail comes in: LMTP (or SMTP) on a socket, each message into the intake, the reply after its commit.
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "channels/email/lmtp_protocol.h"
#include "channels/email/told_counts.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "net/event_loop.h"
#include "net/stream_server.h"

namespace answerable::channels {

struct LmtpParts {  // all outlive the listener
  net::EventLoop& loop;
  intake::Intake& intake;
  const intake::ChannelDirectory& channels;
  const Clock& clock;
  Metrics& metrics;
  ToldCounts* told = nullptr;
};

class LmtpListener {
 public:
  // `socket`: host, port and TLS; the idle deadline and the reply to one connection too many are set here.
  static Result<std::unique_ptr<LmtpListener>> start(const LmtpParts& parts, LmtpOptions options,
                                                     net::StreamServerOptions socket);
  std::uint16_t port() const { return server_->port(); }
  const net::StreamServerFigures& figures() const { return server_->figures(); }
  // Stops accepting, lets what is being stored be answered. Blocks. Before the intake stops.
  bool stop(std::int64_t deadline_ms) { return server_->stop(deadline_ms); }

 private:
  explicit LmtpListener(std::unique_ptr<net::StreamServer> server) : server_(std::move(server)) {}
  std::unique_ptr<net::StreamServer> server_;
};

}  // namespace answerable::channels
