// What visitors of a site do in the chat, by its HTTP way.
#include "flows/flow.h"

namespace answerable::flows {

namespace {

std::string base(Flow& flow) { return "/webchat/v1/" + flow.company.chat_channel().text(); }

HttpAnswer send(Flow& flow, const std::string& visitor, HttpRequest request) {
  request.target = base(flow) + request.target;
  if (!flow.tokens[visitor].empty()) request.headers.emplace_back("Authorization", "Bearer " + flow.tokens[visitor]);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return ask_http(flow.company.server().web_port(), request);
}

void enter(Flow& flow, const std::string& visitor) {
  if (!flow.tokens[visitor].empty()) return;
  const auto answer = send(flow, visitor, {.method = "POST", .target = "/sessions", .headers = {}, .body = "{}"});
  const auto opened = flow.understand(answer, visitor + " opens the chat");
  flow.tokens[visitor] = text_at(opened, "token");
  flow.visitor_ids[visitor] = text_at(opened.at("visitor"), "id");
}

void post(Flow& flow, const std::string& visitor, const std::string& body) {
  flow.last_chats[visitor] = body;
  flow.understand(send(flow, visitor, {.method = "POST", .target = "/messages", .headers = {}, .body = body}),
                  visitor + " writes");
}

void say(Flow& flow, const Words& w, const Line&) {
  enter(flow, w[0]);
  post(flow, w[0],
       json::serialize(json::object{{"client_id", "flow-" + std::to_string(++flow.requests)}, {"text", w[1]}}));
}

void say_again(Flow& flow, const Words& w, const Line&) { post(flow, w[0], std::string(flow.last_chats[w[0]])); }

void expect_transcript(Flow& flow, const Words& w, const Line& line) {
  const auto answer = send(flow, w[0], {.method = "GET", .target = "/messages", .headers = {}, .body = {}});
  const auto transcript = flow.understand(answer, w[0] + " reads");
  std::string seen, expected;
  for (const auto& message : transcript.at("messages").as_array()) {
    const auto author = text_at(message, "direction") == "in" ? w[0] : text_at(message, "author");
    seen += author + ": " + text_at(message, "text") + "\n";
  }
  for (const auto& text : line.block) expected += text + "\n";
  if (seen != expected) throw Trouble{"\n" + expected, "\n" + seen};
}

constexpr Statement table[] = {
    {R"(visitor <name> says "text")", say},
    {R"(visitor <name> sends the last message again)", say_again},
    {R"(expect visitor <name> reads)", expect_transcript},
};

}  // namespace

std::span<const Statement> chat_statements() { return table; }

}  // namespace answerable::flows
