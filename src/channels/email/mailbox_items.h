// What we know of a folder: how far it was read, and each UID that was taken from it. All of it is written in the
// transaction that stores the mail.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "channels/email/mail_settings.h"
#include "intake/channel.h"
#include "store/database.h"
#include "store/session.h"

namespace answerable::channels {

// What a cursor belongs to. `source` names the folder with its account and server: many servers have the same
// UIDVALIDITY.
struct Place {
  intake::Channel channel;
  std::string folder;
  std::string source;
  std::int64_t validity = 0;
};

std::string source_name(const MailServer& server, const std::string& folder);

enum class ItemOutcome : std::uint8_t {
  taken,
  noticed,   // too large: a notice of it came in
  withheld,  // its server did not hand it over: a stand-in is in quarantine
  expunged,  // somebody removed it before it could be read
  refused,   // POP3: its server has not handed it over so far
};

// Makes the row of the cursor, at the start of the folder when it or its UIDVALIDITY is new; what is known by its bytes
// then is not stored again.
Result<std::uint32_t> open_cursor(store::Database& database, const Place& place);
// 0 when there is none.
Result<std::uint32_t> read_cursor(store::Session& session, const Place& place);
// Only a successor of the mail before may move the cursor: when one mail could not be stored, none after it is either.
// Errors: conflict "imap_cursor_moved".
Status advance(store::Transaction& tx, const Place& place, std::int64_t from, std::int64_t to);

// `is_due`: it is to be flagged or moved at its server.
Status note_item(store::Transaction& tx, const Place& place, std::uint32_t uid, ItemOutcome outcome, bool is_due);
// Ascending.
Result<std::vector<std::pair<std::uint32_t, ItemOutcome>>> list_items(store::Session& session, const Place& place);
inline constexpr int due_at_once_max = 100;
Result<std::vector<std::uint32_t>> due_items(store::Session& session, const Place& place);
Status settle_items(store::Transaction& tx, const Place& place, const std::vector<std::uint32_t>& uids);

}  // namespace answerable::channels
