// Blocking sockets on loopback, as small as tests need: an HTTP client with one connection a request, and an SMTP
// server that keeps what it is given. Timeouts are of real time: 30 s.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace answerable::flows {

struct HttpRequest {
  std::string method, target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct HttpAnswer {
  int status = 0;
  std::string head, body;
  // The value of a cookie that the answer sets; empty when it sets none of that name.
  std::string cookie(std::string_view name) const;
};
// Throws Trouble when there is no whole answer.
HttpAnswer ask_http(std::uint16_t port, const HttpRequest& request);

// The relay: where mail goes that leaves.
class SmtpSink {
 public:
  enum class Mood : std::uint8_t {
    takes,
    refuses_for_now,  // 451 to MAIL
    refuses,          // 550 to RCPT
    cuts_once,        // keeps the mail, then cuts the line instead of saying so; once
  };
  struct Mail {
    std::string from;
    std::vector<std::string> to;
    std::string raw;  // as sent, dots unstuffed
  };

  SmtpSink();   // listens on a free port
  ~SmtpSink();  // no connection may be open any more
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  std::uint16_t port() const { return port_; }
  void be(Mood mood) { mood_ = mood; }
  void answer_for(const std::string& recipient, const std::string& reply);  // to RCPT; empty: takes it
  std::vector<Mail> mails() const;
  int cuts() const { return cuts_; }

 private:
  class Conversation;
  void serve();
  std::string answer_to(const std::string& recipient) const;

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<Mood> mood_{Mood::takes};
  std::atomic<int> cuts_{0};
  mutable std::mutex mutex_;
  std::vector<Mail> mails_;
  std::map<std::string, std::string> answers_;
  std::thread thread_;
};

}  // namespace answerable::flows
