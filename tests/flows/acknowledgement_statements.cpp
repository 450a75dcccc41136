// Automatic acknowledgements: what an administrator writes, mail that gets none, what left.
#include <algorithm>

#include "flows/letters.h"

namespace answerable::flows {

namespace {

void check(const std::string& expected, const std::string& seen) {
  if (expected != seen) throw Trouble{expected, seen};
}

std::string channel_path(Flow& flow) { return "/api/v1/channels/" + flow.company.mail_channel().text(); }

json::object config_of(Flow& flow) {
  for (const auto& channel : flow.look("/api/v1/channels").at("items").as_array())
    if (text_at(channel, "id") == flow.company.mail_channel().text()) return channel.at("config").as_object();
  throw Trouble{"the mail channel", "none"};
}

// A text more: the first one written is for all languages without one.
void add_text(Flow& flow, const Words& w, const Line&) {
  auto config = config_of(flow);
  auto& acknowledgement = config["acknowledgement"];
  if (!acknowledgement.is_object()) acknowledgement = {{"enabled", true}, {"texts", json::array()}};
  acknowledgement.at("texts").as_array().push_back({{"language", w[1]}, {"subject", w[2]}, {"text", w[3]}});
  flow.ask(w[0], "PATCH", channel_path(flow), {{"config", config}});
}

void turn_off(Flow& flow, const Words& w, const Line&) {
  auto config = config_of(flow);
  config["acknowledgement"].at("enabled") = false;
  flow.ask(w[0], "PATCH", channel_path(flow), {{"config", config}});
}

void write_with_field(Flow& flow, const Words& w, const Line&) {
  post(flow, {.from = w[0], .subject = w[2], .text = w[3], .extra = w[1] + "\r\n"});
}

// Shown with one author, sent by another address.
void write_from_path(Flow& flow, const Words& w, const Line&) {
  NewMail mail{.from = w[0], .subject = w[2], .text = w[3]};
  mail.return_path = w[1] == "nobody" ? "" : w[1];
  post(flow, mail);
}

// In a blind copy, or by a list that is expanded on the way: `to` is what the mail shows.
void write_to_another(Flow& flow, const Words& w, const Line&) {
  NewMail mail{.from = w[0], .to = w[1], .subject = w[2], .text = w[3]};
  mail.delivered_to = mail_address;
  post(flow, mail);
}

// All of RFC 3834: null reverse-path, the fields, no word of the stranger but the id that is answered.
void expect_acknowledged(Flow& flow, const Words& w, const Line&) {
  const auto mails = flow.company.relay().mails();
  if (mails.empty()) throw Trouble{"an acknowledgement", "no mail left"};
  const auto& last = mails.back();
  const auto parsed = mail::parse_message(last.raw);
  check("<>", "<" + last.from + ">");
  check(w[0], last.to.front());
  check(w[0], parsed.to.front().address);
  check("", parsed.to.front().name);
  check(w[1], parsed.subject);
  check(w[2], parsed.text.substr(0, parsed.text.find_last_not_of('\n') + 1));
  check("auto-replied", std::string(parsed.first_header("Auto-Submitted").value_or("")));
  check("All", std::string(parsed.first_header("X-Auto-Response-Suppress").value_or("")));
  check(flow.last_ids[w[3]], parsed.in_reply_to);
  check(flow.last_ids[w[3]], parsed.references.empty() ? "" : parsed.references.back());
}

constexpr Statement table[] = {
    {R"(<who> has mail acknowledged in <language> subject "subject" saying "text")", add_text},
    {R"(<who> ends acknowledgements)", turn_off},
    {R"(mail from <customer> with the field "field" subject "subject" says "text")", write_with_field},
    {R"(mail from <customer> by the path <address> subject "subject" says "text")", write_from_path},
    {R"(mail from <customer> that shows <address> as recipient subject "subject" says "text")", write_to_another},
    {R"(expect an acknowledgement to <address> subject "subject" saying "text" to the last mail of <customer>)",
     expect_acknowledged},
};

}  // namespace

std::span<const Statement> acknowledgement_statements() { return table; }

}  // namespace answerable::flows
