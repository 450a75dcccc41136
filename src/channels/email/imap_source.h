// One folder of a mailbox, watched on its own thread: everything in it comes in once, whoever else reads or flags it.
// The cursor (UIDVALIDITY, UID) moves in the transaction that stores the mail. After a new UIDVALIDITY, account or
// server the folder is read from the start; what is known already is recognised by its bytes. From time to time all
// UIDs of the server are held against ours (mailbox_check.h), and what is missing is fetched, or named on the channel.
// Reconnects with back-off; its health stands on the channel.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "channels/email/channel_health.h"
#include "channels/email/imap_session.h"
#include "channels/email/mail_receiver.h"
#include "channels/email/mail_source.h"
#include "channels/email/mailbox_items.h"
#include "channels/oauth/access_tokens.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "store/database.h"

namespace answerable::channels {

struct ImapParts {  // all outlive the source
  store::Database& database;
  intake::Intake& intake;
  intake::ChannelDirectory& channels;
  const Clock& clock;
  Metrics& metrics;
  AccessTokens& tokens;
  std::string ca_file;  // further trusted roots; for tests and private authorities
  Reach reach = Reach::internet;
  std::size_t message_bytes_max = 100UL << 20;  // of a larger one only a notice comes in; it stays in the mailbox
  std::size_t batch_bytes_max = 8UL << 20;
  std::size_t part_bytes_max = 4UL << 20;  // a larger mail is fetched in parts of this size, straight to the disk
  std::size_t batch_max = 100;
  std::int64_t idle_ms = 9 * 60'000;  // IDLE is renewed; RFC 2177 says before 29 minutes
  std::int64_t poll_ms = 30'000;      // without IDLE
  std::int64_t pop3_poll_ms = 60'000;
  std::int64_t check_ms = 3'600'000;  // between two looks for gaps
  // At the latest then each UID is looked at, whatever the server says of changes.
  std::int64_t full_check_ms = 24 * 3'600'000;
  std::int64_t network_timeout_ms = 30'000;
  ImapGuardLimits guard = {};
  std::int64_t retry_first_ms = 1'000, retry_last_ms = 5 * 60'000;
  // A mail whose content does not come, each try on a new connection (some minutes in all): then it is quarantined.
  int content_tries_max = 8;
};

struct FetchedMail {
  std::uint32_t uid = 0;
  ReceivedMail mail;  // of a withheld one: what people are told
  ItemOutcome outcome = ItemOutcome::taken;
  std::optional<Time> came_at;
};

class ImapSource final : public MailSource {
 public:
  ImapSource(const ImapParts& parts, ChannelId channel, std::string folder, std::shared_ptr<ChannelHealth> health);
  ~ImapSource() override;  // stop()
  void start() override;
  void begin_to_stop() override;
  void stop() override;
  bool check_within(std::int64_t limit_ms) override;

 private:
  void run();
  Status serve(const intake::Channel& channel);
  Status watch(ImapSession& session, const Place& place, const MailSettings& settings);
  // True when the cursor has moved.
  Result<bool> collect(ImapSession& session, const Place& place);
  Result<std::uint32_t> take_batch(ImapSession& session, const Place& place, std::uint32_t cursor,
                                   const std::vector<MailboxItem>& batch);
  Result<std::vector<FetchedMail>> fetch(ImapSession& session, const std::vector<MailboxItem>& batch);
  // Nothing: the server does not give all of it.
  Result<std::optional<FetchedMail>> fetch_in_parts(ImapSession& session, const MailboxItem& item);
  Result<std::optional<FetchedMail>> notice(ImapSession& session, const MailboxItem& item);
  Result<std::optional<std::uint32_t>> judge_missing(ImapSession& session, const Place& place,
                                                     const std::vector<MailboxItem>& batch,
                                                     std::vector<FetchedMail>& mails);
  // Without a cursor only the items are noted.
  Status store(const Place& place, std::optional<std::uint32_t> cursor, std::vector<FetchedMail> mails);
  Status act_on_stored(ImapSession& session, const Place& place, const MailSettings& settings);
  Status check(ImapSession& session, const Place& place);
  Result<std::size_t> fetch_missing(ImapSession& session, const Place& place,
                                    const std::vector<std::uint32_t>& missing);
  void pause(std::int64_t pause_ms);

  const ImapParts& parts_;
  const ChannelId channel_;
  const std::string folder_;
  const std::shared_ptr<ChannelHealth> health_;
  Gauge& missing_;
  Gauge& at_source_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> next_check_ms_{0};  // monotonic
  bool acts_ = false;                           // stored mails are due for an act at the server; the thread's own
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t asked_ = 0, answered_ = 0;  // checks that somebody waits for; guarded by mutex_
  std::shared_ptr<ImapSession> session_;    // guarded by mutex_
  std::map<std::uint32_t, int> misses_;     // UIDs whose content did not come, how often; the thread's own
  std::thread thread_;
};

}  // namespace answerable::channels
