#include "mail/bounce.h"

#include <algorithm>
#include <array>
#include <optional>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/message_ids.h"

namespace answerable::mail {

namespace {

// Calls use(name, value) for each field of a block of fields, folded lines joined; an empty line gives ("", "").
template <class Use>
void each_field(std::string_view block, Use use) {
  std::string name, value;
  auto give = [&] {
    if (!name.empty()) use(std::string_view(name), trim(value));
    name.clear();
  };
  while (!block.empty()) {
    auto end = block.find('\n');
    auto line = block.substr(0, end);
    block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && is_blank(line[0]) && !name.empty()) {
      value += " " + std::string(trim(line));
      continue;
    }
    give();
    if (trim(line).empty()) {
      use(std::string_view{}, std::string_view{});
      continue;
    }
    auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    name = trim(line.substr(0, colon));
    value = line.substr(colon + 1);
  }
  give();
}

std::string after_type(std::string_view value) {  // "rfc822; user@example.com"
  auto semicolon = value.find(';');
  auto text = trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1));
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::vector<DeliveryReport> read_delivery_status(std::string_view status) {
  std::vector<DeliveryReport> reports;
  DeliveryReport current;
  std::string original;
  auto finish = [&] {
    if (current.recipient.empty()) current.recipient = original;
    auto useful = !current.recipient.empty() || !current.action.empty();
    if (useful && reports.size() < max_delivery_reports) reports.push_back(current);
    current = {};
    original.clear();
  };
  each_field(status, [&](std::string_view name, std::string_view value) {
    if (name.empty())
      finish();
    else if (same_letters(name, "Final-Recipient"))
      current.recipient = after_type(value);
    else if (same_letters(name, "Original-Recipient"))
      original = after_type(value);
    else if (same_letters(name, "Action"))
      current.action = to_lower(value.substr(0, value.find_first_of(" (")));
    else if (same_letters(name, "Status"))
      current.status = value.substr(0, value.find_first_of(" ("));
    else if (same_letters(name, "Diagnostic-Code"))
      current.diagnostic = after_type(value);
  });
  finish();
  return reports;
}

std::string find_message_id(std::string_view fields) {
  std::string id;
  each_field(fields, [&](std::string_view name, std::string_view value) {
    if (!id.empty() || !same_letters(name, "Message-ID")) return;
    if (auto ids = parse_message_ids(value); !ids.empty()) id = ids.front();
  });
  return id;
}

constexpr std::array daemons{std::string_view{"mailer-daemon"}, std::string_view{"mailerdaemon"},
                             std::string_view{"mail-daemon"},   std::string_view{"mail delivery"},
                             std::string_view{"maildelivery"},  std::string_view{"postmaster"},
                             std::string_view{"bounce"},        std::string_view{"mail administrator"},
                             std::string_view{"mailsystem"},    std::string_view{"mail system"}};

constexpr std::array subjects{
    std::string_view{"undeliver"},
    std::string_view{"delivery status notification"},
    std::string_view{"delivery failure"},
    std::string_view{"delivery failed"},
    std::string_view{"failure notice"},
    std::string_view{"failure delivery"},
    std::string_view{"delivery notification"},
    std::string_view{"returned mail"},
    std::string_view{"mail delivery failed"},
    std::string_view{"mail delivery"},
    std::string_view{"non-deliver"},
    std::string_view{"nondeliver"},
    std::string_view{"could not be delivered"},
    std::string_view{"message not delivered"},
    std::string_view{"delivery error"},
    std::string_view{"mail failure"},
    std::string_view{"delivery problem"},
    std::string_view{"returning message to sender"},
    std::string_view{"returned to sender"},
    std::string_view{"mail system error"},
    std::string_view{"bounce"},
    std::string_view{"unzustellbar"},
    std::string_view{"nicht zugestellt"},
    std::string_view{"non remis"},
    std::string_view{"échec de la remise"},
    std::string_view{"no se puede entregar"},
    std::string_view{"no entregado"},
    std::string_view{"recapito fallito"},
    std::string_view{"onbestelbaar"},
    std::string_view{"não entregue"},
    std::string_view{"niedostarcz"},
    std::string_view{"недоставленн"},
    std::string_view{"delayed mail"},
    std::string_view{"warning: message"},
    std::string_view{"message status - undeliverable"},
    std::string_view{"user unknown"},
    std::string_view{"エラー"},
    std::string_view{"配信不能"},
    std::string_view{"系统退信"},
};

constexpr std::array phrases{
    std::string_view{"could not be delivered"},
    std::string_view{"couldn't be delivered"},
    std::string_view{"undeliverable"},
    std::string_view{"delivery to the following"},
    std::string_view{"user unknown"},
    std::string_view{"unknown user"},
    std::string_view{"mailbox unavailable"},
    std::string_view{"mailbox is full"},
    std::string_view{"mailbox full"},
    std::string_view{"quota exceeded"},
    std::string_view{"permanent error"},
    std::string_view{"permanent fatal errors"},
    std::string_view{"was not delivered"},
    std::string_view{"unable to deliver"},
    std::string_view{"wasn't able to deliver"},
    std::string_view{"not able to deliver"},
    std::string_view{"no such user"},
    std::string_view{"does not exist"},
    std::string_view{"delivery failed"},
    std::string_view{"failed to deliver"},
    std::string_view{"returned message"},
    std::string_view{"550 "},
    std::string_view{"554 "},
    std::string_view{"host not found"},
    std::string_view{"original message follows"},
    std::string_view{"has not been delivered"},
    std::string_view{"recipient address rejected"},
    std::string_view{"failed recipient"},
    std::string_view{"following address"},
    std::string_view{"not delivered"},
    std::string_view{"error occurred"},
};

template <class Words>
bool has_any(std::string_view text, const Words& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return has_letters(text, word); });
}

bool sent_by_daemon(const ParsedMessage& message) {
  return has_any(local_part(message.from.address), daemons) || has_any(message.from.name, daemons);
}

bool null_sender(const ParsedMessage& message) {
  auto path = message.first_header("Return-Path");
  return path && trim(*path) == "<>";
}

// No report part: who writes, from where, about what, in which words. Two of them alone prove nothing.
bool looks_undelivered(const ParsedMessage& message) {
  if (message.first_header("X-Failed-Recipients")) return true;
  auto daemon = sent_by_daemon(message);
  auto null = null_sender(message);
  if (!daemon && !null) return false;
  auto head = std::string_view(message.text).substr(0, 8192);
  auto subject = has_any(to_lower(message.subject), subjects);
  auto words = has_any(head, phrases);
  auto said = (subject ? 1 : 0) + (words ? 1 : 0);
  if (daemon && said > 0) return true;
  return null && subject && words;
}

// The first address in angle brackets or after a colon in the text of an undisciplined report.
std::string first_recipient(const ParsedMessage& message) {
  if (auto failed = message.first_header("X-Failed-Recipients")) {
    auto list = parse_address_list(*failed);
    if (!list.empty()) return list.front().address;
  }
  auto text = std::string_view(message.text).substr(0, 8192);
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    auto start = text.find_last_of(" \t\n<>()[]:;,\"'", at);
    start = start == std::string_view::npos ? 0 : start + 1;
    auto end = std::min(text.find_first_of(" \t\n<>()[]:;,\"'", at), text.size());
    auto word = text.substr(start, end - start);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (is_valid_address(word) && !same_letters(word, message.from.address)) return std::string(word);
  }
  return {};
}

bool is_code(std::string_view text, std::size_t at) {  // 5.1.1 or 4.2.2
  return at + 4 < text.size() && (text[at] == '5' || text[at] == '4') && text[at + 1] == '.' &&
         is_digit(text[at + 2]) && text[at + 3] == '.' && is_digit(text[at + 4]);
}

std::string first_status(std::string_view text) {
  text = text.substr(0, 8192);
  for (std::size_t at = 0; at + 4 < text.size(); ++at) {
    auto apart = at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.');
    if (!apart || !is_code(text, at)) continue;
    auto end = at + 5;
    while (end < text.size() && is_digit(text[end]) && end < at + 7) ++end;
    if (end == text.size() || text[end] != '.') return std::string(text.substr(at, end - at));
  }
  return {};
}

}  // namespace

void read_bounce(const Body& body, ParsedMessage& message) {
  auto status =
      body.delivery_status.empty() ? std::vector<DeliveryReport>{} : read_delivery_status(body.delivery_status);
  auto report = body.is_delivery_report || (!status.empty() && (sent_by_daemon(message) || null_sender(message)));
  message.bounce = report || looks_undelivered(message);
  if (!message.bounce) return;
  message.delivery_reports = std::move(status);
  if (message.delivery_reports.empty()) {
    auto code = first_status(message.text);
    message.delivery_reports.push_back({.recipient = first_recipient(message),
                                        .action = code.starts_with('4') ? "delayed" : "failed",
                                        .status = code,
                                        .diagnostic = {}});
  }
  message.original_message_id = find_message_id(body.returned_header);
  if (message.original_message_id.empty()) message.original_message_id = find_message_id(message.text);
  if (message.original_message_id.empty()) message.original_message_id = message.in_reply_to;
}

}  // namespace answerable::mail
