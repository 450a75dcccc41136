#include "flows/letters.h"

#include "lib/sign_mail.h"

namespace answerable::flows {

namespace {

std::string name_of(const std::string& address) {
  auto name = address.substr(0, address.find('@'));
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string with_crlf(std::string_view text) {
  std::string lines;
  for (char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return lines;
}

}  // namespace

void post(Flow& flow, const NewMail& mail) {
  const auto id = std::to_string(++flow.mails) + ".flow@" + mail.from.substr(mail.from.find('@') + 1);
  auto raw = mail.extra + "From: " + name_of(mail.from) + " <" + mail.from + ">\r\nTo: " + mail.to +
             "\r\nSubject: " + mail.subject + "\r\nMessage-ID: <" + id +
             ">\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n";
  if (!mail.in_reply_to.empty()) raw += "In-Reply-To: <" + mail.in_reply_to + ">\r\n";
  if (!mail.references.empty()) {
    raw += "References:";
    for (const auto& reference : mail.references) raw += "\r\n <" + reference + ">";
    raw += "\r\n";
  }
  raw += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  raw += with_crlf(mail.text) + "\r\n";
  flow.last_ids[mail.from] = id;
  if (!mail.signed_by.empty()) {
    const auto domain = mail.signed_by == "its domain" ? mail.from.substr(mail.from.find('@') + 1) : mail.signed_by;
    raw = testing::sign_mail(raw, {.domain = domain});
  }
  // What a server on the way wrote stands above all.
  flow.deliver(mail.return_path.value_or(mail.from), mail.delivered_to.value_or(mail.to), mail.trace + raw);
}

NewMail answer_to(const mail::ParsedMessage& ours, const std::string& from, const std::string& text) {
  NewMail mail{.from = from, .subject = ours.subject, .text = text};
  if (!ours.reply_to.empty()) mail.to = ours.reply_to.front().address;
  mail.in_reply_to = ours.message_id;
  mail.references = ours.references;
  mail.references.push_back(ours.message_id);
  return mail;
}

NewMail follow_up(Flow& flow, const std::string& from, const std::string& other, const std::string& subject,
                  const std::string& text) {
  const auto known = flow.last_ids.find(other);
  if (known == flow.last_ids.end()) throw Trouble{"a mail of " + other, "none yet"};
  return {.from = from, .subject = subject, .text = text, .in_reply_to = known->second, .references = {known->second}};
}

}  // namespace answerable::flows
