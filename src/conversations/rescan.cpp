#include "conversations/rescan.h"

#include <algorithm>

#include "conversations/message_table.h"
#include "conversations/text_of_files.h"

namespace answerable::conversations {
namespace {

constexpr int looked_at_once = 20;  // messages in memory

struct Waiting {
  Message message;
  ChannelId channel;
  std::string channel_kind;
};

// Whether the message that the measure names could still leave, or must be taken down and is not.
Result<bool> is_named_left(store::Session& session, const policy::KeptClause& kept) {
  const auto named = kept.object_kind == "message" ? MessageId::parse(kept.object_id) : std::nullopt;
  if (!named) return false;
  TRY(const auto left, session.number("select count(*)" ANSWERABLE_MESSAGES_AND_DELIVERIES
                                      "where m.workspace_id = $1 and m.id = $2 and (d.state in (0, 1, 2) or "
                                      "($3 = 1 and m.withheld < 2 and m.cancelled = 0))",
                                      {kept.workspace, *named, kept.must_be_taken_down}));
  return left > 0;
}

Result<bool> is_any_in_review(store::Session& session, const policy::KeptClause& kept) {
  TRY(const auto waiting,
      session.number("select count(*) from reviews r join messages m on m.workspace_id = r.workspace_id and m.id = "
                     "r.message_id join content_hits h on h.workspace_id = r.workspace_id and h.message_id = "
                     "r.message_id where r.workspace_id = $1 and r.is_outbound = 1 and r.decided_at is null and "
                     "m.cancelled = 0 and h.clause = $2",
                     {kept.workspace, kept.clause}));
  return waiting > 0;
}

// What a reviewer has released is judged already.
Result<std::vector<Waiting>> what_waits(store::Session& session, WorkspaceId workspace, MessageId after) {
  const auto now = session.now();
  TRY(auto page, session.all("select " ANSWERABLE_MESSAGE_COLUMNS
                             ", c.channel_id, c.channel_kind" ANSWERABLE_MESSAGES_AND_DELIVERIES
                             "join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id "
                             "where d.workspace_id = $1 and d.state in (0, 2) and d.message_id > $2 and not exists "
                             "(select 1 from reviews r where r.workspace_id = m.workspace_id and r.message_id = m.id) "
                             "order by d.message_id limit $3",
                             {workspace, after, looked_at_once}, [&](const store::Row& row) {
                               return Waiting{.message = read_message(row, now),
                                              .channel = row.id<ChannelId>(message_columns),
                                              .channel_kind = row.string(message_columns + 1)};
                             }));
  for (auto& one : page) TRY_STATUS(add_attachments(session, workspace, one.message));
  return page;
}

Result<bool> is_any_malware(const RescanParts& parts, const Message& message) {
  for (const auto& file : message.attachments) {
    TRY(const auto bytes, parts.blobs.get(file.blob));
    const auto scanned = parts.scanner->scan(bytes);
    if (!scanned && scanned.error().kind != ErrorKind::unavailable) return std::unexpected(scanned.error());
    if (!scanned || scanned->verdict != policy::ScanVerdict::clean) return true;  // nobody knows, or it is
  }
  return false;
}

Result<bool> is_anything_found(const RescanParts& parts, const policy::KeptClause& kept, const Waiting& waiting) {
  const auto& message = waiting.message;
  TRY(const auto files, text_of_files(parts.blobs, message.attachments));
  TRY(const auto judgement, parts.database.query([&](store::Session& session) {
    return policy::judge_content(session,
                                 {.workspace = kept.workspace,
                                  .channel = waiting.channel,
                                  .conversation = message.conversation,
                                  .author = message.author.id},
                                 {.is_outbound = true,
                                  .channel_kind = waiting.channel_kind,
                                  .subject = message.subject,
                                  .text = message.text,
                                  .html = message.html,
                                  .files = files});
  }));
  const auto& found = judgement.findings();
  if (std::ranges::find(found, kept.clause, &policy::RuleHit::clause) != found.end()) return true;
  const bool is_scanned = parts.scanner != nullptr && kept.clause == policy::malware_clause;
  return is_scanned ? is_any_malware(parts, message) : false;
}

}  // namespace

Result<bool> is_clean(const RescanParts& parts, const policy::KeptClause& kept) {
  TRY(const bool is_left, parts.database.query([&](store::Session& session) -> Result<bool> {
    TRY(const bool is_named, is_named_left(session, kept));
    if (is_named) return true;
    return is_any_in_review(session, kept);
  }));
  if (is_left) return false;
  for (MessageId after;;) {
    TRY(const auto page,
        parts.database.query([&](store::Session& session) { return what_waits(session, kept.workspace, after); }));
    if (page.empty()) return true;
    for (const auto& one : page) {
      TRY(const bool is_found, is_anything_found(parts, kept, one));
      if (is_found) return false;
    }
    after = page.back().message.id;
  }
}

Result<int> end_cured_measures(const RescanParts& parts) {
  TRY(const auto kept, parts.database.query(policy::kept_clauses));
  int ended = 0;
  for (const auto& one : kept) {
    TRY(const bool is_over, is_clean(parts, one));
    if (!is_over) continue;
    TRY_STATUS(parts.database.write([&](store::Transaction& tx) {
      return policy::end_measure(tx, access::system_actor(one.workspace), one.workspace, one.measure, "cured");
    }));
    ++ended;
  }
  return ended;
}

}  // namespace answerable::conversations
