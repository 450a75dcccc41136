#include "mail/bounce.h"

#include <algorithm>
#include <optional>

#include "mail/ascii.h"
#include "mail/auto_reply.h"
#include "mail/bounce_words.h"
#include "mail/limits.h"
#include "mail/message_ids.h"
#include "mail/word_list.h"

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

// The beginning of the text as the tables are written. What is quoted with ">" is what someone else said.
std::string fold_head(std::string_view text) {
  text = text.substr(0, max_bounce_head);
  std::string out;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('>')) continue;
    for (auto c : line)
      if (!is_space(c) || !out.ends_with(' ')) out += is_space(c) ? ' ' : lower(c);
    if (!out.ends_with(' ')) out += ' ';
  }
  for (auto at = out.find("\xE2\x80\x99"); at != std::string::npos; at = out.find("\xE2\x80\x99", at))
    out.replace(at, 3, "'");  // Exchange and Gmail write the typographic one
  return out;
}

// 2 for a name that no person has, 1 for one that people and programs share. Domains say nothing: mailsystem.example
// may be where a person works.
int weigh_sender(const ParsedMessage& message) {
  auto from = to_lower(message.first_header("From").value_or(std::string_view{}));
  if (from.find("<>") != std::string::npos || trim(from) == "\"\"") return 2;
  auto at = from.find_last_of('@');
  if (at != std::string::npos) from.erase(at, from.find_first_of("> \t", at) - at);
  auto who = from + " " + to_lower(message.from.name);
  if (has_word(who, robot_names)) return 2;
  return has_word(who, manager_names) ? 1 : 0;
}

bool is_from_server(const ParsedMessage& message) {
  return has_null_sender(message) ||
         has_letters(message.first_header("Return-Path").value_or(std::string_view{}), "mailer-daemon");
}

int weigh(std::string_view text, const PhraseSet& strong, const PhraseSet& weak) {
  return strong.holds(text) ? 2 : weak.holds(text) ? 1 : 0;
}

// Amazon SES reports through SNS: JSON in the text of a mail, or JSON in a string of JSON.
bool is_ses_notification(std::string_view text) {
  text = trim(text).substr(0, 2048);
  if (!text.starts_with('{')) return false;
  auto letters = to_lower(text);
  std::erase_if(letters, [](char c) { return c == '\\' || is_space(c); });
  return has_word(letters, R"("notificationtype":"bounce"|"eventtype":"bounce")");
}

// Neither the sender nor the return path is a server's. People write under such subjects too, and paste the report they
// ask about: only a text that begins as a report is one, and only where nothing shows the program of a person.
bool looks_like_lone_report(const Body& body, const ParsedMessage& message, std::string_view title) {
  if (!bounce_subjects().holds(title)) return message.first_header("X-MLServer") && list_refusals().holds(title);
  if (!message.in_reply_to.empty() || message.first_header("User-Agent")) return false;
  auto head = fold_head(message.text);
  if (!bounce_forms().holds(std::string_view(head).substr(0, max_report_beginning))) return false;
  return !has_word(head, parcel_words) && (!body.returned_header.empty() || has_word(head, mail_words));
}

// No report part: who writes, from where, about what, in which words. None of them alone proves anything, for people
// quote reports, forward them and ask about them.
bool looks_undelivered(const Body& body, const ParsedMessage& message) {
  if (message.first_header("X-Failed-Recipients")) return true;
  if (is_ses_notification(message.text)) return true;
  auto sender = weigh_sender(message);
  auto origin = sender + (is_from_server(message) || message.from.address.empty() ? 1 : 0);
  auto title = to_lower(message.subject);
  auto answer = starts_with_word(title, answer_prefixes);
  if (answer && sender == 0) return false;
  if (origin == 0) return looks_like_lone_report(body, message, title);
  auto subject = answer && sender < 2 ? 0 : weigh(title, bounce_subjects(), weak_bounce_subjects());
  auto head = fold_head(message.text);
  auto text = weigh(head, bounce_forms(), weak_bounce_phrases());
  if (sender == 2) return subject + text > 0;
  if (sender == 0 && has_word(title + " " + head, parcel_words)) return false;
  return (subject == 2 || text == 2) && origin + subject + text >= 3;
}

bool has_arrived(const std::vector<DeliveryReport>& reports) {
  return !reports.empty() && std::ranges::all_of(reports, [](const DeliveryReport& report) {
    return report.action == "delivered" || report.action == "relayed" || report.action == "expanded";
  });
}

bool is_report(const Body& body, const std::vector<DeliveryReport>& status, const ParsedMessage& message) {
  auto by_server = message.from.address.empty() || weigh_sender(message) > 0 || is_from_server(message);
  auto answer = starts_with_word(to_lower(message.subject), answer_prefixes);
  if (!by_server && answer) return false;  // a report forwarded in one piece, or a challenge that looks like one
  return body.is_delivery_report || (!status.empty() && by_server);
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
  if (body.is_feedback || has_arrived(status)) return;
  message.bounce = is_report(body, status, message) || looks_undelivered(body, message);
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
