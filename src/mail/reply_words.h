// The words by which mail programs introduce quoted mail, forwarded mail and signatures: one row a language, data only.
#pragma once

#include <span>
#include <string_view>

namespace answerable::mail {

// Phrases are in lower case as fold_line() gives it, with ' for every apostrophe, and stand between bars.
struct ReplyWords {
  std::string_view language;
  std::string_view from, sent, to, cc, subject;  // labels of a header block, without the colon
  std::string_view wrote;                        // the verb of "On …, Anna wrote:"
  std::string_view begin;         // how such a line begins: "on ", or a name of the day where the date comes first
  std::string_view original;      // between the hyphens of "-----Original Message-----"
  std::string_view forwarded;     // the same of "---------- Forwarded message ---------", and "begin forwarded message"
  std::string_view footer;        // how "Sent from my iPhone" begins; the line must name a device or a program too
  std::string_view short_footer;  // the same, where a few words of any kind are enough
};

std::span<const ReplyWords> reply_words();

extern const std::string_view device_words;     // a footer names one of them
extern const std::string_view notice_words;     // what a notice below a mail begins with: disclaimers, lists
extern const std::string_view notice_parts;     // what only a notice says, anywhere in it
extern const std::string_view notice_headings;  // a line of its own above such a notice
extern const std::string_view banner_words;     // what a mail gateway writes above a mail

}  // namespace answerable::mail
