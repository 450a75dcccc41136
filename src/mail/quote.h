// The mail that we answer, as it stands below the answer: a line that says whose words follow, in the language of those
// words, and the words behind "> ". reply_text.h folds exactly this when it comes back. Pure, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace answerable::mail {

struct QuotedMail {
  std::string name;     // of its author; may be empty
  std::string address;  // without <>
  Time sent_at;
  std::string text;      // what the author wrote then: UTF-8, lines end in \n
  std::string language;  // ISO 639-1; empty or one that has no row: English
};

// Ends in \n; empty where nothing was written. At most max_quoted_bytes of the text, cut at a line with "[…]" below.
std::string quote_mail(const QuotedMail& mail);

// All that attribution lines are written in.
std::span<const std::string_view> quote_languages();

}  // namespace answerable::mail
