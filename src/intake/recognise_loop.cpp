// Our own words coming back, mail that travelled too far, and a robot that answers ours. Stopped ones are kept in
// quarantine.
#include <string>

#include "intake/limits.h"
#include "intake/receive.h"

namespace answerable::intake {

StepResult recognise_loop(Receiving& receiving) {
  const auto& in = receiving.in;
  if (is_replay(in)) return std::nullopt;
  auto stop = [&](std::string_view reason, std::string detail) -> StepResult {
    receiving.reason = reason;
    receiving.detail = std::move(detail);
    return Disposition::loop_stopped;
  };
  if (in.message.has_own_loop_mark)
    return stop("loop_own_mail",
                "This is a message that this workspace sent itself: an address of its own forwards to it.");
  if (in.message.received_count > received_count_max)
    return stop("loop_received_count", "It passed " + std::to_string(in.message.received_count) +
                                           " servers (Received fields); more than " +
                                           std::to_string(received_count_max) + " are taken for a loop.");
  if (in.pair_limit_reached)
    return stop("loop_automatic_answers", "More than " + std::to_string(pair_auto_submitted_max) +
                                              " automatic messages from this sender within an hour.");
  return std::nullopt;
}

}  // namespace answerable::intake
