#include "channels/email/smtp_client.h"

#include <algorithm>
#include <cstring>

#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/domain_name.h"
#include "net/curl.h"

namespace answerable::channels {

namespace {

using mail::is_ascii;

// How far the conversation with the server came.
struct Progress {
  std::string_view rest;        // of the content
  bool has_mail = false;        // MAIL was said: refusals from now on are about this mail
  bool content_is_out = false;  // the last byte was handed over
  bool answered = false;        // a reply came after that
  bool is_leaving = false;      // QUIT was said: what comes now is no answer to the mail
  int code = 0;                 // of the last reply
  std::string reply;            // the last line of it
  bool asks_recipient = false;  // RCPT was said and not answered yet
  bool asks_offers = false;     // EHLO was said and not answered yet
  bool awaits_tls = false;      // what is offered before STARTTLS does not count
  bool needs_utf8 = false;      // an address can only go to a server that offers SMTPUTF8 (RFC 6531)
  bool offers_utf8 = false;
  bool lacks_utf8 = false;  // so the conversation was ended, before anything of the mail was said
  struct Answer {
    int code = 0;
    std::string reply;
  };
  std::vector<Answer> recipients;  // to each RCPT, in their order
};

std::size_t give_content(char* out, std::size_t size, std::size_t count, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  auto bytes = std::min(progress.rest.size(), size * count);
  std::memcpy(out, progress.rest.data(), bytes);
  progress.rest.remove_prefix(bytes);
  if (bytes == 0) progress.content_is_out = true;
  return bytes;
}

// One line of what a server offers. False: it does not offer what the mail needs.
bool take_offer(Progress& progress, std::string_view line, bool is_last_line) {
  constexpr std::size_t code_bytes = 4;
  line.remove_prefix(std::min(line.size(), code_bytes));
  // In capitals, as libcurl reads it, which is who says it at MAIL.
  if (line.substr(0, line.find_first_of(" \r\n")) == "SMTPUTF8") progress.offers_utf8 = true;
  if (!is_last_line) return true;
  progress.asks_offers = false;
  progress.lacks_utf8 = progress.needs_utf8 && !progress.offers_utf8 && !progress.awaits_tls;
  return !progress.lacks_utf8;
}

std::size_t take_reply(char* text, std::size_t size, std::size_t count, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  std::string_view line(text, size * count);
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!progress.is_leaving && line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), is_digit)) {
    progress.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    progress.reply = one_line(line, 300);
    if (progress.content_is_out) progress.answered = true;
    const bool is_last_line = line.size() == 3 || line[3] != '-';
    if (progress.asks_offers && progress.code < 300 && !take_offer(progress, line, is_last_line)) return 0;
    if (progress.asks_recipient && is_last_line) {
      progress.recipients.push_back({progress.code, progress.reply});
      progress.asks_recipient = false;
    }
  }
  return line.size();
}

int watch_commands(CURL*, curl_infotype type, char* text, std::size_t size, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  std::string_view line(text, size);
  if (type == CURLINFO_HEADER_OUT && (line.starts_with("EHLO ") || line.starts_with("HELO "))) {
    progress.asks_offers = true;
    progress.offers_utf8 = false;
  }
  if (type == CURLINFO_HEADER_OUT && line.starts_with("STARTTLS")) progress.awaits_tls = false;
  if (type == CURLINFO_HEADER_OUT && line.starts_with("MAIL ")) progress.has_mail = true;
  if (type == CURLINFO_HEADER_OUT && line.starts_with("RCPT ")) progress.asks_recipient = true;
  if (type == CURLINFO_HEADER_OUT && line.starts_with("QUIT")) progress.is_leaving = true;
  return 0;
}

net::AddressJudge within(Reach reach) {
  return {[reach](const sockaddr* address, socklen_t size) { return check_reach(address, size, reach); }};
}

net::Curl make_curl(net::AddressJudge& addresses, const SmtpClientOptions& options) {
  return net::make_curl(addresses, {options.connect_timeout_ms, options.attempt_timeout_ms});
}

void prepare(CURL* easy, const MailServer& server, const std::string& secret, const SmtpClientOptions& options) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  auto url = std::string(server.security == MailSecurity::tls ? "smtps://" : "smtp://") +
             (is_v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port) + "/" +
             options.hostname;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  // starttls means it: without encryption nothing is sent. none is for loopback only, which the settings check.
  const long use_ssl = server.security == MailSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL;
  curl_easy_setopt(easy, CURLOPT_USE_SSL, use_ssl);
  // Beside the system's folder of roots (CAPATH), which stays.
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (server.user.empty()) return;
  curl_easy_setopt(easy, CURLOPT_USERNAME, server.user.c_str());
  if (server.sign_in == SignIn::password) {
    curl_easy_setopt(easy, CURLOPT_PASSWORD, secret.c_str());
    return;
  }
  // By nothing else, whatever the server offers; OAUTHBEARER where there are both.
  curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
  curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, secret.c_str());
}

void watch(CURL* easy, Progress& progress) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_reply);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &progress);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, watch_commands);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &progress);
}

bool is_sign_in_refused(CURLcode result, const Progress& progress) {
  return result == CURLE_LOGIN_DENIED && !progress.has_mail && (progress.code == 535 || progress.code == 534);
}

SmtpOutcome judge(CURLcode result, const Progress& progress, const std::string& refusal, const char* why) {
  if (progress.lacks_utf8)
    return {
        outbox::Outcome::failed,
        "The mail server does not offer SMTPUTF8, which an address with letters other than a to z before its @ needs: "
        "write to another address of this person, or send through a server that offers it."};
  if (result == CURLE_OK) return {outbox::Outcome::sent, progress.reply};
  if (result == CURLE_COULDNT_CONNECT && !refusal.empty()) return {outbox::Outcome::retry, refusal};
  const auto failure = one_line(*why != '\0' ? why : curl_easy_strerror(result), 300);
  if (progress.content_is_out && !progress.answered)
    return {outbox::Outcome::unknown, "The connection ended before the server answered: " + failure};
  if (progress.content_is_out && progress.code < 400) return {outbox::Outcome::sent, progress.reply};
  const bool is_answer = progress.code >= 400;
  if (progress.has_mail && progress.code >= 500) return {outbox::Outcome::failed, progress.reply};
  return {outbox::Outcome::retry, is_answer ? progress.reply : failure};
}

// The outcome for those whom the server took, and what is settled beside it.
SmtpOutcome judge_recipients(SmtpOutcome whole, const Progress& progress, const std::vector<std::string>& to) {
  using outbox::Outcome;
  const auto& answers = progress.recipients;
  const auto is_taken = [](const Progress::Answer& answer) { return answer.code < 400; };
  const auto taken = std::ranges::count_if(answers, is_taken);
  const auto postponed =
      std::ranges::find_if(answers, [](const auto& answer) { return answer.code >= 400 && answer.code < 500; });
  if (taken == 0 && !answers.empty())  // a cut in the middle leaves the rest open
    whole.outcome = postponed == answers.end() && answers.size() == to.size() ? Outcome::failed : Outcome::retry;
  const bool is_mixed = !answers.empty() && taken != std::ssize(answers);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto* answer = i < answers.size() ? &answers[i] : nullptr;
    if (answer != nullptr && answer->code >= 500)
      whole.recipients.push_back({.address = to[i], .has_it = false, .detail = answer->reply});
    else if (whole.outcome == Outcome::failed)
      whole.recipients.push_back({.address = to[i], .has_it = false, .detail = whole.detail});
    else if (whole.outcome == Outcome::sent && is_mixed && answer != nullptr && is_taken(*answer))
      whole.recipients.push_back({.address = to[i], .has_it = true, .detail = whole.detail});
  }
  if (postponed == answers.end() || (whole.outcome != Outcome::sent && whole.outcome != Outcome::retry)) return whole;
  whole.outcome = Outcome::retry;
  whole.detail = postponed->reply;
  return whole;
}

// What has no such form cannot have been rendered.
std::string on_the_wire(const std::string& address) { return mail::wire_address(address).value_or(address); }

std::string_view header_of(std::string_view raw) { return raw.substr(0, raw.find("\r\n\r\n")); }

}  // namespace

SmtpOutcome send_mail(const MailServer& server, const std::string& secret, const SmtpMail& mail,
                      const SmtpClientOptions& options) {
  auto addresses = within(options.reach);
  const auto easy = make_curl(addresses, options);
  if (!easy || mail.to.empty()) return {outbox::Outcome::failed, "The mail has no recipient."};
  Progress progress;
  progress.rest = mail.bytes;
  progress.awaits_tls = server.security == MailSecurity::starttls;
  char why[CURL_ERROR_SIZE] = "";
  prepare(easy.get(), server, secret, options);
  watch(easy.get(), progress);
  const auto from = "<" + on_the_wire(mail.from) + ">";
  progress.needs_utf8 = !is_ascii(header_of(mail.bytes)) || !is_ascii(from);
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
  net::CurlList recipients;
  for (const auto& to : mail.to) {
    const auto recipient = "<" + on_the_wire(to) + ">";
    progress.needs_utf8 = progress.needs_utf8 || !is_ascii(recipient);
    auto* longer = curl_slist_append(recipients.get(), recipient.c_str());
    if (longer == nullptr) return {outbox::Outcome::retry, "No memory."};
    (void)recipients.release();
    recipients.reset(longer);
  }
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one bad address keeps it from nobody else
  curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, give_content);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, &progress);
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why);
  auto result = curl_easy_perform(easy.get());
  auto outcome = judge_recipients(judge(result, progress, addresses.refusal, why), progress, mail.to);
  outcome.is_sign_in_refused = is_sign_in_refused(result, progress);
  return outcome;
}

Status try_smtp(const MailServer& server, const std::string& secret, const SmtpClientOptions& options) {
  auto addresses = within(options.reach);
  const auto easy = make_curl(addresses, options);
  if (!easy) return fail(ErrorKind::unavailable, "smtp_unreachable", "No memory.");
  Progress progress;
  char why[CURL_ERROR_SIZE] = "";
  prepare(easy.get(), server, secret, options);
  watch(easy.get(), progress);
  curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
  curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why);
  auto result = curl_easy_perform(easy.get());
  if (result == CURLE_OK) return {};
  if (!addresses.refusal.empty()) return fail(ErrorKind::denied, "server_address_refused", addresses.refusal);
  auto detail = progress.code >= 400 ? progress.reply : std::string(*why != '\0' ? why : curl_easy_strerror(result));
  if (is_sign_in_refused(result, progress))
    return fail(ErrorKind::unauthenticated, "smtp_login_refused", one_line(detail, 300));
  return fail(ErrorKind::unavailable, "smtp_unreachable", one_line(detail, 300));
}

}  // namespace answerable::channels
