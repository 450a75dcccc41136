// What we know of a mailbox that is read by POP3: each mail that was taken from it, by its UID. Written in the
// transaction that stores the mail. A row goes when its mail is no longer in the mailbox: a server may give the UID to
// another one then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "channels/email/mailbox_items.h"
#include "channels/email/pop3_answer.h"
#include "intake/completeness.h"
#include "store/session.h"

namespace answerable::channels {

struct Pop3Item {
  std::size_t bytes = 0;  // as its server counted when it was taken; 0: it did not say
  ItemOutcome outcome = ItemOutcome::taken;
  bool is_due = false;  // it is to be removed at its server
};
using Pop3Items = std::map<std::string, Pop3Item>;  // by Pop3Mail::key

// `place`: the mailbox is its folder; it has no UIDVALIDITY.
Place pop3_place(const intake::Channel& channel, const MailServer& server);

Result<Pop3Items> list_pop3_items(store::Session& session, const Place& place);
Status note_pop3_item(store::Transaction& tx, const Place& place, const std::string& key, const Pop3Item& item);
Status forget_pop3_items(store::Transaction& tx, const Place& place, const std::vector<std::string>& keys);

// A mailbox held against what was taken from it.
struct Pop3Comparison {
  std::vector<Pop3Mail> wanted;       // never taken, or refused so far, or another size by now: its UID was given anew
  std::vector<Pop3Mail> due;          // to be removed, and certainly the mail that was stored
  std::vector<std::string> vanished;  // keys of rows whose mail is not there any more
  //   at_source = stored + withheld + noticed + waiting + missing
  intake::SourceCheck figures;
};
Pop3Comparison compare_pop3(const Place& place, const std::vector<Pop3Mail>& at_server, const Pop3Items& items,
                            Time now);

}  // namespace answerable::channels
