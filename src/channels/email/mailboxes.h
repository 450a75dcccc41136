// The sources of all mail channels that fetch their mail, by IMAP one for each folder, by POP3 one: started, restarted
// when their settings change, stopped when they are disabled or need re-authorisation.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "channels/email/imap_source.h"
#include "channels/email/mail_source.h"

namespace answerable::channels {

class Mailboxes {
 public:
  explicit Mailboxes(ImapParts parts);
  ~Mailboxes();  // stop()
  // After the channel directory is filled. Follows its changes from now on.
  void start();
  // Of several nodes only one asks the mailboxes; without a word this one does. Any thread; does not wait.
  void set_active(bool is_active);
  // Before the intake stops.
  void stop();
  // Looks for gaps in all folders of a channel. False: some folder was not done within the time, may not be asked
  // before somebody authorises it again, or is asked by another node. Any thread.
  bool check_within(ChannelId channel, std::int64_t limit_ms);

 private:
  struct Running {
    std::string settings;  // a fingerprint: what is not in it needs no restart
    std::vector<std::shared_ptr<MailSource>> sources;
  };
  void run();
  void follow_settings();
  std::map<ChannelId, std::pair<std::string, MailSettings>> wanted_sources();
  std::vector<std::shared_ptr<MailSource>> make_sources(ChannelId channel, const MailSettings& settings) const;

  const ImapParts parts_;
  std::map<ChannelId, Running> running_;  // changed by the thread, under mutex_
  std::mutex mutex_;
  std::condition_variable wake_;
  bool changed_ = true, stopping_ = false, is_active_ = true;
  std::thread thread_;
};

}  // namespace answerable::channels
