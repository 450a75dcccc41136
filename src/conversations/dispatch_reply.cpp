#include "conversations/dispatch_reply.h"

#include <algorithm>

#include "base/utf8.h"
#include "outbox/enqueue.h"

namespace answerable::conversations {
namespace {

bool starts_with_re(std::string_view subject) {
  return subject.size() >= 3 && (subject[0] == 'R' || subject[0] == 'r') && (subject[1] == 'e' || subject[1] == 'E') &&
         subject[2] == ':';
}

struct Chain {
  std::vector<std::string> references;  // oldest first
  std::string in_reply_to;
};

// What went to and fro before the message at `position`, by external ids; the newest inbound one is answered.
Result<Chain> load_chain(store::Session& session, WorkspaceId workspace, ConversationId conversation,
                         std::int64_t position) {
  Chain chain;
  TRY_STATUS(session.each(
      "select m.direction, case when m.external_id <> '' then m.external_id else coalesce(d.external_id, '') end "
      "from messages m left join deliveries d on d.workspace_id = m.workspace_id and d.message_id = m.id "
      "where m.workspace_id = $1 and m.conversation_id = $2 and m.position < $3 and m.direction <> 2 and m.cancelled = "
      "0 "
      "order by m.position desc limit $4",
      {workspace, conversation, position, references_max}, [&](const store::Row& row) {
        auto external_id = row.string(1);
        if (external_id.empty()) return;
        if (chain.in_reply_to.empty() && row.integer(0) == 0) chain.in_reply_to = external_id;
        chain.references.push_back(std::move(external_id));
      }));
  std::ranges::reverse(chain.references);
  if (chain.in_reply_to.empty() && !chain.references.empty()) chain.in_reply_to = chain.references.back();
  return chain;
}

// What a person wrote last before the message at `position`.
Result<std::optional<outbox::QuotedMessage>> find_quoted(store::Session& session, WorkspaceId workspace,
                                                         ConversationId conversation, std::int64_t position) {
  return session.find(
      "select author_name, from_address, sent_at, coalesce(reply_text, body), language from messages "
      "where workspace_id = $1 and conversation_id = $2 and position < $3 and direction = 0 and auto_submitted = 0 "
      "order by position desc limit 1",
      {workspace, conversation, position}, [](const store::Row& row) {
        return outbox::QuotedMessage{.author_name = row.string(0),
                                     .from_address = row.string(1),
                                     .sent_at = row.time(2),
                                     .text = std::string(truncate_utf8(row.text(3), outbox::quoted_text_max)),
                                     .language = row.string(4)};
      });
}

}  // namespace

Result<Recipient> find_recipient(store::Session& session, WorkspaceId workspace, const ConversationItem& item) {
  const auto contact = item.contact.text();
  TRY(auto writer, session.find("select from_address, author_id, author_name from messages where workspace_id = $1 and "
                                "conversation_id = $2 and direction = 0 and from_address <> '' and auto_submitted = 0 "
                                "order by created_at desc, position desc limit 1",
                                {workspace, item.id}, [&](const store::Row& row) {
                                  const bool is_contact = row.text(1) == contact;
                                  return Recipient{row.string(0), is_contact ? item.contact_name : row.string(2)};
                                }));
  return writer.value_or(Recipient{item.contact_address, item.contact_name});
}

std::string reply_subject(const ConversationItem& item) {
  if (item.channel_kind != "email") return {};
  if (starts_with_re(item.subject)) return item.subject;
  return std::string(truncate_utf8("Re: " + item.subject, subject_max_bytes));
}

Status dispatch_reply(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                      const Written& written, const Authored& authored) {
  TRY(auto chain, load_chain(tx, actor.workspace, item.id, written.position));
  outbox::NewDelivery delivery{.message = {.workspace = actor.workspace,
                                           .channel = item.channel,
                                           .conversation = item.id,
                                           .message = written.message,
                                           .author_name = actor.name,
                                           .to = authored.to,
                                           .cc = authored.cc,
                                           .recipient_name = authored.recipient_name,
                                           .subject = authored.subject,
                                           .text = authored.text,
                                           .html = authored.html,
                                           .in_reply_to = std::move(chain.in_reply_to),
                                           .references = std::move(chain.references),
                                           .attachments = {},
                                           .auto_submitted = authored.is_automatic,
                                           .created_at = tx.now(),
                                           .quoted = {}},
                               .sequence = written.position,
                               .due = tx.now() + authored.undo_seconds * std::int64_t{1'000},
                               .undo_until = {}};
  if (authored.undo_seconds > 0) delivery.undo_until = delivery.due;
  for (const auto& upload : authored.uploads)
    delivery.message.attachments.push_back({.filename = upload.filename,
                                            .content_type = upload.content_type,
                                            .size = upload.size,
                                            .blob = upload.blob,
                                            .content_id = upload.content_id});
  if (authored.quotes && item.channel_kind == "email") {
    TRY(delivery.message.quoted, find_quoted(tx, actor.workspace, item.id, written.position));
  }
  TRY_STATUS(outbox::enqueue(tx, delivery));
  return {};
}

}  // namespace answerable::conversations
