// What people do in the inbox, through the API.
#include <array>
#include <thread>

#include "flows/flow.h"

namespace answerable::flows {

namespace {

std::string user_id(Flow& flow, const std::string& person) { return flow.company.actor(person).user.text(); }

void reply_with(Flow& flow, const std::string& device, const std::string& conversation, json::object body) {
  body["kind"] = "reply";
  const auto message = flow.ask(device, "POST", flow.path_of(conversation) + "/messages", body);
  flow.last_replies[device] = text_at(message, "id");
}

void reply(Flow& flow, const Words& w, const Line&) { reply_with(flow, w[0], w[1], {{"text", w[2]}}); }

void reply_at_once(Flow& flow, const Words& w, const Line&) {
  reply_with(flow, w[0], w[1], {{"text", w[2]}, {"undo_seconds", 0}});
}

void reply_with_copies(Flow& flow, const Words& w, const Line&) {
  json::array copies;
  for (std::size_t i = 3; i < w.size(); ++i) copies.push_back(json::string(w[i]));
  reply_with(flow, w[0], w[1], {{"text", w[2]}, {"undo_seconds", 0}, {"cc", copies}});
}

void reply_and_close(Flow& flow, const Words& w, const Line&) {
  reply_with(flow, w[0], w[1], {{"text", w[2]}, {"close", true}});
}

void reply_to_what_was_seen(Flow& flow, const Words& w, const Line&) {
  reply_with(flow, w[0], w[1], {{"text", w[2]}, {"if_last_message", flow.last_seen[w[0] + " " + w[1]]}});
}

void note(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", flow.path_of(w[1]) + "/messages", {{"kind", "note"}, {"text", w[2]}});
}

void start(Flow& flow, const Words& w, const Line&) {
  const json::value body{
      {"channel_id", flow.company.mail_channel().text()}, {"to", w[1]}, {"subject", w[2]}, {"text", w[3]}};
  flow.ask(w[0], "POST", "/api/v1/conversations", body);
}

void open(Flow& flow, const Words& w, const Line&) {
  const auto path = flow.path_of(w[1]);
  const auto opened = flow.ask(w[0], "GET", path);
  const auto& messages = opened.at("messages").as_array();
  if (!messages.empty()) flow.last_seen[w[0] + " " + w[1]] = text_at(messages.back(), "id");
  flow.ask(w[0], "POST", path + "/read", {{"unread", false}});
}

void take(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "POST", flow.path_of(w[1]) + "/take"); }

// Both press the button; one has it, the other is told so.
void take_at_once(Flow& flow, const Words& w, const Line&) {
  const auto target = flow.path_of(w[2]) + "/take";
  std::array<int, 2> statuses{};
  std::array<HttpRequest, 2> requests;
  for (std::size_t i = 0; i < 2; ++i) {
    flow.ask_as_is(w[i], "GET", "/api/v1/session", nullptr);  // has a session from here on
    requests[i] = {
        .method = "POST", .target = target, .headers = {{"Cookie", "answerable=" + flow.cookies[w[i]]}}, .body = {}};
  }
  const auto port = flow.company.server().web_port();
  std::thread other([&] { statuses[1] = ask_http(port, requests[1]).status; });
  statuses[0] = ask_http(port, requests[0]).status;
  other.join();
  if (statuses[0] + statuses[1] != 200 + 409)
    throw Trouble{"200 for one and 409 for the other",
                  std::to_string(statuses[0]) + " and " + std::to_string(statuses[1])};
}

void assign(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"assignee", user_id(flow, w[2])}});
}

void give_back(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"assignee", nullptr}});
}

void close(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"status", "closed"}});
}
void reopen(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"status", "open"}});
}

void snooze(Flow& flow, const Words& w, const Line&) {
  const auto until = to_rfc3339(flow.company.clock().now() + to_ms(w[2], w[3]));
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"status", "snoozed"}, {"snoozed_until", until}});
}

void rename(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", flow.path_of(w[1]), {{"subject", w[2]}});
}

void tag(Flow& flow, const Words& w, const Line&) {
  json::array tags;
  for (std::size_t i = 2; i < w.size(); ++i) {
    if (w[i] != ",") tags.emplace_back(w[i]);
  }
  flow.ask(w[0], "PUT", flow.path_of(w[1]) + "/tags", {{"tags", tags}});
}

void draft(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PUT", flow.path_of(w[2]) + "/draft", {{"text", w[1]}});
}
void drop_draft(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "DELETE", flow.path_of(w[1]) + "/draft"); }

const std::string& last_reply(Flow& flow, const std::string& device) {
  const auto& id = flow.last_replies[device];
  if (id.empty()) throw Trouble{"a reply of " + device, "none yet"};
  return id;
}
void undo(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", "/api/v1/messages/" + last_reply(flow, w[0]) + "/undo");
}
void retry(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", "/api/v1/messages/" + last_reply(flow, w[0]) + "/retry");
  flow.company.allow_copy();
}

void undo_of(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", "/api/v1/messages/" + last_reply(flow, w[1]) + "/undo");
}
void retry_of(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", "/api/v1/messages/" + last_reply(flow, w[1]) + "/retry");
}

// The browser did not hear the answer and asks again, with the same Idempotency-Key.
void repeat(Flow& flow, const Words& w, const Line&) { flow.send(w[0], flow.last_requests[w[0]]); }

void look_at(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", flow.path_of(w[1]) + "/presence", {{"state", "viewing"}});
}
void type_on(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", flow.path_of(w[1]) + "/presence", {{"state", "typing"}});
}

void sign_in_with(Flow& flow, const std::string& device, const std::string& password) {
  HttpRequest request{
      .method = "POST", .target = "/api/v1/session", .headers = {{"Content-Type", "application/json"}}, .body = {}};
  request.body = json::serialize(json::object{{"email", Company::email_of(person_of(device))}, {"password", password}});
  const auto answer = ask_http(flow.company.server().web_port(), request);
  flow.understand(answer, device + " signs in");
  flow.cookies[device] = answer.cookie("answerable");
}
void sign_in(Flow& flow, const Words& w, const Line&) { sign_in_with(flow, w[0], Company::password); }
void sign_in_wrongly(Flow& flow, const Words& w, const Line&) { sign_in_with(flow, w[0], w[1]); }
void sign_out(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "DELETE", "/api/v1/session"); }
void sign_out_everywhere(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "DELETE", "/api/v1/sessions"); }

constexpr Statement table[] = {
    {R"(<who> replies to "conversation" "text")", reply},
    {R"(<who> replies at once to "conversation" "text")", reply_at_once},
    {R"(<who> replies at once to "conversation" "text" with copies to ...)", reply_with_copies},
    {R"(<who> replies to "conversation" "text" and closes it)", reply_and_close},
    {R"(<who> replies to what was seen of "conversation" "text")", reply_to_what_was_seen},
    {R"(<who> notes on "conversation" "text")", note},
    {R"(<who> writes to <customer> subject "subject" "text")", start},
    {R"(<who> opens "conversation")", open},
    {R"(<who> takes "conversation")", take},
    {R"(<who> and <other> take "conversation" at the same moment)", take_at_once},
    {R"(<who> gives "conversation" to <other>)", assign},
    {R"(<who> gives "conversation" back)", give_back},
    {R"(<who> closes "conversation")", close},
    {R"(<who> reopens "conversation")", reopen},
    {R"(<who> snoozes "conversation" for <n> <unit>)", snooze},
    {R"(<who> renames "conversation" to "subject")", rename},
    {R"(<who> tags "conversation" ...)", tag},
    {R"(<who> drafts "text" on "conversation")", draft},
    {R"(<who> drops the draft on "conversation")", drop_draft},
    {R"(<who> takes the reply back)", undo},
    {R"(<who> takes the reply of <other> back)", undo_of},
    {R"(<who> tries the reply again)", retry},
    {R"(<who> tries the reply of <other> again)", retry_of},
    {R"(<who> repeats the last request)", repeat},
    {R"(<who> looks at "conversation")", look_at},
    {R"(<who> types on "conversation")", type_on},
    {R"(<who> signs in)", sign_in},
    {R"(<who> signs in with "password")", sign_in_wrongly},
    {R"(<who> signs out)", sign_out},
    {R"(<who> signs out everywhere)", sign_out_everywhere},
};

}  // namespace

std::span<const Statement> agent_statements() { return table; }

}  // namespace answerable::flows
