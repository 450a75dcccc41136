// Which messages of a mailbox are one conversation: the steps of intake/receive.h on a database that is made for it and
// goes away with it. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "channels/email/check_sender.h"

namespace answerable::app {

struct MailboxRules {
  bool everybody_takes_part = false;     // a mailing list's mailbox
  std::string trusted_authserv_id = {};  // empty: whoever stands in From is believed, unless a result speaks against it
};

class MailboxThreads {
 public:
  // Errors: of the file system and the database, which is made in memory (/dev/shm) where the machine has it.
  static Result<std::unique_ptr<MailboxThreads>> make(const MailboxRules& rules);
  virtual ~MailboxThreads() = default;

  // The conversations of the next messages in order of arrival: 1, 2, 3 … in the order of their first message. What the
  // intake would keep in quarantine is a conversation of its own.
  virtual Result<std::vector<std::int64_t>> place(const std::vector<std::string>& raws) = 0;
};

// Files are read later than they came, without the DNS of then. A result that speaks against the author counts from
// anybody: nobody gains by forging it.
mail::SenderAuthentication believe_author(const std::string& raw, const std::string& author);

// Does it come from a mailing list, or from an archive that keeps no recipients? There everybody takes part.
bool is_of_list(const std::string& raw);

}  // namespace answerable::app
