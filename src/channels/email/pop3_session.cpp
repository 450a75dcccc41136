#include "channels/email/pop3_session.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "net/curl.h"

namespace answerable::channels {

namespace {

constexpr std::size_t greeting_bytes_max = 64UL << 10;  // all that the server says until it has let us in
constexpr std::size_t header_bytes_max = 512UL << 10;

std::unexpected<Error> broken(const std::string& why) { return fail(ErrorKind::unavailable, "pop3_protocol", why); }

struct Greeting {
  std::size_t bytes = 0;
  std::string last_line;
};

std::size_t take_greeting(char* text, std::size_t size, std::size_t count, void* context) {
  auto& greeting = *static_cast<Greeting*>(context);
  greeting.bytes += size * count;
  greeting.last_line.assign(text, std::min(size * count, pop3_line_bytes_max));
  return greeting.bytes > greeting_bytes_max ? 0 : size * count;
}

int is_stopped(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* stops = static_cast<const std::atomic<bool>*>(context);
  return stops != nullptr && stops->load() ? 1 : 0;
}

void prepare(CURL* easy, const MailServer& server, const std::string& secret, const Pop3SessionOptions& options) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  const auto url = std::string(server.security == MailSecurity::tls ? "pop3s://" : "pop3://") +
                   (is_v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port) + "/";
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "pop3,pop3s");
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  // starttls means it: a server that does not start TLS gets no password. none is for loopback only (mail_settings.h).
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(server.security == MailSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_USERNAME, server.user.c_str());
  if (server.sign_in == SignIn::oauth) {  // by what the server offers, OAUTHBEARER before XOAUTH2, and by nothing else
    curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
    curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, secret.c_str());
  } else {
    curl_easy_setopt(easy, CURLOPT_PASSWORD, secret.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_greeting);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, options.stops);
}

Error explain(CURLcode result, const MailServer& server, const std::string& last_line, const std::string& why) {
  const auto where = server.host + " port " + std::to_string(server.port);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::unavailable, "server_unreachable", "There is no host " + server.host + "."};
    case CURLE_COULDNT_CONNECT:
      return {ErrorKind::unavailable, "server_unreachable", "No connection to " + where + "."};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorKind::unavailable, "certificate_untrusted", "The server's certificate is not trusted: " + why};
    case CURLE_USE_SSL_FAILED:
      return {ErrorKind::unavailable, "pop3_tls", "The server does not start TLS: choose tls if it offers that."};
    case CURLE_SSL_CONNECT_ERROR:
      return {ErrorKind::unavailable, "pop3_tls", "The server does not speak TLS at this port: choose starttls?"};
    case CURLE_LOGIN_DENIED: break;
    default: return {ErrorKind::unavailable, "pop3_protocol", where + " does not answer as a POP3 server: " + why};
  }
  const auto said = one_line(last_line, 200);
  if (is_passing_refusal(last_line))
    return {ErrorKind::unavailable, "pop3_busy", "The mailbox lets nobody in for the moment: " + said};
  return {ErrorKind::unauthenticated, "pop3_login_refused",
          "The mailbox refuses the sign-in of " + server.user +
              (server.sign_in == SignIn::oauth ? ": its provider's access token is not taken. Is that its account? "
                                               : ": check user name and password. ") +
              said};
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

Status check_account(const MailServer& server, const std::string& secret) {
  if (!server.user.empty() && !has_control(server.user) && !has_control(secret)) return {};
  return fail(ErrorKind::unauthenticated, "pop3_login_refused",
              "A POP3 mailbox needs a user name, and neither it nor the password has control characters.");
}

}  // namespace

struct Pop3Session::State {
  State(const Pop3SessionOptions& options)
      : timeout_ms(options.timeout_ms), judge{[reach = options.reach](const sockaddr* address, socklen_t size) {
          return check_reach(address, size, reach);
        }} {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { close(wake); }

  // Until bytes come. 0: none are there, and `waits` is false.
  Result<std::size_t> read(char* into, std::size_t size, bool waits);
  Status wait_for(short events);

  const std::int64_t timeout_ms;
  net::AddressJudge judge;
  net::Curl easy;  // after what it uses
  curl_socket_t socket = CURL_SOCKET_BAD;
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
};

Status Pop3Session::State::wait_for(short events) {
  std::array<pollfd, 2> waiting{pollfd{socket, events, 0}, pollfd{wake, POLLIN, 0}};
  const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(timeout_ms));
  if ((waiting[1].revents & POLLIN) != 0)
    return fail(ErrorKind::unavailable, "pop3_interrupted", "The mailbox is not read any more.");
  if (ready < 1) return broken("The server does not answer any more.");
  return {};
}

Result<std::size_t> Pop3Session::State::read(char* into, std::size_t size, bool waits) {
  while (true) {
    std::size_t got = 0;
    const auto result = curl_easy_recv(easy.get(), into, size, &got);
    if (result == CURLE_OK && got > 0) return got;
    if (result != CURLE_AGAIN) return broken("The server has ended the connection.");
    if (!waits) return std::size_t{0};
    TRY_STATUS(wait_for(POLLIN));
  }
}

Pop3Session::Pop3Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pop3Session::~Pop3Session() = default;

Result<std::unique_ptr<Pop3Session>> Pop3Session::connect(const MailServer& server, const std::string& secret,
                                                          const Pop3SessionOptions& options) {
  TRY_STATUS(check_account(server, secret));
  auto state = std::make_unique<State>(options);
  state->easy = net::make_curl(state->judge, {options.timeout_ms, 2 * options.timeout_ms});
  auto* easy = state->easy.get();
  if (easy == nullptr) return broken("No memory.");
  Greeting greeting;
  char why[CURL_ERROR_SIZE] = "";
  prepare(easy, server, secret, options);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &greeting);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why);
  const auto result = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (result != CURLE_OK && !state->judge.refusal.empty())
    return fail(ErrorKind::denied, "server_address_refused", state->judge.refusal);
  if (result != CURLE_OK)
    return std::unexpected(
        explain(result, server, greeting.last_line, one_line(*why != '\0' ? why : curl_easy_strerror(result), 200)));
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &state->socket);
  if (state->socket == CURL_SOCKET_BAD) return broken("The server has ended the connection.");
  return std::unique_ptr<Pop3Session>(new Pop3Session(std::move(state)));
}

Status Pop3Session::say(const std::string& command) {
  // Bytes that nobody asked for would be taken for the answer to this command, and every answer after it for another's.
  char early = 0;
  TRY(const auto unasked, state_->read(&early, 1, false));
  if (unasked > 0) return broken("The server says what nobody has asked it.");
  const auto line = command + "\r\n";
  for (std::size_t at = 0; at < line.size();) {
    std::size_t sent = 0;
    const auto result = curl_easy_send(state_->easy.get(), line.data() + at, line.size() - at, &sent);
    if (result != CURLE_OK && result != CURLE_AGAIN) return broken("The server has ended the connection.");
    at += sent;
    if (result == CURLE_AGAIN) TRY_STATUS(state_->wait_for(POLLOUT));
  }
  return {};
}

Result<Pop3Answer> Pop3Session::ask(const std::string& command, bool has_content, std::size_t content_bytes_max,
                                    const Sink& sink) {
  TRY_STATUS(say(command));
  Pop3Answer answer(has_content, content_bytes_max);
  std::array<char, 16UL << 10> buffer;
  while (!answer.is_complete()) {
    TRY(const auto got, state_->read(buffer.data(), buffer.size(), true));
    const auto used = answer.feed({buffer.data(), got});
    if (answer.is_broken())
      return broken("The server does not answer as a POP3 server: " + one_line(answer.line(), 200));
    if (used < got) return broken("The server says what nobody has asked it.");
    if (answer.is_too_large()) return answer;
    if (const auto piece = answer.take_content(); !piece.empty()) TRY_STATUS(sink(piece));
  }
  return answer;
}

Result<std::vector<Pop3Mail>> Pop3Session::list() {
  std::string uidl;
  std::string list;
  auto into = [](std::string& text) {
    return [&text](std::string_view piece) -> Status { return text += piece, Status(); };
  };
  TRY(const auto named, ask("UIDL", true, pop3_listing_bytes_max, into(uidl)));
  if (!named.is_good())
    return fail(ErrorKind::unavailable, "pop3_uidl_missing",
                "The server does not tell its mails apart (UIDL), so nothing can be fetched from it: use IMAP, or have "
                "the mail forwarded. It says: " +
                    one_line(named.line(), 200));
  TRY(const auto sized, ask("LIST", true, pop3_listing_bytes_max, into(list)));
  if (!sized.is_good()) return broken("The mailbox cannot be listed: " + one_line(sized.line(), 200));
  if (named.is_too_large() || sized.is_too_large())
    return fail(ErrorKind::unavailable, "pop3_listing_too_long",
                "The mailbox has too many mails for POP3: move old ones to a folder, or use IMAP.");
  return read_pop3_listing(uidl, list);
}

Result<bool> Pop3Session::retrieve(std::uint32_t number, std::size_t bytes_max, const Sink& sink) {
  TRY(const auto answer, ask("RETR " + std::to_string(number), true, bytes_max, sink));
  if (answer.is_too_large())
    return fail(ErrorKind::limited, "pop3_mail_too_large", "A mail is larger than the server has said.");
  return answer.is_good();
}

Result<std::string> Pop3Session::header(std::uint32_t number) {
  std::string text;
  TRY(const auto answer, ask("TOP " + std::to_string(number) + " 0", true, header_bytes_max,
                             [&](std::string_view piece) -> Status { return text += piece, Status(); }));
  if (answer.is_too_large()) return broken("The server sends a header without end.");
  if (!answer.is_good()) return std::string();
  if (const auto end = text.find("\r\n\r\n"); end != std::string::npos) text.resize(end + 2);
  return text;
}

Result<bool> Pop3Session::erase(std::uint32_t number) {
  TRY(const auto answer, ask("DELE " + std::to_string(number), false, 0, {}));
  return answer.is_good();
}

Status Pop3Session::quit() {
  TRY(const auto answer, ask("QUIT", false, 0, {}));
  if (answer.is_good()) return {};
  return fail(ErrorKind::unavailable, "pop3_act_refused",
              "The server does not remove what is stored: " + one_line(answer.line(), 200));
}

void Pop3Session::interrupt() {
  const std::uint64_t one = 1;
  (void)!write(state_->wake, &one, sizeof one);
}

}  // namespace answerable::channels
