// Any bytes as a message: no crash, every string of the result valid UTF-8 without NUL, reading twice gives the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/may_answer.h"
#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

void check(std::string_view text) {
  ensure(is_valid_utf8(text), "the text is valid UTF-8");
  ensure(text.find('\0') == std::string_view::npos, "the text has no NUL");
}

void check(const Address& address) {
  check(address.name);
  check(address.address);
}

void check_addresses(const ParsedMessage& message) {
  check(message.from);
  for (const auto* list : {&message.to, &message.cc, &message.reply_to})
    for (const auto& address : *list) check(address);
  for (const auto& address : message.delivered_to) check(address);
}

void check_report(const ParsedMessage& message) {
  for (const auto& report : message.delivery_reports)
    for (const auto* text : {&report.recipient, &report.action, &report.status, &report.diagnostic}) check(*text);
}

// Whoever wrote it: an automatic answer goes to one address that can be one, and to no robot.
void check_answer(const ParsedMessage& message) {
  const auto always = [](std::string_view) { return true; };
  const auto never = [](std::string_view) { return false; };
  using Verdict = SenderAuthentication::Verdict;
  if (why_silent({message, message.return_path, Verdict::pass, always, never}) != Silence::none) return;
  ensure(is_valid_address(message.return_path) && !is_robot_address(message.return_path), "it can be answered");
  ensure(!message.auto_submitted && !message.bounce, "no program is answered");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view raw(reinterpret_cast<const char*>(data), size);
  auto message = parse_message(raw);
  check_addresses(message);
  check_report(message);
  check_answer(message);
  for (const auto* text :
       {&message.message_id, &message.in_reply_to, &message.subject, &message.date_raw, &message.text, &message.html,
        &message.html_safe, &message.reply_text, &message.language, &message.original_message_id, &message.return_path})
    check(*text);
  for (const auto& id : message.references) check(id);
  for (const auto& header : message.headers) {
    check(header.name);
    check(header.value);
  }
  for (const auto& attachment : message.attachments)
    for (const auto* text :
         {&attachment.filename, &attachment.content_type, &attachment.disposition, &attachment.content_id})
      check(*text);
  auto again = parse_message(raw);
  ensure(again.text == message.text && again.html_safe == message.html_safe, "reading is repeatable");
  return 0;
}
