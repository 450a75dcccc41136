// The mail of the measurements: plain text, or multipart/alternative of 3.7 KB; five of one person make a conversation,
// the later four refer to the first.
#pragma once

#include <fmt/chrono.h>

#include <chrono>
#include <string>

namespace answerable::bench {

inline constexpr int messages_each = 5;  // of a conversation
inline constexpr int people = 20'000;
// Proves the senders, or none of them would join a conversation; the server is told to believe it.
inline constexpr const char* authserv_id = "mail.example.org";

struct Letters {
  std::string recipient;
  bool is_plain = false;

  // The `number`-th of a conversation, from 0.
  std::string make(int conversation, int number) const;
};

inline std::string Letters::make(int conversation, int number) const {
  auto id = [&](int n) { return fmt::format("{}.{}@example.com", conversation, n); };
  std::string text;
  for (int line = 0; line < 14; ++line)
    text += fmt::format("Line {} of a letter about order {}, the lantern and number {}.\r\n", line, conversation,
                        (conversation * 31 + number * 7 + line) % 5'000);
  std::string html;
  for (int line = 0; line < 22; ++line)
    html += fmt::format(
        "<p style=\"margin:0\">Line {} of a <b>letter</b> about <a href=\"https://example.com/\">"
        "lanterns</a></p>\r\n",
        line);
  auto refers = number == 0 ? std::string() : fmt::format("In-Reply-To: <{0}>\r\nReferences: <{0}>\r\n", id(0));
  if (is_plain) text = text + text + text + text;
  auto body = is_plain ? "\r\n" + text
                       : "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
                         "Content-Type: text/plain; charset=utf-8\r\n\r\n" +
                             text + "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "--b--\r\n";
  return fmt::format(
      "Authentication-Results: {7}; dmarc=pass header.from=example.com\r\nReceived: from mx.example.com "
      "(mx.example.com [192.0.2.1]) by mail.example.org; Tue, 24 Nov 2026 02:00:00 "
      "+0000\r\nFrom: Person {0} <person{0}@example.com>\r\nTo: {1}\r\nSubject: A question about order {2}\r\n"
      "Date: {6:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{3}>\r\n{4}{5}",
      conversation % people, recipient, conversation, id(number), refers, body,
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()), authserv_id);
}

}  // namespace answerable::bench
