// One mailbox, watched on its own thread: everything in it comes in once, whoever else reads or flags it. The cursor
// (UIDVALIDITY, UID) moves in the transaction that stores the mail. After a new UIDVALIDITY, account or server the
// folder is read from the start; what is known already is recognised by its bytes. Reconnects with back-off; its health
// stands on the channel.
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
#include "channels/email/imap_session.h"
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
  std::string ca_file;  // further trusted roots; for tests and private authorities
  Reach reach = Reach::internet;
  std::size_t message_bytes_max = 50UL << 20;  // of a larger one only a notice comes in; it stays in the mailbox
  std::size_t batch_bytes_max = 8UL << 20;
  std::size_t batch_max = 100;
  std::int64_t idle_ms = 9 * 60'000;  // IDLE is renewed; RFC 2177 says before 29 minutes
  std::int64_t poll_ms = 30'000;      // without IDLE
  std::int64_t network_timeout_ms = 30'000;
  ImapGuardLimits guard = {};
  std::int64_t retry_first_ms = 1'000, retry_last_ms = 5 * 60'000;
  // A mail whose content does not come, each try on a new connection (some minutes in all): then it is quarantined.
  int content_tries_max = 8;
};

// What a cursor belongs to. `source` names the folder with its account and server: many servers have the same
// UIDVALIDITY.
struct Place {
  intake::Channel channel;
  std::string folder;
  std::string source;
  std::int64_t validity = 0;
};

struct FetchedMail {
  std::uint32_t uid = 0;
  std::string raw;
  bool is_missing = false;  // given up: `raw` says so to people
};

class ImapSource {
 public:
  ImapSource(const ImapParts& parts, ChannelId channel);
  ~ImapSource();  // stop()
  void start();
  void begin_to_stop();  // does not wait; from any thread
  void stop();           // ends at once what blocks, but for connecting; from any thread but its own

 private:
  void run();
  Status serve(const intake::Channel& channel);
  // True when the cursor has moved.
  Result<bool> collect(ImapSession& session, const Place& place);
  Result<std::uint32_t> take_batch(ImapSession& session, const Place& place, std::uint32_t cursor,
                                   const std::vector<MailboxItem>& batch);
  Result<std::vector<FetchedMail>> fetch(ImapSession& session, const std::vector<MailboxItem>& batch);
  Result<std::optional<std::uint32_t>> judge_missing(ImapSession& session, const Place& place,
                                                     const std::vector<MailboxItem>& batch,
                                                     std::vector<FetchedMail>& mails);
  Status store(const Place& place, std::uint32_t cursor, std::vector<FetchedMail> mails);
  Result<std::uint32_t> open_cursor(const Place& place);
  void tell_health(const intake::Channel& channel, intake::ChannelState state, const std::string& detail);
  void pause(std::int64_t pause_ms);

  const ImapParts& parts_;
  const ChannelId channel_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<ImapSession> session_;  // guarded by mutex_
  std::map<std::uint32_t, int> misses_;   // UIDs whose content did not come, how often; the thread's own
  std::thread thread_;
};

}  // namespace answerable::channels
