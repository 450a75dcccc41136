#include "channels/email/normalise_mail.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "channels/email/acknowledge.h"
#include "channels/email/mail_arrival.h"
#include "mail/domain_name.h"
#include "mail/message.h"
#include "mail/reply_token.h"

namespace answerable::channels {

namespace {

std::vector<intake::Person> to_people(std::vector<mail::Address>& addresses) {
  std::vector<intake::Person> people;
  people.reserve(addresses.size());
  for (auto& address : addresses) people.push_back({std::move(address.name), std::move(address.address), false});
  return people;
}

std::vector<intake::InboundAttachment> to_attachments(std::vector<mail::Attachment>& parsed) {
  std::vector<intake::InboundAttachment> attachments;
  attachments.reserve(parsed.size());
  for (auto& one : parsed) {
    intake::InboundAttachment attachment;
    attachment.filename = std::move(one.filename);
    attachment.content_type = std::move(one.content_type);
    attachment.content = std::move(one.content);
    attachment.disposition = std::move(one.disposition);
    attachment.content_id = std::move(one.content_id);
    attachment.size = static_cast<std::int64_t>(one.size);
    attachments.push_back(std::move(attachment));
  }
  return attachments;
}

// A report of a delay, or of success, closes nothing.
bool has_failed(const mail::ParsedMessage& parsed) {
  return parsed.delivery_reports.empty() || std::ranges::any_of(parsed.delivery_reports, [](const auto& report) {
           return report.action.empty() || report.action == "failed";
         });
}

void read_bounce(const mail::ParsedMessage& parsed, intake::InboundMessage& message) {
  message.is_bounce = parsed.bounce;
  if (!parsed.bounce || parsed.original_message_id.empty() || !has_failed(parsed)) return;
  message.bounced_message_ids.push_back(parsed.original_message_id);
  for (const auto& report : parsed.delivery_reports) {
    if (report.action != "failed" && !report.action.empty()) continue;
    const auto& words = report.diagnostic.empty() ? report.status : report.diagnostic;
    if (message.bounce_detail.empty()) message.bounce_detail = report.recipient + ": " + words;
    if (report.recipient.empty()) continue;
    message.bounced_recipients.push_back({.address = report.recipient, .detail = words});
    if (auto other = mail::other_spelling(report.recipient);
        !other.empty())  // the one that the mail was sent to is kept
      message.bounced_recipients.push_back({.address = std::move(other), .detail = words});
  }
}

}  // namespace

std::string loop_mark(std::string_view reply_token_key, WorkspaceId workspace, std::string_view message_id) {
  std::string signed_text = "loop";
  signed_text += workspace.bytes();
  signed_text += message_id;
  auto mac = hmac_sha256(reply_token_key, signed_text);
  return to_hex(as_bytes(mac).substr(0, 16));
}

intake::Normalise normalise_mail_with(std::string reply_token_key, CheckSender check_sender,
                                      const intake::ChannelDirectory* acknowledging) {
  return [key = std::move(reply_token_key), check = std::move(check_sender),
          acknowledging](const intake::Arrival& arrival) -> Result<intake::InboundMessage> {
    if (is_missing_mail(arrival)) return fail(ErrorKind::invalid, "imap_content_missing", arrival.raw);
    if (arrival.raw.empty()) return fail(ErrorKind::invalid, "mail_empty", "The message has no bytes.");
    mail::ParseOptions options;
    const auto texts =
        acknowledging != nullptr ? acknowledgement_texts(*acknowledging, arrival) : std::vector<AcknowledgementText>();
    options.language = !texts.empty();  // the arrival has no time for it but where it is needed at once
    auto parsed = mail::parse_message(arrival.raw, options);
    for (const auto& to : arrival.envelope_to) parsed.delivered_to.push_back(to);
    intake::InboundMessage message;
    if (auto found = mail::find_reply_token(key, arrival.workspace, parsed))
      message.token_conversation = found->conversation;
    if (auto mark = parsed.first_header(loop_mark_field))
      message.has_own_loop_mark = equal_in_constant_time(*mark, loop_mark(key, arrival.workspace, parsed.message_id));
    read_bounce(parsed, message);
    message.is_auto_submitted =
        parsed.auto_submitted || (arrival.envelope_from.empty() && !arrival.envelope_to.empty());
    message.received_count = static_cast<int>(std::min<std::size_t>(parsed.received_count, 1'000'000));
    if (check) message.authentication = check(arrival, parsed.from.address);
    const bool is_proven = message.authentication.verdict == mail::SenderAuthentication::Verdict::pass;
    if (!texts.empty() && !message.is_auto_submitted)
      message.acknowledgement =
          acknowledgement_of(*acknowledging, arrival, parsed, message.authentication.verdict, texts);
    message.from = {std::move(parsed.from.name), std::move(parsed.from.address), is_proven};
    message.to = to_people(parsed.to);
    message.cc = to_people(parsed.cc);
    for (const auto& one : parsed.reply_to) message.reply_to.push_back(one.address);
    message.subject = std::move(parsed.subject);
    message.text = std::move(parsed.text);
    message.reply_text = std::move(parsed.reply_text);
    message.html_safe = std::move(parsed.html_safe);
    message.sent_at = parsed.date;
    message.message_id = std::move(parsed.message_id);
    message.references = std::move(parsed.references);
    if (!parsed.in_reply_to.empty() &&
        std::ranges::find(message.references, parsed.in_reply_to) == message.references.end())
      message.references.push_back(std::move(parsed.in_reply_to));
    message.language = std::move(parsed.language);
    message.attachments = to_attachments(parsed.attachments);
    message.defects = std::move(parsed.defects);
    return message;
  };
}

}  // namespace answerable::channels
