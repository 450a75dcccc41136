#include "mail/message.h"

#include <algorithm>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/auto_reply.h"
#include "mail/body.h"
#include "mail/body_text.h"
#include "mail/bounce.h"
#include "mail/encoded_word.h"
#include "mail/language.h"
#include "mail/limits.h"
#include "mail/mail_date.h"
#include "mail/message_ids.h"
#include "mail/mime_tree.h"
#include "mail/prepare.h"

namespace answerable::mail {

namespace {

void read_addresses(ParsedMessage& message) {
  auto all = [&](std::string_view name) {  // fields that may stand only once are written twice by some
    std::vector<Address> list;
    for (const auto& header : message.headers) {
      if (!same_letters(header.name, name)) continue;
      auto more = parse_address_list(header.value);
      list.insert(list.end(), more.begin(), more.end());
      if (list.size() > max_addresses) list.resize(max_addresses);
    }
    return list;
  };
  message.to = all("To");
  message.cc = all("Cc");
  message.reply_to = all("Reply-To");
  for (auto name : {"From", "Reply-To", "Sender", "Resent-From", "Return-Path"}) {
    auto list = all(name);
    auto usable = std::ranges::find_if(list, [](const Address& a) { return a.address.find('@') != std::string::npos; });
    if (usable != list.end())
      message.from = *usable;
    else if (!list.empty() && message.from.name.empty() && message.from.address.empty())
      message.from = list.front();
    if (usable != list.end()) break;
  }
  if (message.from.address.empty()) message.defects.emplace_back("no_sender");
}

void read_trace(ParsedMessage& message) {
  for (const auto& header : message.headers) {
    if (same_letters(header.name, "Received")) ++message.received_count;
    if (same_letters(header.name, "Authentication-Results")) message.authentication_results.push_back(header.value);
    for (auto name : {"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"})
      if (same_letters(header.name, name))
        for (auto& to : parse_address_list(header.value))  // a word without @ is a local user here
          message.delivered_to.push_back(to.address.empty() ? to.name : to.address);
  }
  if (auto path = message.first_header("Return-Path")) {
    auto list = parse_address_list(*path);
    if (!list.empty()) message.return_path = list.front().address;
  }
}

void read_identity(ParsedMessage& message) {
  auto ids = [&](std::string_view name) { return parse_message_ids(message.first_header(name).value_or("")); };
  if (auto id = ids("Message-ID"); !id.empty())
    message.message_id = id.front();
  else
    message.defects.emplace_back("no_message_id");
  if (auto id = ids("In-Reply-To"); !id.empty()) message.in_reply_to = id.front();
  message.references = ids("References");
  message.subject = trim(decode_header_text(message.first_header("Subject").value_or("")));
  message.date_raw = message.first_header("Date").value_or("");
  message.date = parse_mail_date(message.date_raw);
  if (!message.date) message.defects.emplace_back(message.date_raw.empty() ? "no_date" : "unreadable_date");
}

void add_defects(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const auto& defect : more)
    if (to.size() < max_defects && std::ranges::find(to, defect) == to.end()) to.push_back(defect);
}

}  // namespace

std::optional<std::string_view> ParsedMessage::first_header(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& header : headers) {
    if (!same_letters(header.name, name)) continue;
    if (!header.value.empty()) return header.value;
    if (!found) found = header.value;
  }
  return found;
}

ParsedMessage parse_message(std::string_view raw, const ParseOptions& options) {
  Prepared prepared;
  prepare(raw, prepared);
  auto mime = read_mime(prepared.text);
  ParsedMessage message;
  message.headers = std::move(mime.headers);
  add_defects(message.defects, prepared.defects);
  add_defects(message.defects, mime.defects);
  read_identity(message);
  read_addresses(message);
  read_trace(message);
  auto body = read_body(mime, options);
  add_defects(message.defects, body.defects);
  message.attachments = std::move(body.attachments);
  read_body_text(body, options, message);
  read_bounce(body, message);
  message.auto_submitted = message.bounce || body.is_machine_report || is_auto_submitted(message);
  if (options.language)
    message.language = detect_language(message.reply_text.empty() ? message.text : message.reply_text);
  return message;
}

}  // namespace answerable::mail
