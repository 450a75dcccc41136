// One connection to an IMAP server (RFC 3501, IDLE of RFC 2177), over libetpan, which is used here only. Reads (SELECT,
// UID SEARCH, UID FETCH with BODY.PEEK[]) and changes nothing but by mark_seen() and move(). Folders have the names
// that people write. Blocks; one thread, but for interrupt() and nudge().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "channels/email/folder_state.h"
#include "channels/email/imap_guard.h"
#include "channels/email/mail_settings.h"
#include "channels/email/server_address.h"

struct mailimap_flag;

namespace answerable::channels {

struct Mailbox {
  std::int64_t validity = 0;  // UIDVALIDITY
  std::uint32_t exists = 0;
};

struct MailboxItem {
  std::uint32_t uid = 0;
  std::size_t bytes = 0;
  std::optional<Time> came_at;  // INTERNALDATE
};

struct ImapSessionOptions {
  std::string ca_file = {};  // further trusted roots (PEM)
  std::int64_t timeout_ms = 30'000;
  Reach reach = Reach::internet;
  ImapGuardLimits guard = {};
};

// Every operation fails with unavailable "imap_validity_changed" when the server says that UIDVALIDITY is another now:
// what it answers from then on names other mails.
class ImapSession {
 public:
  // `secret`: what server.sign_in wants. The certificate must belong to the host and lead to a trusted root, before
  // anything secret is said. Errors: those of connect_within(), check_certificate() and sign_in_to_imap(), unavailable
  // "imap_unreachable" / "imap_tls".
  static Result<std::unique_ptr<ImapSession>> connect(const MailServer& server, const std::string& secret,
                                                      const ImapSessionOptions& options);
  ~ImapSession();

  Result<Mailbox> select(const std::string& folder);
  // UIDs greater than `after`, ascending.
  Result<std::vector<std::uint32_t>> uids_after(std::uint32_t after);
  Result<std::vector<MailboxItem>> sizes(std::uint32_t first, std::uint32_t last);
  // The raw bytes of those that the server hands over, ascending. A mail may be missing for two reasons, which
  // which_exist() tells apart: it was expunged, or the server does not give its content (NIL, nothing, NO).
  Result<std::vector<std::pair<std::uint32_t, std::string>>> fetch(const std::vector<std::uint32_t>& uids);
  // At most `length` bytes of a mail from `offset` on, for mails that are too large for one answer: fewer at its end,
  // none beyond it. Nothing when the server does not give them.
  Result<std::optional<std::string>> fetch_part(std::uint32_t uid, std::uint32_t offset, std::uint32_t length);
  // From, To, Subject, Date and Message-ID only; empty when it is missing.
  Result<std::string> fetch_short_header(std::uint32_t uid);
  // Those that are in the mailbox now, ascending.
  Result<std::vector<std::uint32_t>> which_exist(const std::vector<std::uint32_t>& uids);
  // As it is now, by STATUS; of a server that refuses UIDNEXT alone, as it was when the folder was opened.
  Result<FolderState> state(const std::string& folder);
  // What an administrator asked for, after the mails are stored. Mails that are not there any more are no error.
  // Errors: unavailable "imap_act_refused".
  Status mark_seen(const std::vector<std::uint32_t>& uids);
  // By MOVE (RFC 6851); without it by COPY, \Deleted and UID EXPUNGE (RFC 4315) of just these.
  Status move(const std::vector<std::uint32_t>& uids, const std::string& folder);
  bool can_idle() const;
  // Until something happens in the mailbox (not at all when it did since uids_after() was asked), the time is over,
  // nudge(), or interrupt(). Without IDLE it only waits.
  Status wait(std::int64_t wait_ms);
  // From any thread: ends wait(), now or the next time.
  void nudge();
  // From any thread: ends what blocks now, and all that follows fails.
  void interrupt();

 private:
  struct State;
  explicit ImapSession(std::unique_ptr<State> state);
  Status is_same_mailbox() const;
  Status add_flag(const std::vector<std::uint32_t>& uids, mailimap_flag* flag);  // takes it
  std::unique_ptr<State> state_;
};

}  // namespace answerable::channels
