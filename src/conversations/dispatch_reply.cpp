#include "conversations/dispatch_reply.h"

#include <algorithm>

#include "base/ensure.h"
#include "base/utf8.h"
#include "conversations/lines.h"
#include "conversations/participants.h"
#include "conversations/review.h"
#include "outbox/enqueue.h"

namespace answerable::conversations {
namespace {

bool starts_with_re(std::string_view subject) {
  return subject.size() >= 3 && (subject[0] == 'R' || subject[0] == 'r') && (subject[1] == 'e' || subject[1] == 'E') &&
         subject[2] == ':';
}

std::string with_re(const std::string& subject) {
  if (starts_with_re(subject)) return subject;
  return std::string(truncate_utf8("Re: " + subject, subject_max_bytes));
}

struct Chain {
  std::vector<std::string> references;  // oldest first
  std::string in_reply_to;
};

// A third party's ids are nothing to the customer's side, nor to another third party: an id names its sender's server.
bool was_between_us_and(const Authored& authored, const store::Row& row) {
  if (!authored.is_third_party) return true;
  if (is_among(authored.to, address_in(row.text(2)))) return true;
  return std::ranges::any_of(from_lines(row.text(3)),
                             [&](const auto& line) { return is_among(authored.to, address_in(line)); });
}

// What went to and fro before the message at `position`, by external ids; the newest inbound one is answered. What is
// passed on begins something new.
Result<Chain> load_chain(store::Session& session, WorkspaceId workspace, ConversationId conversation,
                         std::int64_t position, const Authored& authored) {
  Chain chain;
  if (authored.forwarded) return chain;
  TRY_STATUS(session.each(
      "select m.direction, case when m.external_id <> '' then m.external_id else coalesce(d.external_id, '') end, "
      "m.from_address, m.recipients "
      "from messages m left join deliveries d on d.workspace_id = m.workspace_id and d.message_id = m.id "
      "where m.workspace_id = $1 and m.conversation_id = $2 and m.position < $3 and m.direction <> 2 and m.cancelled = "
      "0 and m.third_party = $5 "
      "order by m.position desc limit $4",
      {workspace, conversation, position, references_max, authored.is_third_party}, [&](const store::Row& row) {
        auto external_id = row.string(1);
        if (external_id.empty() || !was_between_us_and(authored, row)) return;
        if (chain.in_reply_to.empty() && row.integer(0) == 0) chain.in_reply_to = external_id;
        chain.references.push_back(std::move(external_id));
      }));
  std::ranges::reverse(chain.references);
  if (chain.in_reply_to.empty() && !chain.references.empty()) chain.in_reply_to = chain.references.back();
  return chain;
}

struct Said {
  outbox::QuotedMessage message;
  std::vector<std::string> known_to;  // who wrote it, and who got it
};

Said said_in(const store::Row& row) {
  Said said{.message = {.author_name = row.string(0),
                        .from_address = row.string(1),
                        .sent_at = row.time(2),
                        .text = std::string(truncate_utf8(row.text(3), outbox::quoted_text_max)),
                        .language = row.string(4)},
            .known_to = {row.string(1)}};
  for (int column : {5, 6})
    for (const auto& line : from_lines(row.text(column))) said.known_to.emplace_back(address_in(line));
  return said;
}

}  // namespace

Result<Recipient> find_recipient(store::Session& session, WorkspaceId workspace, const ConversationItem& item) {
  const auto contact = item.contact.text();
  TRY(auto writer,
      session.find(
          "select from_address, author_id, author_name from messages where workspace_id = $1 and "
          "conversation_id = $2 and direction = 0 and from_address <> '' and auto_submitted = 0 and third_party = 0 "
          "and withheld = 0 and position > $3 "
          "order by created_at desc, position desc limit 1",
          {workspace, item.id, item.message_count - participants_looked_at_max}, [&](const store::Row& row) {
            const bool is_contact = row.text(1) == contact;
            return Recipient{row.string(0), is_contact ? item.contact_name : row.string(2)};
          }));
  return writer.value_or(Recipient{item.contact_address, item.contact_name});
}

Result<std::optional<outbox::QuotedMessage>> find_quoted(store::Session& session, WorkspaceId workspace,
                                                         const ConversationItem& item, const Authored& authored) {
  TRY(const auto last,
      session.find(
          "select author_name, from_address, sent_at, coalesce(reply_text, body), language, recipients, copies "
          "from messages where workspace_id = $1 and conversation_id = $2 and direction = 0 and "
          "auto_submitted = 0 and third_party = $3 and withheld = 0 and position > $4 order by position desc limit 1",
          {workspace, item.id, authored.is_third_party, item.message_count - participants_looked_at_max}, said_in));
  if (!last) return std::optional<outbox::QuotedMessage>();
  for (const auto* list : {&authored.to, &authored.cc, &authored.bcc})
    for (const auto& recipient : *list)
      if (!is_among(last->known_to, recipient)) return std::optional<outbox::QuotedMessage>();
  return std::optional(last->message);
}

std::string reply_subject(const ConversationItem& item) {
  return item.channel_kind == "email" ? with_re(item.subject) : std::string();
}

Result<std::string> third_party_subject(store::Session& session, WorkspaceId workspace, const ConversationItem& item) {
  TRY(auto subject,
      session.find("select subject from messages where workspace_id = $1 and conversation_id = $2 and third_party = 1 "
                   "and cancelled = 0 and subject <> '' order by position desc limit 1",
                   {workspace, item.id}, [](const store::Row& row) { return row.string(0); }));
  return with_re(subject.value_or(item.subject));
}

Status dispatch_reply(store::Transaction& tx, const access::Actor& actor, const ConversationItem& item,
                      const Written& written, const Authored& authored) {
  ensure(authored.judged.has_value(), "a message that leaves has been judged");
  TRY(auto chain, load_chain(tx, actor.workspace, item.id, written.position, authored));
  outbox::NewDelivery delivery{.message = {.workspace = actor.workspace,
                                           .channel = item.channel,
                                           .conversation = item.id,
                                           .message = written.message,
                                           .author_name = actor.name,
                                           .to = authored.to,
                                           .cc = authored.cc,
                                           .bcc = authored.bcc,
                                           .recipient_name = authored.recipient_name,
                                           .subject = authored.subject,
                                           .text = authored.text,
                                           .html = authored.html,
                                           .in_reply_to = std::move(chain.in_reply_to),
                                           .references = std::move(chain.references),
                                           .attachments = {},
                                           .auto_submitted = authored.is_automatic,
                                           .created_at = tx.now(),
                                           .quoted = authored.quoted},
                               .sequence = written.position,
                               .due = tx.now() + authored.undo_seconds * std::int64_t{1'000},
                               .undo_until = {},
                               .needs_review = authored.judged->must_wait()};
  if (authored.undo_seconds > 0) delivery.undo_until = delivery.due;
  for (const auto* files : {&authored.uploads, &authored.copied})
    for (const auto& file : *files)
      delivery.message.attachments.push_back({.filename = file.filename,
                                              .content_type = file.content_type,
                                              .size = file.size,
                                              .blob = file.blob,
                                              .content_id = file.content_id});
  TRY_STATUS(outbox::enqueue(tx, delivery));
  return keep_judgement(
      tx, {.workspace = actor.workspace, .channel = item.channel, .conversation = item.id, .author = actor.id_text()},
      *authored.judged, true, written.message);
}

}  // namespace answerable::conversations
