#include "conversations/thread.h"

#include <algorithm>
#include <limits>

#include "access/authorize.h"
#include "access/report_exposed.h"
#include "conversations/conversation_table.h"
#include "conversations/join.h"
#include "conversations/list.h"
#include "conversations/message_table.h"

namespace answerable::conversations {
namespace {

// Oldest first, attachments included.
Result<MessagePage> read_page(store::Session& session, WorkspaceId workspace, ConversationId id, std::int64_t before,
                              int limit) {
  MessagePage page;
  std::vector<std::size_t> with_more;
  std::size_t bytes = 0;
  auto now = session.now();
  TRY_STATUS(session.each("select " ANSWERABLE_MESSAGE_COLUMNS ANSWERABLE_MESSAGES_AND_DELIVERIES
                          "where m.workspace_id = $1 and m.conversation_id = $2 and m.position < $3 "
                          "order by m.position desc limit $4",
                          {workspace, id, before, limit}, [&](const store::Row& row) {
                            if (bytes > page_bytes_max) return;  // the rest is on the next page
                            bool has_more = false;
                            page.messages.push_back(read_message(row, now, &has_more));
                            const auto& read = page.messages.back();
                            bytes += read.text.size() + read.reply_text.size() + read.html.size();
                            if (has_more) with_more.push_back(page.messages.size() - 1);
                          }));
  for (auto index : with_more) TRY_STATUS(add_more(session, workspace, page.messages[index]));
  std::ranges::reverse(page.messages);
  if (!page.messages.empty() && page.messages.front().position > 1) page.next = page.messages.front().position;
  return page;
}

Status add_drafts(store::Session& session, const access::Actor& actor, OpenConversation& opened) {
  TRY(auto drafts, session.all("select user_id, kind, body, updated_at from drafts "
                               "where workspace_id = $1 and conversation_id = $2 order by updated_at",
                               {actor.workspace, opened.item.id}, [](const store::Row& row) {
                                 return Draft{.user = row.id<UserId>(0),
                                              .text = row.string(2),
                                              .kind = row.string(1),
                                              .updated_at = row.time(3)};
                               }));
  for (auto& draft : drafts) {
    if (!actor.user.is_nil() && draft.user == actor.user) {
      TRY(draft.was_exposed, access::was_exposed(session, actor.workspace, actor.user, draft.updated_at));
      opened.draft = std::move(draft);
    } else {
      draft.text.clear();
      opened.drafts_of_others.push_back(std::move(draft));
    }
  }
  return {};
}

}  // namespace

Result<OpenConversation> open_conversation(store::Session& session, const access::Actor& actor, ConversationId id) {
  TRY_STATUS(access::authorize(actor, "conversation", "read"));
  OpenConversation opened;
  TRY(id, current_conversation(session, actor.workspace, id));
  TRY(opened.item, load_item(session, actor.workspace, id));
  TRY(opened.newest, read_page(session, actor.workspace, id, std::numeric_limits<std::int64_t>::max(), thread_page));
  TRY(auto shows_quotes, session.number("select coalesce(max(shows_quotes), 0) from contacts where workspace_id = $1 "
                                        "and id = $2",
                                        {actor.workspace, opened.item.contact}));
  opened.contact_shows_quotes = shows_quotes != 0;
  TRY_STATUS(add_drafts(session, actor, opened));
  return opened;
}

Result<MessagePage> messages_before(store::Session& session, const access::Actor& actor, ConversationId id,
                                    std::int64_t before, int limit) {
  TRY_STATUS(access::authorize(actor, "conversation", "read"));
  if (limit < 1 || limit > thread_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 100.");
  TRY_STATUS(load_item(session, actor.workspace, id));
  return read_page(session, actor.workspace, id, before, limit);
}

Result<ConversationId> conversation_of(store::Session& session, WorkspaceId workspace, MessageId id) {
  TRY(const auto found, session.find("select conversation_id from messages where workspace_id = $1 and id = $2",
                                     {workspace, id}, [](const store::Row& row) { return row.id<ConversationId>(0); }));
  if (!found) return fail(ErrorKind::not_found, "no_message", "There is no such message.");
  return *found;
}

Result<Message> load_message(store::Session& session, WorkspaceId workspace, MessageId id) {
  TRY(auto messages, load_messages(session, workspace, std::span(&id, 1)));
  if (messages.empty()) return fail(ErrorKind::not_found, "no_message", "There is no such message.");
  return std::move(messages.front());
}

Result<std::vector<Message>> load_messages(store::Session& session, WorkspaceId workspace,
                                           std::span<const MessageId> ids) {
  std::vector<Message> messages;
  messages.reserve(ids.size());
  auto now = session.now();
  for (auto id : ids) {
    bool has_more = false;
    TRY(auto message,
        session.find("select " ANSWERABLE_MESSAGE_COLUMNS ANSWERABLE_MESSAGES_AND_DELIVERIES
                     "where m.workspace_id = $1 and m.id = $2",
                     {workspace, id}, [&](const store::Row& row) { return read_message(row, now, &has_more); }));
    if (!message) continue;
    if (has_more) TRY_STATUS(add_more(session, workspace, *message));
    messages.push_back(*std::move(message));
  }
  return messages;
}

}  // namespace answerable::conversations
