// An IMAP server of our own for tests, with a few mails, that can be told to lie, to refuse, and to break the
// connection at any byte. What a good server does is tested with Dovecot (tests/contract/imap_contract.cpp).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "channels/testing.h"

namespace answerable::channels {

// One command of the client, and what a good server answers. `before` and `done` make the whole answer.
struct ImapAsk {
  int connection = 0;  // 0: the first one
  int number = 0;      // of the command in its connection; 0: the greeting
  std::string tag, verb, words;
  std::string before;  // untagged answers
  std::string done;    // the tagged one, with its line end
};

class ImapPeer {
 public:
  // Runs under `mutex`. An empty answer (both) cuts the connection.
  std::function<void(ImapAsk&)> twist = [](ImapAsk&) {};
  std::string capabilities = "IMAP4rev1 IDLE UIDPLUS MOVE";
  std::map<std::uint32_t, std::string> mails;
  std::uint32_t validity = 7, uid_next = 0;  // 0: one more than the last
  std::uint64_t modseq = 1;                  // HIGHESTMODSEQ, told when it is asked for
  std::optional<std::size_t> cut_after;      // bytes of the first connection
  bool cuts_hard = false;                    // by a reset
  std::atomic<int> connections = 0;
  std::atomic<std::size_t> sent = 0;  // in the connection before the last
  std::vector<std::string> log;       // verbs and words of all commands
  std::mutex mutex;

  explicit ImapPeer(int mail_count = 0, const std::string& name = "mail") {
    for (int i = 1; i <= mail_count; ++i) mails[static_cast<std::uint32_t>(i)] = mail(i, name);
  }
  static std::string mail(int number, const std::string& name = "mail", std::size_t bytes = 0) {
    return "From: zoe@example.com\r\nTo: help@example.org\r\nSubject: " + name + " " + std::to_string(number) +
           "\r\nMessage-ID: <" + name + "." + std::to_string(number) + "@example.com>\r\n\r\nHello.\r\n" +
           std::string(bytes, 'x') + "\r\n";
  }
  static std::string literal(const std::string& text) { return "{" + std::to_string(text.size()) + "}\r\n" + text; }
  std::uint16_t port() const { return server_.port(); }
  std::string config() const {
    return R"({"imap":{"host":"127.0.0.1","port":)" + std::to_string(port()) + R"(,"security":"none","user":"zoe"}})";
  }
  int count_of(const std::string& verb) {
    std::lock_guard lock(mutex);
    return static_cast<int>(std::ranges::count_if(log, [&](const auto& line) { return line.starts_with(verb); }));
  }

 private:
  bool is_in(std::uint32_t uid, const std::string& set) const;
  std::string sequence_of(std::uint32_t uid) const;
  std::string next_uid() const;
  std::string fetch(const std::string& set, const std::string& what) const;
  std::string search(const std::string& set) const;
  void expunge(const std::string& set, std::string& answer);
  void answer_usually(ImapAsk& ask);
  static ImapAsk parse(const std::string& line);
  bool say(TestSocket& peer, const std::string& bytes);
  void talk(TestSocket& peer);

  ScriptedServer server_{[this](TestSocket& peer) { talk(peer); }};
};

}  // namespace answerable::channels
