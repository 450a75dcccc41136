// A mailbox that is read by POP3, on its own thread: asked from time to time, and everything in it comes in once. What
// is new is decided by (channel, UID); the UID is noted in the transaction that stores the mail. When a server gives
// all mails other UIDs they are read again and known by their bytes. Nothing is removed there unless the channel asks,
// then after the commit and by the number that the mail has in that session. Its health stands on the channel.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "channels/email/channel_health.h"
#include "channels/email/imap_source.h"
#include "channels/email/mail_receiver.h"
#include "channels/email/mail_source.h"
#include "channels/email/pop3_items.h"
#include "channels/email/pop3_session.h"

namespace answerable::channels {

class Pop3Source final : public MailSource {
 public:
  Pop3Source(const ImapParts& parts, ChannelId channel, std::shared_ptr<ChannelHealth> health);
  ~Pop3Source() override;
  void start() override;
  void begin_to_stop() override;
  void stop() override;
  bool check_within(std::int64_t limit_ms) override;

 private:
  struct Trouble {          // with a mail that was not taken so far
    int breaks = 0;         // the connection ended when it was asked for
    int refusals = 0;       // its server said no
    std::size_t bytes = 0;  // when it is longer than its server had said
  };
  class Storing;  // what was handed to the intake and is not known to be durable
  struct Fetched {
    ReceivedMail mail;
    ItemOutcome outcome = ItemOutcome::taken;
  };

  void run();
  Status serve(const intake::Channel& channel);
  Status read_mailbox(Pop3Session& session, const Place& place, bool deletes);
  Result<Pop3Comparison> compare(const Place& place, const std::vector<Pop3Mail>& at_server);
  Status take(Pop3Session& session, const Place& place, std::vector<Pop3Mail> wanted, bool deletes);
  // Nothing: the server refuses it so far.
  Result<std::optional<Fetched>> fetch(Pop3Session& session, const Place& place, const Pop3Mail& mail);
  Result<Fetched> notice(Pop3Session& session, const Place& place, const Pop3Mail& mail, std::size_t bytes);
  // Removes what is due, and ends the session.
  Status leave(Pop3Session& session, const std::vector<Pop3Mail>& due);
  Status tell(const Place& place, const intake::SourceCheck& figures);
  // Ends early when somebody asks for more than `asked`.
  void pause(std::int64_t pause_ms, std::uint64_t asked);

  const ImapParts& parts_;
  const ChannelId channel_;
  const std::shared_ptr<ChannelHealth> health_;
  Gauge& missing_;
  Gauge& at_source_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t asked_ = 0, answered_ = 0;   // looks that somebody waits for; guarded by mutex_
  std::shared_ptr<Pop3Session> session_;     // guarded by mutex_
  std::map<std::string, Trouble> troubles_;  // by Pop3Mail::key; the thread's own
  std::thread thread_;
};

}  // namespace answerable::channels
