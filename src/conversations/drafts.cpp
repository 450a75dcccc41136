#include "conversations/drafts.h"

#include "access/authorize.h"
#include "access/report_exposed.h"
#include "base/utf8.h"
#include "conversations/conversation_table.h"
#include "conversations/draft_table.h"
#include "conversations/list.h"

namespace answerable::conversations {
namespace {

// A draft is a person's: a program has none.
Status may_draft(const access::Actor& actor) {
  return access::authorize(actor, "draft", "save", actor.kind == access::Actor::Kind::user && !actor.user.is_nil());
}

}  // namespace

Result<std::optional<std::string>> find_draft_text(store::Session& session, const access::Actor& actor,
                                                   ConversationId conversation) {
  return session.find("select body from drafts where workspace_id = $1 and conversation_id = $2 and user_id = $3",
                      {actor.workspace, conversation, actor.user}, [](const store::Row& row) { return row.string(0); });
}

Status put_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation, std::string_view text,
                 std::string_view kind) {
  TRY(auto former, find_draft_text(tx, actor, conversation));
  TRY_STATUS(
      tx.execute("insert into drafts (workspace_id, conversation_id, user_id, kind, body, updated_at) "
                 "values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, conversation_id, user_id) "
                 "do update set kind = excluded.kind, body = excluded.body, updated_at = excluded.updated_at",
                 {actor.workspace, conversation, actor.user, kind, text, tx.now()}));
  if (former) return {};
  return tell(tx, actor, {.workspace = actor.workspace, .kind = "draft_changed", .conversation = conversation});
}

Status drop_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation) {
  if (actor.user.is_nil()) return {};
  TRY(auto dropped, tx.execute("delete from drafts where workspace_id = $1 and conversation_id = $2 and user_id = $3",
                               {actor.workspace, conversation, actor.user}));
  if (dropped == 0) return {};
  return tell(tx, actor, {.workspace = actor.workspace, .kind = "draft_changed", .conversation = conversation});
}

Result<std::vector<DraftPlace>> exposed_drafts(store::Session& session, const access::Actor& by,
                                               access::IncidentId id) {
  TRY(const auto incident, access::load_incident(session, by, id));
  return session.all(
      "select conversation_id, kind, updated_at from drafts where workspace_id = $1 and user_id = $2 and updated_at >= "
      "$3 and updated_at <= $4 order by updated_at desc, conversation_id limit $5",
      {by.workspace, incident.user, incident.opened_at - access::looked_back_ms, incident.opened_at,
       static_cast<std::int64_t>(access::acts_listed_max + 1)},
      [](const store::Row& row) {
        return DraftPlace{.conversation = row.id<ConversationId>(0), .kind = row.string(1), .updated_at = row.time(2)};
      });
}

Result<Time> save_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation,
                        std::string_view text, std::string_view kind) {
  TRY_STATUS(may_draft(actor));
  if (kind != "reply" && kind != "note")
    return fail(ErrorKind::invalid, "bad_kind", "A draft is a \"reply\" or a \"note\".");
  if (text.size() > message_text_max_bytes)
    return fail(ErrorKind::invalid, "text_too_long", "The text is longer than 1 MiB.");
  TRY_STATUS(load_item(tx, actor.workspace, conversation));
  TRY_STATUS(put_draft(tx, actor, conversation, to_valid_utf8(text), kind));
  return tx.now();
}

Status clear_draft(store::Transaction& tx, const access::Actor& actor, ConversationId conversation) {
  TRY_STATUS(may_draft(actor));
  return drop_draft(tx, actor, conversation);
}

}  // namespace answerable::conversations
