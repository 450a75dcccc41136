// Who may speak in a conversation: mail with and without proof of its sender, what agents decide, what is kept of it.
#include "flows/letters.h"

namespace answerable::flows {

namespace {

void check(const std::string& expected, const std::string& seen) {
  if (expected != seen) throw Trouble{expected, seen};
}

void post_signed(Flow& flow, NewMail mail, const std::string& by) {
  mail.signed_by = by;
  post(flow, mail);
}

void write_unsigned(Flow& flow, const Words& w, const Line&) {
  post_signed(flow, {.from = w[0], .subject = w[1], .text = w[2]}, "");
}
void answer_unsigned(Flow& flow, const Words& w, const Line&) {
  post_signed(flow, answer_to(flow.last_sent(), w[0], w[1]), "");
}
void refer_unsigned(Flow& flow, const Words& w, const Line&) {
  post_signed(flow, follow_up(flow, w[0], w[1], w[2], w[3]), "");
}
void answer_signed_by(Flow& flow, const Words& w, const Line&) {
  post_signed(flow, answer_to(flow.last_sent(), w[0], w[2]), w[1]);
}

constexpr const char* received =
    "Received: from out.example.org by mx.flow.example; Tue, 14 Nov 2023 22:13:20 +0000\r\n";

// The trusted server's own field stands above its trace.
void refer_with_results(Flow& flow, const Words& w, const Line&) {
  auto mail = follow_up(flow, w[0], w[2], w[3], w[4]);
  mail.trace = "Authentication-Results: " + w[1] + "\r\n" + received;
  post_signed(flow, mail, "");
}
// The server found nothing; the field that says otherwise came with the mail.
void refer_with_forged_results(Flow& flow, const Words& w, const Line&) {
  auto mail = follow_up(flow, w[0], w[2], w[3], w[4]);
  mail.trace = "Authentication-Results: mx.flow.example; none\r\n" + std::string(received) +
               "Authentication-Results: " + w[1] + "\r\n";
  post_signed(flow, mail, "");
}

void trust(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "PATCH", "/api/v1/channels/" + flow.company.mail_channel().text(),
           {{"config", {{"authserv_id", w[1]}, {"lmtp_addresses", json::array()}}}});
}

void stop_dns(Flow& flow, const Words&, const Line&) { flow.company.dns().stop(); }
void start_dns(Flow& flow, const Words&, const Line&) { flow.company.dns().start(); }

std::string suggestion_path(Flow& flow, const std::string& conversation) {
  return flow.path_of(conversation) + "/suggestion";
}

void join(Flow& flow, const Words& w, const Line&) { flow.ask(w[0], "POST", suggestion_path(flow, w[1]) + "/confirm"); }
void keep_apart(Flow& flow, const Words& w, const Line&) {
  flow.ask(w[0], "POST", suggestion_path(flow, w[1]) + "/dismiss");
}

void expect_suggestion(Flow& flow, const Words& w, const Line&) {
  const auto found = flow.look(suggestion_path(flow, w[0]));
  check(w[1] + " because " + w[2], text_at(found.at("target"), "subject") + " because " + text_at(found, "weakness"));
}

void expect_no_suggestion(Flow& flow, const Words& w, const Line&) {
  const auto open = flow.look(flow.path_of(w[0]));
  if (!open.at("suggested_join").is_null()) throw Trouble{"no suggestion", text_at(open, "suggested_join")};
}

void expect_origin(Flow& flow, const Words& w, const Line&) {
  const auto open = flow.look(flow.path_of(w[0]));
  const auto id = text_at(open.at("messages").as_array().back(), "id");
  const auto origin = flow.look("/api/v1/messages/" + id + "/origin");
  check(w[1] + " with " + w[2], text_at(origin, "joined_by") + " with " + text_at(origin, "authentication"));
}

void expect_same_id(Flow& flow, const Words& w, const Line&) {
  const auto open = flow.look(flow.path_of(w[0]));
  const auto id = text_at(open.at("messages").as_array().back(), "id");
  const auto origin = flow.look("/api/v1/messages/" + id + "/origin");
  check(flow.find_conversation(w[1]), text_at(origin, "conversation_of_same_id"));
}

// Nothing of what was said before a newcomer joined may stand in what goes to him: text, HTML, header.
void expect_unsaid(Flow& flow, const Words& w, const Line&) {
  const auto raw = flow.company.relay().mails().back().raw;
  const auto parsed = mail::parse_message(raw);
  for (const auto* text : {&raw, &parsed.text, &parsed.html})
    if (text->find(w[0]) != std::string::npos) throw Trouble{"not a word of it", raw};
}

constexpr Statement table[] = {
    {R"(unsigned mail from <customer> subject "subject" says "text")", write_unsigned},
    {R"(unsigned mail from <customer> in reply to our last mail says "text")", answer_unsigned},
    {R"(unsigned mail from <customer> referring to the last mail of <other> subject "subject" says "text")",
     refer_unsigned},
    {R"(mail from <customer> signed by <domain> in reply to our last mail says "text")", answer_signed_by},
    {R"(mail from <customer> with results "results" referring to the last mail of <other> subject "s" says "text")",
     refer_with_results},
    {R"(mail from <customer> with forged results "results" referring to the last mail of <other> subject "s" says "t")",
     refer_with_forged_results},
    {R"(<who> trusts the results of <server>)", trust},
    {R"(the DNS does not answer)", stop_dns},
    {R"(the DNS answers)", start_dns},
    {R"(<who> joins "conversation" to what is suggested)", join},
    {R"(<who> keeps "conversation" apart)", keep_apart},
    {R"(expect "conversation" may belong to "other" because <weakness>)", expect_suggestion},
    {R"(expect nothing is suggested for "conversation")", expect_no_suggestion},
    {R"(expect the last message of "conversation" stands there by <evidence> with <verdict>)", expect_origin},
    {R"(expect our last mail does not say "text")", expect_unsaid},
    {R"(expect the last message of "conversation" has the Message-ID of one in "other")", expect_same_id},
};

}  // namespace

std::span<const Statement> sender_statements() { return table; }

}  // namespace answerable::flows
