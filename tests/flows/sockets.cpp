#include "flows/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "base/ensure.h"
#include "flows/script.h"

namespace answerable::flows {

namespace {

constexpr int timeout_s = 30;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {
    timeval timeout{timeout_s, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  }
  ~Socket() { ::close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // What came is added to `into`; false at the end, or when nothing comes.
  bool read(std::string& into) const {
    char buffer[16'384];
    const auto got = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    into.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

 private:
  int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

// The values of all fields of that name in the head of an answer.
std::vector<std::string> fields(std::string_view head, std::string_view name) {
  std::vector<std::string> values;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name))
      values.emplace_back(line.substr(std::min(colon + 2, line.size())));
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return values;
}

std::string text_of(const HttpRequest& request) {
  auto text = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
  return text;
}

}  // namespace

std::string HttpAnswer::cookie(std::string_view name) const {
  for (const auto& field : fields(head, "Set-Cookie")) {
    if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=')
      return field.substr(name.size() + 1, field.find(';') - name.size() - 1);
  }
  return {};
}

HttpAnswer ask_http(std::uint16_t port, const HttpRequest& request) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw Trouble{"a server that answers HTTP", "no connection"};
  socket.write(text_of(request));
  std::string all;
  while (socket.read(all)) {
  }
  const auto end = all.find("\r\n\r\n");
  constexpr std::size_t status_at = 9;  // behind "HTTP/1.1 "
  if (end == std::string::npos || all.size() < status_at + 3)
    throw Trouble{"an answer to " + request.method + " " + request.target, all.empty() ? "none" : all};
  HttpAnswer answer{
      .status = std::atoi(all.c_str() + status_at), .head = all.substr(0, end), .body = all.substr(end + 4)};
  const auto length = fields(answer.head, "Content-Length");
  if (!length.empty() && std::to_string(answer.body.size()) != length.front())
    throw Trouble{"an answer of " + length.front() + " bytes", std::to_string(answer.body.size()) + " bytes"};
  return answer;
}

// One connection of a client, from greeting to QUIT.
class SmtpSink::Conversation {
 public:
  Conversation(SmtpSink& sink, int descriptor) : sink_(sink), socket_(descriptor) {}

  void run() {
    say("220 sink ESMTP");
    while (is_open_) {
      auto line = read_until("\r\n");
      if (!line) return;
      command(*line);
    }
  }

 private:
  void say(std::string_view line) { is_open_ = socket_.write(std::string(line) + "\r\n") && is_open_; }

  std::optional<std::string> read_until(std::string_view mark) {
    auto end = waiting_.find(mark);
    while (end == std::string::npos) {
      if (!socket_.read(waiting_)) return std::nullopt;
      end = waiting_.find(mark);
    }
    auto text = waiting_.substr(0, end);
    waiting_.erase(0, end + mark.size());
    return text;
  }

  static std::string address_in(std::string_view line) {
    const auto open = line.find('<');
    const auto close = line.find('>');
    return open < close && close != std::string_view::npos ? std::string(line.substr(open + 1, close - open - 1)) : "";
  }

  void command(const std::string& line) {
    const auto verb = line.substr(0, 4);
    if (verb == "EHLO" || verb == "HELO") return say("250 sink");
    if (verb == "QUIT") {
      say("221 bye");
      is_open_ = false;
      return;
    }
    if (verb == "MAIL") {
      mail_ = {.from = address_in(line), .to = {}, .raw = {}};
      return say(sink_.mood_ == Mood::refuses_for_now ? "451 4.3.0 not now" : "250 ok");
    }
    if (verb == "RCPT") {
      if (sink_.mood_ == Mood::refuses) return say("550 5.1.1 no such person");
      const auto recipient = address_in(line);
      const auto answer = sink_.answer_to(recipient);
      if (answer.empty()) mail_.to.push_back(recipient);
      return say(answer.empty() ? "250 ok" : answer);
    }
    if (verb == "DATA") return take();
    say("250 ok");
  }

  void take() {
    say("354 go on");
    auto raw = read_until("\r\n.\r\n");
    if (!raw) {
      is_open_ = false;
      return;
    }
    mail_.raw = *raw + "\r\n";
    for (auto at = mail_.raw.find("\r\n.."); at != std::string::npos; at = mail_.raw.find("\r\n..", at + 3))
      mail_.raw.erase(at + 2, 1);
    {
      std::lock_guard lock(sink_.mutex_);
      sink_.mails_.push_back(mail_);
    }
    auto expected = Mood::cuts_once;
    if (!sink_.mood_.compare_exchange_strong(expected, Mood::takes)) return say("250 kept");
    ++sink_.cuts_;
    is_open_ = false;
  }

  SmtpSink& sink_;
  Socket socket_;
  std::string waiting_;
  bool is_open_ = true;
  Mail mail_;
};

void SmtpSink::answer_for(const std::string& recipient, const std::string& reply) {
  const std::scoped_lock lock(mutex_);
  answers_[recipient] = reply;
}

std::string SmtpSink::answer_to(const std::string& recipient) const {
  const std::scoped_lock lock(mutex_);
  const auto answer = answers_.find(recipient);
  return answer == answers_.end() ? std::string() : answer->second;
}

SmtpSink::SmtpSink() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  constexpr int backlog = 16;
  ensure(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "cannot bind the sink");
  ensure(::listen(listener_, backlog) == 0, "cannot listen for mail that leaves");
  ensure(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "the sink has no port");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

SmtpSink::~SmtpSink() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::vector<SmtpSink::Mail> SmtpSink::mails() const {
  std::lock_guard lock(mutex_);
  return mails_;
}

void SmtpSink::serve() {
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    Conversation(*this, client).run();
  }
}

}  // namespace answerable::flows
