// One flow while it runs: the company, and what its words refer to ("our last mail", "the reply", who saw what).
// Statements are free functions over it; each file of statements adds its table.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flows/company.h"
#include "flows/script.h"
#include "mail/message.h"

namespace answerable::flows {

namespace json = boost::json;

// Thrown when the server refused the act with the very code that the line names.
struct Refused {};

struct Flow {
  Company& company;
  std::string refusal;  // of the current line; empty: it is to succeed

  // Devices are people ("nora") or a second device of theirs ("nora@phone").
  std::map<std::string, std::string> cookies;        // of each device
  std::map<std::string, HttpRequest> last_requests;  // that changed something, of each device
  std::map<std::string, std::string> last_replies;   // id of the message, by device
  std::map<std::string, std::string> last_seen;      // id of the last message, by device and conversation
  std::map<std::string, std::string> tokens;         // of each visitor
  std::map<std::string, std::string> visitor_ids;    // of each visitor
  std::map<std::string, std::string> last_chats;     // the last body that each visitor sent
  std::map<std::string, std::string> last_ids;       // Message-ID of the last mail of each customer
  SmtpSink::Mail last_mail;                          // that arrived
  int mails = 0, requests = 0;

  // As that device; a session is opened without a password when it has none. An error of the server is Trouble, or
  // Refused when the line says so.
  json::value ask(const std::string& device, const std::string& method, const std::string& target,
                  const json::value& body = nullptr);
  json::value look(const std::string& target) { return ask_as_is("alex", "GET", target, nullptr); }
  json::value ask_as_is(const std::string& device, const std::string& method, const std::string& target,
                        const json::value& body);  // never Refused
  json::value send(const std::string& device, const HttpRequest& request);
  // Takes what an answer says: its value, Trouble or Refused.
  json::value understand(const HttpAnswer& answer, std::string_view what) const;

  // By subject, or "chat with NAME". Throws Trouble when there is none, or more than one.
  std::string find_conversation(const std::string& name);
  std::string path_of(const std::string& name) { return "/api/v1/conversations/" + find_conversation(name); }
  // What the customer got last. Throws Trouble when nothing left yet.
  mail::ParsedMessage last_sent() const;
  void deliver(const std::string& from, const std::string& to, const std::string& raw);
};

inline std::string text_at(const json::value& object, std::string_view name) {
  const auto* value = object.as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
std::string person_of(const std::string& device);  // "nora@phone" to "nora"
std::int64_t to_number(const std::string& text);   // throws Trouble
std::int64_t to_ms(const std::string& count, const std::string& unit);

struct Statement {
  std::string_view pattern;
  void (*act)(Flow& flow, const Words& words, const Line& line);
};
std::span<const Statement> mail_statements();
std::span<const Statement> sender_statements();
std::span<const Statement> acknowledgement_statements();
std::span<const Statement> recipient_statements();
std::span<const Statement> agent_statements();
std::span<const Statement> administrator_statements();
std::span<const Statement> chat_statements();
std::span<const Statement> expectations();

}  // namespace answerable::flows
