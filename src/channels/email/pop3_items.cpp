#include "channels/email/pop3_items.h"

#include <set>

namespace answerable::channels {

namespace {

constexpr std::string_view mailbox_name = "POP3";

// Sizes of servers are not exact, but a mail that did not change keeps its.
bool is_same_mail(const Pop3Mail& mail, const Pop3Item& item) {
  return mail.bytes == 0 || item.bytes == 0 || mail.bytes == item.bytes;
}

void add_name(std::string& names, const std::string& key) {
  constexpr std::string_view more = ", …";
  if (names.ends_with(more)) return;
  if (names.size() + key.size() + more.size() + 2 > intake::missing_names_bytes_max) {
    names += more;
    return;
  }
  if (!names.empty()) names += ", ";
  names += key;
}

}  // namespace

Place pop3_place(const intake::Channel& channel, const MailServer& server) {
  const std::string folder(mailbox_name);
  return {channel, folder, source_name(server, folder), 0};
}

Result<Pop3Items> list_pop3_items(store::Session& session, const Place& place) {
  Pop3Items items;
  TRY_STATUS(session.each(
      "select uid, bytes, outcome, is_due from pop3_items where workspace_id = $1 and channel_id = $2 and source = $3",
      {place.channel.workspace, place.channel.id, place.source}, [&](const store::Row& row) {
        items[row.string(0)] = {static_cast<std::size_t>(row.integer(1)), static_cast<ItemOutcome>(row.integer(2)),
                                row.flag(3)};
      }));
  return items;
}

Status note_pop3_item(store::Transaction& tx, const Place& place, const std::string& key, const Pop3Item& item) {
  TRY_STATUS(
      tx.execute("insert into pop3_items (workspace_id, channel_id, source, uid, bytes, outcome, is_due) values ($1, "
                 "$2, $3, $4, $5, $6, $7) on conflict (workspace_id, channel_id, source, uid) do update set bytes = "
                 "excluded.bytes, outcome = excluded.outcome, is_due = excluded.is_due",
                 {place.channel.workspace, place.channel.id, place.source, key, static_cast<std::int64_t>(item.bytes),
                  std::int64_t{std::to_underlying(item.outcome)}, item.is_due}));
  return {};
}

Status forget_pop3_items(store::Transaction& tx, const Place& place, const std::vector<std::string>& keys) {
  for (const auto& key : keys)
    TRY_STATUS(
        tx.execute("delete from pop3_items where workspace_id = $1 and channel_id = $2 and source = $3 and uid = $4",
                   {place.channel.workspace, place.channel.id, place.source, key}));
  return {};
}

Pop3Comparison compare_pop3(const Place& place, const std::vector<Pop3Mail>& at_server, const Pop3Items& items,
                            Time now) {
  Pop3Comparison found;
  auto& figures = found.figures;
  figures.source = place.folder;
  figures.checked_at = now;
  figures.at_source = static_cast<std::int64_t>(at_server.size());
  std::set<std::string_view> present;
  for (const auto& mail : at_server) {
    present.insert(mail.key);
    const auto known = items.find(mail.key);
    const bool is_known = known != items.end() && is_same_mail(mail, known->second);
    if (!is_known || known->second.outcome == ItemOutcome::refused) found.wanted.push_back(mail);
    // Of mails with one UID nobody can say which of them is left after somebody removed one.
    if (is_known && known->second.is_due && mail.is_unique) found.due.push_back(mail);
    if (!is_known) {
      ++figures.waiting;
      continue;
    }
    switch (known->second.outcome) {
      case ItemOutcome::taken: ++figures.stored; break;
      case ItemOutcome::noticed: ++figures.noticed; break;
      case ItemOutcome::withheld: ++figures.withheld; break;
      case ItemOutcome::expunged:
      case ItemOutcome::refused:
        ++figures.missing;
        add_name(figures.missing_names, mail.key);
        break;
    }
  }
  for (const auto& [key, item] : items)
    if (!present.contains(key)) found.vanished.push_back(key);
  return found;
}

}  // namespace answerable::channels
