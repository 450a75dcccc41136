#include "channels/email/mailbox_check.h"

#include <algorithm>

namespace answerable::channels {

std::string name_uids(const std::vector<std::uint32_t>& uids) {
  std::string names;
  for (std::size_t at = 0; at < uids.size();) {
    auto end = at;
    while (end + 1 < uids.size() && uids[end + 1] == uids[end] + 1) ++end;
    if (names.size() + 30 > intake::missing_names_bytes_max) return names + ", …";
    if (!names.empty()) names += ", ";
    names += std::to_string(uids[at]);
    if (end > at) names += ":" + std::to_string(uids[end]);
    at = end + 1;
  }
  return names;
}

MailboxCheck compare_mailbox(const std::vector<std::uint32_t>& at_server,
                             const std::vector<std::pair<std::uint32_t, ItemOutcome>>& taken, std::uint32_t cursor,
                             std::uint32_t next_uid) {
  MailboxCheck check;
  auto& figures = check.figures;
  figures.at_source = static_cast<std::int64_t>(at_server.size());
  figures.next_uid = next_uid;
  std::int64_t known = 0;  // UIDs before UIDNEXT that are at the server or were taken
  auto item = taken.begin();
  auto pass = [&](std::uint32_t uid) {
    for (; item != taken.end() && item->first < uid; ++item)
      if (item->first < next_uid && item->second != ItemOutcome::expunged) ++known;
  };
  for (auto uid : at_server) {
    pass(uid);
    if (uid < next_uid) ++known;
    if (item == taken.end() || item->first != uid) {
      if (uid > cursor)
        ++figures.waiting;
      else
        check.missing.push_back(uid);
      continue;
    }
    switch ((item++)->second) {
      case ItemOutcome::taken: ++figures.stored; break;
      case ItemOutcome::noticed: ++figures.noticed; break;
      case ItemOutcome::withheld: ++figures.withheld; break;
      case ItemOutcome::expunged:  // it is there after all
      case ItemOutcome::refused: check.missing.push_back(uid); break;
    }
  }
  pass(next_uid);
  figures.missing = static_cast<std::int64_t>(check.missing.size());
  figures.missing_names = name_uids(check.missing);
  // A server that does not say UIDNEXT, or says too little, has given out nothing that we could ask for.
  figures.gone = next_uid == 0 ? 0 : std::max<std::int64_t>(0, std::int64_t{next_uid} - 1 - known);
  return check;
}

Result<MailboxCheck> check_mailbox(ImapSession& session, store::Database& database, const Place& place, Time now) {
  // First the server, then our side, which only grows: what arrives meanwhile can not look like a gap.
  TRY(const auto before, session.state(place.folder));
  TRY(const auto at_server, session.uids_after(0));
  TRY(const auto after, session.state(place.folder));
  TRY(auto check, database.query([&](store::Session& ours) -> Result<MailboxCheck> {
    TRY(const auto cursor, read_cursor(ours, place));
    TRY(const auto taken, list_items(ours, place));
    return compare_mailbox(at_server, taken, cursor, after.next_uid);
  }));
  check.figures.source = place.folder;
  check.figures.checked_at = now;
  check.figures.validity = place.validity;
  const bool is_complete = check.missing.empty() && check.figures.waiting == 0;
  if (is_complete && before == after && after.tells_changes() && after.validity == place.validity)
    check.complete = after;
  return check;
}

Result<MailboxCheck> check_if_changed(ImapSession& session, store::Database& database, const Place& place, Time now,
                                      std::int64_t full_check_ms) {
  TRY(const auto state, session.state(place.folder));
  auto known = database.query([&](store::Session& ours) -> Result<std::optional<intake::SourceCheck>> {
    TRY(const auto checked, find_checked_state(ours, place));
    if (!checked || checked->state != state || now.ms - checked->at.ms >= full_check_ms) return std::nullopt;
    TRY(const auto latest, intake::latest_checks(ours, place.channel.workspace, place.channel.id));
    const auto found = std::ranges::find(latest, place.folder, &intake::SourceCheck::source);
    if (found == latest.end() || found->missing > 0 || found->validity != place.validity) return std::nullopt;
    return *found;
  });
  if (!known) return std::unexpected(std::move(known).error());
  if (!*known) return check_mailbox(session, database, place, now);
  MailboxCheck check{**known, {}};
  check.figures.checked_at = now;
  return check;
}

}  // namespace answerable::channels
