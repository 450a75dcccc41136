// Whom mail goes to: To, Cc and Bcc of a reply, and what is passed on to third parties.
#include <algorithm>

#include "flows/flow.h"

namespace answerable::flows {

namespace {

void check(const std::string& expected, const std::string& seen) {
  if (expected != seen) throw Trouble{expected, seen};
}

// "a@x.example, b@x.example"; empty: nobody.
json::array addresses(const std::string& text) {
  json::array list;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(", ", at), text.size());
    list.emplace_back(text.substr(at, end - at));
    at = end + 2;
  }
  return list;
}

std::string in_words(std::vector<std::string> list) {
  std::ranges::sort(list);
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : ", ") + one;
  return text;
}

void write_to(Flow& flow, const Words& w, const Line&) {
  const json::value body{{"kind", "reply"},       {"text", w[2]},           {"to", addresses(w[3])},
                         {"cc", addresses(w[4])}, {"bcc", addresses(w[5])}, {"undo_seconds", 0}};
  flow.last_replies[w[0]] = text_at(flow.ask(w[0], "POST", flow.path_of(w[1]) + "/messages", body), "id");
}

std::string last_message(Flow& flow, const std::string& conversation) {
  return text_at(flow.look(flow.path_of(conversation)).at("messages").as_array().back(), "id");
}

void pass_on(Flow& flow, const Words& w, bool with_earlier, int undo_seconds) {
  const json::value body{
      {"to", addresses(w[2])}, {"text", w[3]}, {"with_earlier", with_earlier}, {"undo_seconds", undo_seconds}};
  const auto target = "/api/v1/messages/" + last_message(flow, w[1]) + "/forward";
  flow.last_replies[w[0]] = text_at(flow.ask(w[0], "POST", target, body), "id");
}
void forward(Flow& flow, const Words& w, const Line&) { pass_on(flow, w, false, 0); }
void forward_later(Flow& flow, const Words& w, const Line&) { pass_on(flow, w, false, 10); }
void forward_all(Flow& flow, const Words& w, const Line&) { pass_on(flow, w, true, 0); }

void expect_envelope(Flow& flow, const Words& w, const Line&) {
  const auto mails = flow.company.relay().mails();
  if (mails.empty()) throw Trouble{"a mail of ours", "nothing left yet"};
  check(w[0], in_words(mails.back().to));
}

void expect_fields(Flow& flow, const Words& w, const Line&) {
  const auto mail = flow.last_sent();
  std::vector<std::string> to, cc;
  for (const auto& one : mail.to) to.push_back(one.address);
  for (const auto& one : mail.cc) cc.push_back(one.address);
  check("To " + w[0] + "; Cc " + w[1], "To " + in_words(to) + "; Cc " + in_words(cc));
}

void expect_subject(Flow& flow, const Words& w, const Line&) { check(w[0], flow.last_sent().subject); }

// In nothing that the customer ever got, neither header nor text.
void expect_untold(Flow& flow, const Words& w, const Line&) {
  for (const auto& mail : flow.company.relay().mails()) {
    const bool is_theirs = std::ranges::find(mail.to, w[0]) != mail.to.end();
    if (is_theirs && mail.raw.find(w[1]) != std::string::npos)
      throw Trouble{"nothing of \"" + w[1] + "\" in a mail to " + w[0], mail.raw};
  }
}

void expect_record(Flow& flow, const Words& w, const Line&) {
  const auto message = flow.look(flow.path_of(w[0])).at("messages").as_array().back();
  std::vector<std::string> bcc;
  for (const auto& one : message.at("bcc").as_array()) bcc.emplace_back(one.as_string());
  check(w[1], in_words(bcc));
}

constexpr Statement table[] = {
    {R"(<who> writes in "conversation" "text" to "addresses" cc "addresses" bcc "addresses")", write_to},
    {R"(<who> forwards the last message of "conversation" to "addresses" saying "text")", forward},
    {R"(<who> forwards within ten seconds the last message of "conversation" to "addresses" saying "text")",
     forward_later},
    {R"(<who> forwards all of "conversation" to "addresses" saying "text")", forward_all},
    {R"(expect our last mail is handed over for "addresses")", expect_envelope},
    {R"(expect our last mail names in To "addresses" and in Cc "addresses")", expect_fields},
    {R"(expect our last mail has the subject "subject")", expect_subject},
    {R"(expect no mail to <customer> ever says "text")", expect_untold},
    {R"(expect the last message of "conversation" has the blind copies "addresses")", expect_record},
};

}  // namespace

std::span<const Statement> recipient_statements() { return table; }

}  // namespace answerable::flows
