#include "conversations/review.h"

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "conversations/commit_reason.h"
#include "conversations/conversation_table.h"
#include "outbox/review.h"
#include "policy/end_holds.h"

namespace answerable::conversations {
namespace {

struct Waiting {
  bool is_outbound = false;
  std::string author;
  ConversationId conversation;
};

Result<Waiting> load_waiting(store::Session& session, WorkspaceId workspace, MessageId message) {
  TRY(const auto found, session.find("select r.is_outbound, r.asked_of, m.conversation_id, r.decided_at from reviews r "
                                     "join messages m on m.workspace_id = r.workspace_id and m.id = r.message_id "
                                     "where r.workspace_id = $1 and r.message_id = $2",
                                     {workspace, message}, [](const store::Row& row) {
                                       return std::pair(Waiting{row.flag(0), row.string(1), row.id<ConversationId>(2)},
                                                        row.is_null(3));
                                     }));
  if (!found) return fail(ErrorKind::not_found, "no_review", "There is no such message to review.");
  if (!found->second) return fail(ErrorKind::conflict, "not_in_review", "It does not wait for a review (any more).");
  return found->first;
}

// What a key does its maker could do alone.
Result<std::string> person_behind(store::Session& session, WorkspaceId workspace, std::string_view id) {
  const auto key = ApiKeyId::parse(id);
  if (!key) return std::string(id);
  TRY(const auto maker, session.find("select created_by from api_keys where workspace_id = $1 and id = $2",
                                     {workspace, *key}, [](const store::Row& row) { return row.id<UserId>(0); }));
  return maker ? maker->text() : std::string(id);
}

Status check(store::Session& session, const access::Actor& actor, const Waiting& waiting,
             const ReviewDecision& decision) {
  if (waiting.is_outbound) {
    TRY(const auto author, person_behind(session, actor.workspace, waiting.author));
    TRY(const auto reviewer, person_behind(session, actor.workspace, actor.id_text()));
    if (author == reviewer)
      return fail(ErrorKind::denied, "second_person_must_differ", "Somebody else than its author reviews a message.");
  }
  if (!decision.is_released && decision.reason.empty())
    return fail(ErrorKind::invalid, "reason_missing", "Say why it is rejected: its author is told.");
  if (decision.reason.size() > review_reason_bytes_max || !is_valid_utf8(decision.reason))
    return fail(ErrorKind::invalid, "reason_too_long", "Say it in at most 500 bytes.");
  return {};
}

// What the list shows of the conversation was left empty while it was withheld.
Status show(store::Transaction& tx, WorkspaceId workspace, ConversationId conversation, MessageId message) {
  struct Said {
    std::string subject, text;
  };
  TRY_STATUS(tx.execute("update messages set withheld = 0 where workspace_id = $1 and id = $2 and withheld = 1",
                        {workspace, message}));
  TRY(const auto said, tx.find("select subject, coalesce(reply_text, body) from messages where workspace_id = $1 "
                               "and id = $2",
                               {workspace, message}, [](const store::Row& row) {
                                 return Said{.subject = row.string(0), .text = row.string(1)};
                               }));
  TRY_STATUS(
      tx.execute("update conversations set preview = case when last_message_id = $3 then $4 else preview end, "
                 "subject = case when subject = '' then $5 else subject end, version = version + 1 "
                 "where workspace_id = $1 and id = $2",
                 {workspace, conversation, message, one_line(said->text, preview_max_bytes),
                  one_line(said->subject, subject_max_bytes)}));
  return {};
}

Status decide_inbound(store::Transaction& tx, const access::Actor& actor, const Waiting& waiting,
                      const ReviewDecision& decision) {
  if (decision.is_released) {
    TRY_STATUS(show(tx, actor.workspace, waiting.conversation, decision.message));
  } else {
    TRY_STATUS(tx.execute("update messages set withheld = 2 where workspace_id = $1 and id = $2 and withheld = 1",
                          {actor.workspace, decision.message}));
  }
  return tell(tx, actor,
              {.workspace = actor.workspace,
               .kind = decision.is_released ? "message_released" : "message_changed",
               .conversation = waiting.conversation,
               .message = decision.message});
}

Review read_review(const store::Row& row) {
  const auto name = row.string(3);
  return {.message = row.id<MessageId>(0),
          .conversation = row.id<ConversationId>(1),
          .is_outbound = row.flag(2),
          .author = name.empty() ? row.string(4) : name,
          .subject = row.string(5),
          .text = std::string(truncate_utf8(row.text(6), review_text_bytes_max)),
          .attachments = row.integer(7),
          .asked_at = row.time(8),
          .findings = {}};
}

}  // namespace

Status keep_judgement(store::Transaction& tx, const policy::ContentOrigin& origin,
                      const policy::ContentJudgement& judgement, bool is_outbound, MessageId message) {
  TRY_STATUS(policy::record_content(tx, origin, judgement, is_outbound, message));
  if (judgement.findings().empty()) return {};
  TRY_STATUS(
      tx.execute("update messages set findings = 1 where workspace_id = $1 and id = $2", {origin.workspace, message}));
  if (!judgement.must_wait()) return {};
  TRY_STATUS(
      tx.execute("insert into reviews (workspace_id, message_id, is_outbound, asked_of, asked_at) "
                 "values ($1, $2, $3, $4, $5)",
                 {origin.workspace, message, is_outbound, origin.author, tx.now()}));
  return {};
}

Result<ReviewPage> waiting_reviews(store::Session& session, const access::Actor& actor) {
  TRY_STATUS(access::authorize(actor, "review", "list"));
  ReviewPage page;
  // What its author has taken back needs no review any more.
  TRY(page.total, session.number("select count(*) from reviews r join messages m on m.workspace_id = r.workspace_id "
                                 "and m.id = r.message_id where r.workspace_id = $1 and r.decided_at is null and "
                                 "m.cancelled = 0",
                                 {actor.workspace}));
  TRY(page.items,
      session.all("select r.message_id, m.conversation_id, r.is_outbound, m.author_name, m.from_address, m.subject, "
                  "m.body, m.attachment_count, r.asked_at from reviews r join messages m on m.workspace_id = "
                  "r.workspace_id and m.id = r.message_id where r.workspace_id = $1 and r.decided_at is null and "
                  "m.cancelled = 0 order by r.asked_at, r.message_id limit $2",
                  {actor.workspace, reviews_shown_max}, read_review));
  for (auto& one : page.items) {
    TRY(one.findings, policy::findings_of(session, actor.workspace, one.message));
  }
  return page;
}

Status decide_review(store::Transaction& tx, const access::Actor& actor, const ReviewDecision& decision) {
  TRY_STATUS(access::authorize(actor, "review", "decide"));
  TRY(const auto waiting, load_waiting(tx, actor.workspace, decision.message));
  TRY_STATUS(check(tx, actor, waiting, decision));
  TRY_STATUS(waiting.is_outbound
                 ? outbox::end_review(tx, actor, decision.message, decision.is_released, decision.reason)
                 : decide_inbound(tx, actor, waiting, decision));
  TRY_STATUS(
      tx.execute("update reviews set decided_at = $3, decided_by = $4, outcome = $5, reason = $6 "
                 "where workspace_id = $1 and message_id = $2",
                 {actor.workspace, decision.message, tx.now(), actor.id_text(),
                  decision.is_released ? "released" : "rejected", decision.reason}));
  TRY_STATUS(policy::end_holds_of(tx, actor.workspace, decision.message, decision.is_released));
  TRY(auto reason, commit_reason(tx, actor.workspace, waiting.conversation, decision.reason));
  TRY_STATUS(audit::append_entry(tx, {.workspace = actor.workspace,
                                      .actor = actor.for_ledger(),
                                      .action = decision.is_released ? "message.release" : "message.reject",
                                      .object_kind = "message",
                                      .object_id = decision.message.text(),
                                      .details = {{"conversation", waiting.conversation.text()}, std::move(reason)}}));
  return {};
}

}  // namespace answerable::conversations
