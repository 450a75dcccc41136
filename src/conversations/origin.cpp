#include "conversations/origin.h"

#include "access/authorize.h"
#include "conversations/lines.h"
#include "conversations/match.h"

namespace answerable::conversations {

Result<FoundOrigin> load_origin(store::Session& session, const access::Actor& actor, MessageId id) {
  TRY_STATUS(access::authorize(actor, "conversation", "read"));
  TRY(auto found,
      session.find(
          "select m.authentication, m.evidence, m.joined_by, m.joined_detail, m.same_as_id, o.conversation_id, j.id, "
          "j.number, j.subject, j.agent_id, j.joined_at from messages m left join messages o on "
          "o.workspace_id = m.workspace_id and o.id = m.same_as_id left join joined_conversations j on "
          "j.workspace_id = m.workspace_id and j.id = m.joined_from_id where m.workspace_id = $1 and m.id = $2",
          {actor.workspace, id}, [](const store::Row& row) {
            FoundOrigin one{.origin = {.authentication = row.string(0),
                                       .evidence = from_lines(row.text(1)),
                                       .joined_by = row.string(2),
                                       .joined_detail = row.string(3),
                                       .same_id_as = row.maybe_id<MessageId>(4)},
                            .joined_from = {},
                            .conversation_of_same_id = row.maybe_id<ConversationId>(5)};
            if (!row.is_null(6))
              one.joined_from = JoinedFrom{.conversation = row.id<ConversationId>(6),
                                           .number = row.integer(7),
                                           .subject = row.string(8),
                                           .agent = row.id<UserId>(9),
                                           .at = row.time(10)};
            return one;
          }));
  if (!found) return fail(ErrorKind::not_found, "no_message", "There is no such message.");
  return *std::move(found);
}

Result<std::optional<MessageId>> find_same_id(store::Session& session, WorkspaceId workspace,
                                              const std::string& external_id) {
  if (external_id.empty()) return std::optional<MessageId>();
  TRY(auto known, find_by_external_ids(session, workspace, std::span(&external_id, 1)));
  if (known.empty()) return std::optional<MessageId>();
  return std::optional(known.front().message);
}

}  // namespace answerable::conversations
