// The message itself, through conversations: message, counts, event and ledger entry.
#include "conversations/review.h"
#include "intake/receive.h"

namespace answerable::intake {

namespace {

std::vector<std::string> addresses_of(const std::vector<Person>& people) {
  std::vector<std::string> list;
  list.reserve(people.size());
  for (const auto& person : people) list.push_back(person.address);
  return list;
}

// The evidence by which it was decided is kept with the message.
conversations::Origin origin_of(const Receiving& receiving) {
  conversations::Origin origin;
  if (receiving.in.arrival.channel_kind == "email") {
    origin.authentication = mail::to_string(receiving.in.message.authentication.verdict);
    origin.evidence = receiving.in.message.authentication.evidence;
  }
  origin.joined_by = receiving.match.conversation ? to_string(receiving.match.by.kind) : "first";
  origin.joined_detail = receiving.match.by.reference;
  origin.same_id_as = receiving.same_id;
  return origin;
}

std::optional<conversations::NewSuggestion> suggestion_of(const Match& match) {
  if (!match.suggested) return std::nullopt;
  return conversations::NewSuggestion{.target = match.suggested->conversation,
                                      .found_by = std::string(to_string(match.suggested->kind)),
                                      .weakness = std::string(to_string(match.weakness))};
}

}  // namespace

StepResult append(Receiving& receiving) {
  const auto& in = receiving.in;
  const auto& message = in.message;
  conversations::NewInbound inbound;
  inbound.workspace = in.arrival.workspace;
  inbound.channel = in.arrival.channel;
  inbound.channel_kind = in.arrival.channel_kind;
  // The id of the arrival is the id of the message: a repeated job can only write the same row again.
  inbound.id = MessageId{in.spool.uuid};
  inbound.conversation = receiving.match.conversation;
  inbound.contact = receiving.contact;
  inbound.author_name = message.from.name;
  inbound.subject = message.subject;
  inbound.text = message.text;
  inbound.reply_text = message.reply_text;
  inbound.html_safe = message.html_safe;
  inbound.language = message.language;
  inbound.external_id = message.message_id;
  if (!message.references.empty()) inbound.in_reply_to = message.references.back();
  inbound.references = message.references;
  inbound.to = addresses_of(message.to);
  inbound.cc = addresses_of(message.cc);
  inbound.from_address = message.from.address;
  inbound.thread_key = message.thread_key;
  inbound.raw_key = in.spool.text();
  inbound.is_auto_submitted = message.is_auto_submitted;
  inbound.received_at = in.arrival.received_at;
  inbound.sent_at = message.sent_at.value_or(in.arrival.received_at);
  inbound.attachments = in.attachments;
  inbound.origin = origin_of(receiving);
  inbound.suggestion = suggestion_of(receiving.match);
  inbound.needs_review = receiving.judged->must_wait();
  TRY(receiving.appended, conversations::append_inbound(receiving.tx, inbound));
  const policy::ContentOrigin origin{.workspace = inbound.workspace,
                                     .channel = inbound.channel,
                                     .conversation = receiving.appended->conversation,
                                     .author = inbound.contact.text()};
  TRY_STATUS(conversations::keep_judgement(receiving.tx, origin, *receiving.judged, false, inbound.id));
  return std::nullopt;
}

}  // namespace answerable::intake
