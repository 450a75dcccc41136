// The composition root: the one place where parts meet. Fixes what is plugged into what, and the order of start and
// stop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/installation.h"
#include "base/result.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "outbox/dispatch.h"

namespace answerable::app {

class Server {
 public:
  // `installation` outlives the server. Errors: unavailable "address_in_use" and the like, with what to do.
  static Result<std::unique_ptr<Server>> start(Installation& installation);
  // Stops accepting, finishes what is under way (at most 10 s), checkpoints. Blocks.
  virtual ~Server() = default;

  virtual std::uint16_t web_port() const = 0;
  virtual std::uint16_t lmtp_port() const = 0;  // 0: off
  virtual std::uint16_t smtp_port() const = 0;  // 0: off

  // For tests and for commands that work without a listening server.
  virtual intake::Intake& intake() = 0;
  virtual intake::ChannelDirectory& channels() = 0;
  virtual outbox::Dispatcher& outbox() = 0;
  // Blocks until what was committed before is understood and indexed.
  virtual void wait_until_idle() = 0;
};

}  // namespace answerable::app
