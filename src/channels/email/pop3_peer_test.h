// A POP3 server of our own for tests, with a few mails, that can be told to lie, to refuse, and to break the connection
// at any byte. What a good server does is tested with Dovecot (tests/contract/pop3_contract.cpp).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "channels/testing.h"

namespace answerable::channels {

// One command of the client, and what a good server answers.
struct Pop3Ask {
  int connection = 0;  // 0: the first one
  int number = 0;      // of the command in its connection; 0: the greeting
  std::string verb, words;
  std::string answer;  // empty: the connection is cut
};

class Pop3Peer {
 public:
  struct Mail {
    std::string uid, text;
  };
  // Runs under `mutex`.
  std::function<void(Pop3Ask&)> twist = [](Pop3Ask&) {};
  std::string capabilities = "TOP\r\nUIDL\r\nUSER\r\n";
  std::vector<Mail> mails;
  std::optional<std::size_t> cut_after;  // bytes of the first connection
  bool cuts_hard = false;                // by a reset
  std::atomic<int> connections = 0;
  std::atomic<std::size_t> sent = 0;  // in the connection before the last
  std::vector<std::string> log;       // verbs and words of all commands
  std::mutex mutex;

  explicit Pop3Peer(int mail_count = 0, const std::string& name = "mail") {
    for (int i = 1; i <= mail_count; ++i) mails.push_back({name + "-" + std::to_string(i), mail(i, name)});
  }
  static std::string mail(int number, const std::string& name = "mail", std::size_t bytes = 0) {
    return "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: " + name + " " + std::to_string(number) +
           "\r\nMessage-ID: <" + name + "." + std::to_string(number) + "@example.com>\r\n\r\nHello.\r\n.dotted\r\n" +
           std::string(bytes, 'x') + "\r\n";
  }
  std::uint16_t port() const { return server_.port(); }
  std::string config(const std::string& further = "") const {
    return R"({"pop3":{"host":"127.0.0.1","port":)" + std::to_string(port()) + R"(,"security":"none","user":"zoe")" +
           further + "}}";
  }
  int count_of(const std::string& verb) {
    std::lock_guard lock(mutex);
    return static_cast<int>(std::ranges::count_if(log, [&](const auto& line) { return line.starts_with(verb); }));
  }
  std::size_t size() {
    std::lock_guard lock(mutex);
    return mails.size();
  }

 private:
  std::string content(const std::string& text) const;
  std::string usual_answer(const Pop3Ask& ask) const;
  // What it has not refused, it does.
  void act(const Pop3Ask& ask);
  bool say(TestSocket& peer, const std::string& bytes);
  void talk(TestSocket& peer);

  std::vector<std::size_t> marked_;  // by DELE of the connection, from 0
  ScriptedServer server_{[this](TestSocket& peer) { talk(peer); }};
};

}  // namespace answerable::channels
