// What a POP3 server (RFC 1939) says, as bytes come: one answer to one command, and the two listings. Bounds each
// before anything of it is kept. Pure; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/email/dot_reader.h"

namespace answerable::channels {

inline constexpr std::size_t pop3_line_bytes_max = 2'000;  // of a status line; RFC 2449 section 4 says 512
inline constexpr std::size_t pop3_uid_bytes_max = 200;     // longer ones are known by their hash; RFC 1939 says 70
inline constexpr std::size_t pop3_listing_bytes_max = 32UL << 20;  // of UIDL or LIST: some 700,000 mails

// "+OK …" or "-ERR …", and for some commands lines after +OK up to a line with one dot.
class Pop3Answer {
 public:
  // What is beyond content_bytes_max is counted and not kept.
  Pop3Answer(bool has_content, std::size_t content_bytes_max)
      : has_content_(has_content), content_(content_bytes_max) {}

  // How many bytes belong to this answer: all, unless it is complete or no answer at all.
  std::size_t feed(std::string_view bytes);
  bool is_complete() const { return state_ == State::complete; }
  bool is_broken() const { return state_ == State::broken; }  // of no use any more
  bool is_good() const { return is_good_; }
  const std::string& line() const { return line_; }  // without its end
  // What has come of the content since it was last taken.
  std::string take_content() { return content_.take_content(); }
  bool is_too_large() const { return content_.is_too_large(); }

 private:
  enum class State : std::uint8_t { line, content, complete, broken };
  void end_line();

  const bool has_content_;
  DotReader content_;
  std::string line_;
  bool is_good_ = false;
  State state_ = State::line;
};

// "[IN-USE] …" after -ERR: the server says that the cause lies not in the name or password (RFC 2449, RFC 3206).
bool is_passing_refusal(std::string_view line);

struct Pop3Mail {
  std::uint32_t number = 0;  // in this session only
  // Names the mail among all sessions: its UID. Of several with one UID, which RFC 1939 allows for equal mails, the
  // second is "UID 2": no UID has a blank in it.
  std::string key;
  std::size_t bytes = 0;  // as the server counts; 0: it does not say
  bool is_unique = true;  // no other mail has its UID
};

// Of the answers to UIDL and LIST, ascending by number. Errors: unavailable "pop3_listing" when they contradict each
// other or name no mail, "pop3_uid_missing" when a mail has no UID.
Result<std::vector<Pop3Mail>> read_pop3_listing(std::string_view uidl, std::string_view list);

}  // namespace answerable::channels
