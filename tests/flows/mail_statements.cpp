// What customers, their servers and the relay do with mail.
#include "flows/letters.h"

namespace answerable::flows {

namespace {

constexpr const char* automatic = "Auto-Submitted: auto-replied\r\n";

void write(Flow& flow, const Words& w, const Line&) { post(flow, {.from = w[0], .subject = w[1], .text = w[2]}); }

void write_automatically(Flow& flow, const Words& w, const Line&) {
  post(flow, {.from = w[0], .subject = w[1], .text = w[2], .extra = automatic});
}

void answer(Flow& flow, const Words& w, const Line&) { post(flow, answer_to(flow.last_sent(), w[0], w[1])); }

// As most programs do: the new words above, all of our mail below behind marks.
void answer_with_quote(Flow& flow, const Words& w, const Line&) {
  const auto& ours = flow.last_sent();
  auto mail = answer_to(ours, w[0], w[1]);
  mail.text += std::string("\n\nOn 14/11/2023 22:13, Help <") + mail_address + "> wrote:\n";
  for (std::size_t at = 0; at < ours.text.size();) {
    const auto end = std::min(ours.text.find('\n', at), ours.text.size());
    mail.text += "> " + ours.text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  post(flow, mail);
}

void answer_automatically(Flow& flow, const Words& w, const Line&) {
  auto mail = answer_to(flow.last_sent(), w[0], w[1]);
  mail.extra = automatic;
  post(flow, mail);
}

// The token in the address alone.
void answer_by_address(Flow& flow, const Words& w, const Line&) {
  auto mail = answer_to(flow.last_sent(), w[0], w[1]);
  mail.in_reply_to.clear();
  mail.references.clear();
  post(flow, mail);
}

// The Message-ID of ours alone.
void answer_by_reference(Flow& flow, const Words& w, const Line&) {
  auto mail = answer_to(flow.last_sent(), w[0], w[1]);
  mail.to = mail_address;
  post(flow, mail);
}

// Somebody who guesses: every token has one letter changed.
void answer_with_forged_token(Flow& flow, const Words& w, const Line&) {
  auto mail = answer_to(flow.last_sent(), w[0], w[1]);
  const auto forge = [](std::string& text) {
    auto& letter = text.at(text.rfind('@') - 1);
    letter = letter == 'a' ? 'b' : 'a';
  };
  forge(mail.to);
  forge(mail.in_reply_to);
  mail.references = {mail.in_reply_to};
  post(flow, mail);
}

// No word of ours: a follow-up to a customer's own mail, whose Message-ID holds no token.
void refer(Flow& flow, const Words& w, const Line&) { post(flow, follow_up(flow, w[0], w[1], w[2], w[3])); }

void travel(Flow& flow, const Words& w, const Line&) {
  std::string trace;
  for (std::int64_t i = 0; i < to_number(w[1]); ++i)
    trace += "Received: from relay" + std::to_string(i) + ".example.net; Tue, 14 Nov 2023 22:13:20 +0000\r\n";
  post(flow, {.from = w[0], .subject = w[2], .text = w[3], .extra = trace});
}

void write_many_automatically(Flow& flow, const Words& w, const Line&) {
  for (std::int64_t i = 1; i <= to_number(w[0]); ++i)
    post(flow, {.from = w[1], .subject = w[2] + " " + std::to_string(i), .text = w[3], .extra = automatic});
}

void write_raw(Flow& flow, const Words& w, const Line& line) {
  std::string raw;
  for (const auto& text : line.block) raw += text + "\r\n";
  flow.deliver(w[0], mail_address, raw);
}

void again(Flow& flow, const Words&, const Line&) {
  const auto mail = flow.last_mail;
  flow.deliver(mail.from, mail.to.front(), mail.raw);
}

void again_by_another_way(Flow& flow, const Words&, const Line&) {
  const auto mail = flow.last_mail;
  flow.deliver(mail.from, mail.to.front(),
               "Received: from elsewhere.example.net; Tue, 14 Nov 2023 22:14:00 +0000\r\n" + mail.raw);
}

// RFC 3464, from the null sender, with the fields of what came back.
void report(Flow& flow, const std::string& action, const std::string& status, std::string recipient = {}) {
  const auto ours = flow.company.relay().mails();
  if (ours.empty()) throw Trouble{"a mail of ours", "nothing left yet"};
  const auto& raw = ours.back().raw;
  const auto fields = raw.substr(0, raw.find("\r\n\r\n") + 2);
  const std::string boundary = "\r\n--b\r\n";
  flow.deliver("", mail_address,
               "From: Mail Delivery System <mailer-daemon@relay.example>\r\nTo: " + std::string(mail_address) +
                   "\r\nSubject: Delivery report\r\nMessage-ID: <" + std::to_string(++flow.mails) +
                   ".report@relay.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: "
                   "multipart/report; report-type=delivery-status; boundary=b\r\n" +
                   boundary + "Content-Type: text/plain\r\n\r\nAbout your message.\r\n" + boundary +
                   "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
                   "Final-Recipient: rfc822; " +
                   (recipient.empty() ? ours.back().to.front() : recipient) + "\r\nAction: " + action +
                   "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 5.1.1 no such person\r\n" + boundary +
                   "Content-Type: text/rfc822-headers\r\n\r\n" + fields + "\r\n--b--\r\n");
}
void bounce(Flow& flow, const Words&, const Line&) { report(flow, "failed", "5.1.1"); }
void bounce_for(Flow& flow, const Words& w, const Line&) { report(flow, "failed", "5.1.1", w[0]); }
void report_delay(Flow& flow, const Words&, const Line&) { report(flow, "delayed", "4.4.1"); }

void come_back(Flow& flow, const Words&, const Line&) {
  const auto ours = flow.company.relay().mails();
  if (ours.empty()) throw Trouble{"a mail of ours", "nothing left yet"};
  flow.deliver("forwarder@example.net", mail_address, ours.back().raw);
}

template <SmtpSink::Mood mood>
void relay_is(Flow& flow, const Words&, const Line&) {
  flow.company.relay().be(mood);
}

void refuse_one(Flow& flow, const Words& w, const Line&) {
  flow.company.relay().answer_for(w[0], "550 5.1.1 no such person");
}
void put_one_off(Flow& flow, const Words& w, const Line&) {
  flow.company.relay().answer_for(w[0], "450 4.2.0 greylisted");
}
void take_one(Flow& flow, const Words& w, const Line&) { flow.company.relay().answer_for(w[0], ""); }

constexpr Statement table[] = {
    {R"(mail from <customer> subject "subject" says "text")", write},
    {R"(automatic mail from <customer> subject "subject" says "text")", write_automatically},
    {R"(<n> automatic mails from <customer> subject "subject" say "text")", write_many_automatically},
    {R"(mail from <customer> in reply to our last mail says "text")", answer},
    {R"(mail from <customer> quoting our last mail says "text")", answer_with_quote},
    {R"(automatic mail from <customer> in reply to our last mail says "text")", answer_automatically},
    {R"(mail from <customer> to the reply address of our last mail says "text")", answer_by_address},
    {R"(mail from <customer> referring to our last mail says "text")", answer_by_reference},
    {R"(mail from <customer> with a forged token says "text")", answer_with_forged_token},
    {R"(mail from <customer> referring to the last mail of <other> subject "subject" says "text")", refer},
    {R"(mail from <customer> through <n> servers subject "subject" says "text")", travel},
    {R"(raw mail from <customer>)", write_raw},
    {R"(the same mail arrives again)", again},
    {R"(the same mail arrives again by another way)", again_by_another_way},
    {R"(our last mail bounces)", bounce},
    {R"(our last mail bounces from <customer>)", bounce_for},
    {R"(our last mail is delayed, says its server)", report_delay},
    {R"(our last mail comes back)", come_back},
    {R"(the relay takes mail)", relay_is<SmtpSink::Mood::takes>},
    {R"(the relay refuses mail for now)", relay_is<SmtpSink::Mood::refuses_for_now>},
    {R"(the relay refuses every recipient)", relay_is<SmtpSink::Mood::refuses>},
    {R"(the relay refuses <customer>)", refuse_one},
    {R"(the relay puts <customer> off)", put_one_off},
    {R"(the relay takes <customer>)", take_one},
    {R"(the relay takes the next mail and cuts the line)", relay_is<SmtpSink::Mood::cuts_once>},
};

}  // namespace

std::span<const Statement> mail_statements() { return table; }

}  // namespace answerable::flows
