// May this channel receive? What has been acknowledged is always collected: a workspace that may not send still gets
// its mail. A channel that was disabled meanwhile gives its arrivals to the quarantine, where an administrator decides.
#include "intake/receive.h"

namespace answerable::intake {

StepResult judge(Receiving& receiving) {
  if (receiving.in.is_channel_disabled && !is_replay(receiving.in)) {
    receiving.reason = "channel_disabled";
    receiving.detail = "The channel was disabled when this arrived.";
    return Disposition::quarantined;
  }
  return std::nullopt;
}

}  // namespace answerable::intake
