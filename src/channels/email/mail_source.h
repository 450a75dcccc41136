// One mailbox, or one folder of it, that is read on a thread of its own: what Mailboxes knows of it.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"

namespace answerable::channels {

class MailSource {
 public:
  virtual ~MailSource() = default;  // stop()
  virtual void start() = 0;
  virtual void begin_to_stop() = 0;  // does not wait; from any thread
  virtual void stop() = 0;           // ends at once what blocks, but for connecting; from any thread but its own
  // Looks for gaps soon, whatever the time. False: that did not come to its end within the time. Any thread.
  virtual bool check_within(std::int64_t limit_ms) = 0;
};

// Of the gauges of a source. The folder's name is an administrator's text: its hash tells series apart and carries
// nothing into the page.
std::string mailbox_label(ChannelId channel, const std::string& folder);

}  // namespace answerable::channels
