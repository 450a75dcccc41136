#include "flows/flow.h"

#include <charconv>

#include "access/session.h"
#include "app/lmtp_client.h"
#include "conversations/match.h"

namespace answerable::flows {

namespace {

constexpr std::string_view chat_prefix = "chat with ";

std::string open_session(Company& company, const std::string& person) {
  const auto actor = company.actor(person);
  return must(company.database().write([&](store::Transaction& tx) -> Result<std::string> {
    TRY(auto session, access::open_session(tx, {actor.workspace, actor.user, "flow", "127.0.0.1"}));
    return session.token;
  }));
}

std::string find_chat(Flow& flow, const std::string& visitor) {
  const auto found = must(flow.company.database().query([&](store::Session& session) {
    return conversations::find_by_thread(session, flow.company.workspace(), flow.company.chat_channel(),
                                         flow.visitor_ids[visitor]);
  }));
  if (!found) throw Trouble{"a chat with " + visitor, "none"};
  return found->text();
}

}  // namespace

std::string person_of(const std::string& device) { return device.substr(0, device.find('@')); }

std::int64_t to_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) throw Trouble{"a number", text};
  return number;
}

std::int64_t to_ms(const std::string& count, const std::string& unit) {
  static const std::map<std::string, std::int64_t> units{
      {"milliseconds", 1},  {"second", 1'000},       {"seconds", 1'000},
      {"minute", 60'000},   {"minutes", 60'000},     {"hour", 3'600'000},
      {"hours", 3'600'000}, {"day", 24 * 3'600'000}, {"days", 24LL * 3'600'000}};
  const auto found = units.find(unit);
  if (found == units.end()) throw Trouble{"milliseconds, seconds, minutes, hours or days", unit};
  return to_number(count) * found->second;
}

json::value Flow::understand(const HttpAnswer& answer, std::string_view what) const {
  boost::system::error_code failed;
  auto body = answer.body.empty() ? json::value() : json::parse(answer.body, failed);
  if (failed) throw Trouble{"JSON", answer.body};
  if (answer.status < 400) return body;
  const auto code = body.is_object() ? text_at(body, "code") : std::string();
  if (!refusal.empty() && code == refusal) throw Refused{};
  throw Trouble{refusal.empty() ? std::string(what) + " succeeds" : "refused: " + refusal,
                std::to_string(answer.status) + " " + code + ": " + answer.body};
}

json::value Flow::send(const std::string& device, const HttpRequest& request) {
  auto& cookie = cookies[device];
  if (cookie.empty()) cookie = open_session(company, person_of(device));
  auto sent = request;
  sent.headers.emplace_back("Cookie", "answerable=" + cookie);
  return understand(ask_http(company.server().web_port(), sent), device + ": " + request.method + " " + request.target);
}

json::value Flow::ask(const std::string& device, const std::string& method, const std::string& target,
                      const json::value& body) {
  HttpRequest request{.method = method, .target = target, .headers = {{"X-Requested-With", "answerable"}}, .body = {}};
  if (!body.is_null()) {
    request.body = json::serialize(body);
    request.headers.emplace_back("Content-Type", "application/json");
  }
  if (method == "POST") request.headers.emplace_back("Idempotency-Key", "flow-request-" + std::to_string(++requests));
  if (method != "GET") last_requests[device] = request;
  return send(device, request);
}

json::value Flow::ask_as_is(const std::string& device, const std::string& method, const std::string& target,
                            const json::value& body) {
  const auto wanted = std::exchange(refusal, {});
  auto answer = ask(device, method, target, body);
  refusal = wanted;
  return answer;
}

std::string Flow::find_conversation(const std::string& name) {
  if (name.starts_with(chat_prefix)) return find_chat(*this, name.substr(chat_prefix.size()));
  const auto list = look("/api/v1/conversations?view=all&limit=100");
  std::vector<std::string> ids;
  std::string others;
  for (const auto& item : list.at("items").as_array()) {
    if (text_at(item, "subject") == name) ids.push_back(text_at(item, "id"));
    others += (others.empty() ? "\"" : ", \"") + text_at(item, "subject") + "\"";
  }
  if (ids.size() != 1) throw Trouble{"one conversation \"" + name + "\"", std::to_string(ids.size()) + " of " + others};
  return ids.front();
}

mail::ParsedMessage Flow::last_sent() const {
  const auto mails_sent = company.relay().mails();
  if (mails_sent.empty()) throw Trouble{"a mail of ours", "nothing left yet"};
  return mail::parse_message(mails_sent.back().raw);
}

void Flow::deliver(const std::string& from, const std::string& to, const std::string& raw) {
  last_mail = {.from = from, .to = {to}, .raw = raw};
  const auto listen = "127.0.0.1:" + std::to_string(company.server().lmtp_port());
  const auto status = app::deliver_by_lmtp(listen, from, {to}, raw);
  if (status) return;
  const auto& error = status.error();
  if (!refusal.empty() && error.code == refusal) throw Refused{};
  throw Trouble{"the mail is taken", error.code + ": " + error.detail};
}

}  // namespace answerable::flows
