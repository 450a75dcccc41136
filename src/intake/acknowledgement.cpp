#include "intake/acknowledgement.h"

namespace answerable::intake {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

// {word}, of small letters; anything else in braces is text.
struct Found {
  std::size_t at = std::string_view::npos, end = 0;
  std::string_view name;
};

Found next_placeholder(std::string_view text, std::size_t from) {
  for (auto at = text.find('{', from); at != std::string_view::npos; at = text.find('{', at + 1)) {
    auto end = at + 1;
    while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_')) ++end;
    if (end > at + 1 && end < text.size() && text[end] == '}')
      return {.at = at, .end = end + 1, .name = text.substr(at + 1, end - at - 1)};
  }
  return {};
}

}  // namespace

std::string fill_in(std::string_view text, const Placeholders& values) {
  std::string filled;
  std::size_t from = 0;
  for (auto found = next_placeholder(text, 0); found.at != std::string_view::npos;
       found = next_placeholder(text, found.end)) {
    filled += text.substr(from, found.at - from);
    if (found.name == "reference")
      filled += std::to_string(values.reference);
    else if (found.name == "workspace")
      filled += values.workspace;
    else
      filled += text.substr(found.at, found.end - found.at);
    from = found.end;
  }
  filled += text.substr(from);
  return filled;
}

Status check_placeholders(std::string_view text) {
  for (auto found = next_placeholder(text, 0); found.at != std::string_view::npos;
       found = next_placeholder(text, found.end)) {
    if (found.name == "reference" || found.name == "workspace") continue;
    return fail(ErrorKind::invalid, "unknown_placeholder",
                "There is no {" + std::string(found.name) + "}: use {reference} and {workspace}.");
  }
  return {};
}

Result<bool> claim_acknowledgement(store::Transaction& tx, WorkspaceId workspace, ChannelId channel,
                                   std::string_view address_key) {
  const auto now = tx.now();
  TRY(const auto within_hour,
      tx.number("select count(*) from (select 1 from acknowledgements where workspace_id = $1 and channel_id = $2 and "
                "sent_at > $3 limit $4) as sent",
                {workspace, channel, Time{now.ms - hour_ms}, acknowledgements_hour_max}));
  if (within_hour >= acknowledgements_hour_max) return false;
  TRY(const auto claimed,
      tx.execute(
          "insert into acknowledgements (workspace_id, channel_id, address_key, sent_at) values ($1, $2, $3, $4) "
          "on conflict (workspace_id, channel_id, address_key) do update set sent_at = excluded.sent_at "
          "where acknowledgements.sent_at <= $5",
          {workspace, channel, address_key, now, Time{now.ms - acknowledgement_pause_ms}}));
  return claimed == 1;
}

Result<std::int64_t> delete_old_acknowledgements(store::Transaction& tx, int limit) {
  return tx.execute(
      "delete from acknowledgements where (workspace_id, channel_id, address_key) in (select workspace_id, channel_id, "
      "address_key from acknowledgements where sent_at <= $1 order by sent_at limit $2)",
      {Time{tx.now().ms - acknowledgement_pause_ms}, limit});
}

}  // namespace answerable::intake
