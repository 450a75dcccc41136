#include "conversations/removal.h"

#include <algorithm>
#include <array>

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "conversations/commit_reason.h"
#include "conversations/conversation_table.h"
#include "conversations/match.h"
#include "conversations/search_index.h"
#include "outbox/review.h"
#include "policy/clean.h"

namespace answerable::conversations {
namespace {

Status may(const access::Actor& actor, WorkspaceId workspace) {
  if (actor.role == access::Role::operator_) return access::authorize(actor, "oversight", "decide");
  TRY_STATUS(access::authorize(actor, "message", "take_down"));
  if (actor.workspace == workspace) return {};
  return fail(ErrorKind::denied, "not_allowed", "This workspace is not yours.");
}

// What is kept of it: subject, text, what is shown of that, HTML.
using Original = std::array<std::optional<std::string>, 4>;

std::string encode(const Original& original) {
  std::string bytes = "1\n";
  for (const auto& part : original) {
    bytes += part ? std::to_string(part->size()) + "\n" + *part : "-\n";
  }
  return bytes;
}

std::unexpected<Error> malformed() {
  return fail(ErrorKind::internal, "original_malformed", "What is kept of this message cannot be read.");
}

Result<Original> decode(std::string_view bytes) {
  Original original;
  if (!bytes.starts_with("1\n")) return malformed();
  bytes.remove_prefix(2);
  for (auto& part : original) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return malformed();
    const auto size_text = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (size_text == "-") continue;
    std::size_t size = 0;
    for (const char c : size_text) {
      if (c < '0' || c > '9' || size > bytes.size()) return malformed();
      size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    if (size > bytes.size()) return malformed();
    part = std::string(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return original;
}

struct Place {
  ConversationId conversation;
  std::int64_t direction = 0;
  std::int64_t withheld = 0;
  std::string subject;
  bool is_removed() const { return withheld == 3; }
};

Result<Place> load_place(store::Session& session, WorkspaceId workspace, MessageId message) {
  TRY(auto found,
      session.find("select conversation_id, direction, withheld, subject from messages where workspace_id = $1 "
                   "and id = $2",
                   {workspace, message}, [](const store::Row& row) {
                     return Place{.conversation = row.id<ConversationId>(0),
                                  .direction = row.integer(1),
                                  .withheld = row.integer(2),
                                  .subject = row.string(3)};
                   }));
  if (!found) return fail(ErrorKind::not_found, "no_message", "There is no such message.");
  return *std::move(found);
}

// Nothing of it in the lists either.
Status empty_places(store::Transaction& tx, const NewRemoval& removal, const Place& place) {
  TRY_STATUS(
      tx.execute("update messages set withheld = 3, subject = '', body = '', reply_text = null, html = '', "
                 "shown_lines = null where workspace_id = $1 and id = $2",
                 {removal.workspace, removal.message}));
  TRY_STATUS(
      tx.execute("update conversations set preview = case when last_message_id = $3 then '' else preview end, "
                 "subject = case when subject = $4 then '' else subject end, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {removal.workspace, place.conversation, removal.message, one_line(place.subject, subject_max_bytes)}));
  return {};
}

// One act, for the event and the ledger.
struct Told {
  WorkspaceId workspace;
  MessageId message;
  ConversationId conversation;
  bool is_removed = false;
  std::string reason = {};
};

Status tell_and_enter(store::Transaction& tx, const access::Actor& actor, const Told& told) {
  TRY_STATUS(tell(tx, actor,
                  {.workspace = told.workspace,
                   .kind = told.is_removed ? "message_changed" : "message_released",
                   .conversation = told.conversation,
                   .message = told.message}));
  TRY(auto reason, commit_reason(tx, told.workspace, told.conversation, told.reason));
  TRY_STATUS(audit::append_entry(tx, {.workspace = told.workspace,
                                      .actor = actor.for_ledger(),
                                      .action = told.is_removed ? "message.take_down" : "message.put_back",
                                      .object_kind = "message",
                                      .object_id = told.message.text(),
                                      .details = {std::move(reason)}}));
  return {};
}

// What the operator has taken down, or the workspace was stopped for, its administrator does not put back: the taking
// down is what has cured it.
Status may_put_back(store::Session& session, const access::Actor& actor, WorkspaceId workspace, MessageId message,
                    std::string_view removed_by) {
  if (actor.role == access::Role::operator_) return {};
  const auto colleague = UserId::parse(removed_by).value_or(UserId{});
  const auto key = ApiKeyId::parse(removed_by).value_or(ApiKeyId{});
  TRY(const auto own, session.number("select (select count(*) from users where workspace_id = $1 and id = $2) + "
                                     "(select count(*) from api_keys where workspace_id = $1 and id = $3)",
                                     {workspace, colleague, key}));
  TRY(const bool has_consequences, policy::has_been_stopped_for(session, workspace, message));
  if (own > 0 && !has_consequences) return {};
  return fail(ErrorKind::denied, "not_yours_to_put_back",
              "The operator has taken this down, or a measure was taken for it: appeal against that.");
}

}  // namespace

Result<std::string> load_original(store::Session& session, const access::Actor& actor, WorkspaceId workspace,
                                  MessageId message) {
  TRY_STATUS(may(actor, workspace));
  TRY(const auto place, load_place(session, workspace, message));
  if (place.is_removed()) return fail(ErrorKind::conflict, "already_removed", "This message was taken down already.");
  TRY(const auto original,
      session.find("select subject, body, reply_text, html from messages where workspace_id = $1 and id = $2",
                   {workspace, message}, [](const store::Row& row) {
                     Original parts;
                     for (int column = 0; column < 4; ++column)
                       if (!row.is_null(column)) parts.at(static_cast<std::size_t>(column)) = row.string(column);
                     return encode(parts);
                   }));
  return original.value_or("");
}

Status take_down(store::Transaction& tx, const access::Actor& actor, const NewRemoval& removal) {
  TRY_STATUS(may(actor, removal.workspace));
  if (removal.reason.empty() || removal.reason.size() > removal_reason_bytes_max || !is_valid_utf8(removal.reason))
    return fail(ErrorKind::invalid, "bad_reason", "Say why it is taken down, in at most 1,000 bytes.");
  TRY(const auto place, load_place(tx, removal.workspace, removal.message));
  if (place.is_removed()) return fail(ErrorKind::conflict, "already_removed", "This message was taken down already.");
  TRY_STATUS(remove_from_index(tx, removal.workspace, removal.message));
  TRY_STATUS(empty_places(tx, removal, place));
  if (place.direction == 1) TRY_STATUS(outbox::stop_delivery(tx, removal.workspace, removal.message));
  TRY_STATUS(tx.execute(
      "insert into removed_messages (workspace_id, message_id, original, withheld, reason, removed_by, removed_at) "
      "values ($1, $2, $3, $4, $5, $6, $7)",
      {removal.workspace, removal.message, store::Bytes{as_bytes(removal.original)}, place.withheld, removal.reason,
       actor.id_text(), tx.now()}));
  if (actor.role == access::Role::operator_)
    TRY_STATUS(policy::record_take_down(tx, actor, removal.workspace, removal.message, removal.reason));
  return tell_and_enter(tx, actor, {removal.workspace, removal.message, place.conversation, true, removal.reason});
}

Result<Digest> find_held_original(store::Session& session, const access::Actor& actor, WorkspaceId workspace,
                                  MessageId message) {
  TRY_STATUS(may(actor, workspace));
  TRY(const auto found,
      session.find("select original, removed_by from removed_messages where workspace_id = $1 and message_id = $2",
                   {workspace, message}, [](const store::Row& row) {
                     Digest digest{};
                     const auto bytes = row.bytes(0);
                     std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
                     return std::pair(digest, row.string(1));
                   }));
  if (!found) return fail(ErrorKind::not_found, "not_removed", "This message was not taken down.");
  TRY_STATUS(may_put_back(session, actor, workspace, message, found->second));
  return found->first;
}

Status put_back(store::Transaction& tx, const access::Actor& actor, WorkspaceId workspace, MessageId message,
                std::string_view bytes) {
  TRY_STATUS(find_held_original(tx, actor, workspace, message));
  TRY(const auto original, decode(bytes));
  TRY(const auto place, load_place(tx, workspace, message));
  const auto& [subject, text, shown, html] = original;
  // What a reviewer had not released stays withheld.
  TRY_STATUS(
      tx.execute("update messages set withheld = (select r.withheld from removed_messages r where "
                 "r.workspace_id = $1 and r.message_id = $2), subject = $3, body = $4, reply_text = $5, "
                 "html = $6 where workspace_id = $1 and id = $2",
                 {workspace, message, subject.value_or(""), text.value_or(""), shown, html.value_or("")}));
  TRY(const auto back, load_place(tx, workspace, message));
  const bool is_seen = back.withheld == 0;
  const auto preview = is_seen ? one_line(shown.value_or(text.value_or("")), preview_max_bytes) : std::string();
  const auto title = is_seen ? one_line(subject.value_or(""), subject_max_bytes) : std::string();
  TRY_STATUS(
      tx.execute("update conversations set preview = case when last_message_id = $3 then $4 else preview end, "
                 "subject = case when subject = '' then $5 else subject end, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {workspace, place.conversation, message, preview, title}));
  TRY_STATUS(
      tx.execute("delete from removed_messages where workspace_id = $1 and message_id = $2", {workspace, message}));
  if (place.direction == 1) TRY_STATUS(outbox::resume_delivery(tx, workspace, message));
  TRY_STATUS(policy::end_take_down(tx, workspace, message));
  return tell_and_enter(tx, actor, {workspace, message, place.conversation});
}

Result<std::vector<Removal>> removals(store::Session& session, const access::Actor& actor) {
  TRY_STATUS(access::authorize(actor, "oversight", "read"));
  return session.all(
      "select workspace_id, message_id, reason, removed_at from removed_messages order by removed_at desc, message_id "
      "limit $1",
      {removals_shown_max}, [](const store::Row& row) {
        return Removal{.workspace = row.id<WorkspaceId>(0),
                       .message = row.id<MessageId>(1),
                       .reason = row.string(2),
                       .removed_at = row.time(3)};
      });
}

Result<std::optional<MessageId>> find_removable(store::Session& session, const access::Actor& actor,
                                                WorkspaceId workspace, std::string_view external_id) {
  TRY_STATUS(may(actor, workspace));
  if (external_id.starts_with('<') && external_id.ends_with('>'))
    external_id = external_id.substr(1, external_id.size() - 2);
  const std::string id(external_id);
  TRY(const auto found, find_by_external_ids(session, workspace, std::span(&id, 1)));
  if (found.empty()) return std::optional<MessageId>();
  return std::optional(found.front().message);
}

}  // namespace answerable::conversations
