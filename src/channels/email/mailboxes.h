// The IMAP sources of all mail channels: started, restarted when their settings change, stopped when they are disabled.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "channels/email/imap_source.h"

namespace answerable::channels {

class Mailboxes {
 public:
  explicit Mailboxes(ImapParts parts);
  ~Mailboxes();  // stop()
  // After the channel directory is filled. Follows its changes from now on.
  void start();
  // Before the intake stops.
  void stop();

 private:
  struct Running {
    std::string settings;  // config and secrets: anything else on the channel needs no restart
    std::unique_ptr<ImapSource> source;
  };
  void run();
  void reconcile();

  const ImapParts parts_;
  std::map<ChannelId, Running> running_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable wake_;
  bool changed_ = true, stopping_ = false;
  std::thread thread_;
};

}  // namespace answerable::channels
