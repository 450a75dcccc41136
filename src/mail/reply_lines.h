// The lines of a mail while they are given to its parts (reply_text.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mail/html_text.h"

namespace answerable::mail {

enum class Part : std::uint8_t { visible, quoted, signature };

struct ReplyLine {
  std::string_view text;     // as written, for the result
  std::string_view content;  // trimmed
  unsigned depth = 0;        // of a quote that HTML marked; 0 in plain text
  bool is_quote = false;
  bool is_set_off = false;  // in a blockquote that may be a quote
  bool introduced = false;  // a quoted line below an introduction: it is the mail answered
  LineMark mark = LineMark::none;
  Part part = Part::visible;

  bool is_blank() const { return content.empty(); }
  bool is_free() const { return part == Part::visible && !is_quote && !is_blank(); }
};

using ReplyLines = std::vector<ReplyLine>;

ReplyLines reply_lines(std::string_view text);
ReplyLines reply_lines(const std::vector<TextLine>& lines);

// The head of an older mail that was a table, its labels alone in their lines, as Notes writes it: a sender, the date,
// "To", its value, "Subject", its value. [begin, end) of the first one, empty when there is none.
struct TableHead {
  std::size_t begin = 0, end = 0;
};
TableHead find_table_head(const ReplyLines& lines);

// Gives what is older than the mail to Part::quoted: introductions, header blocks, and all that follows one whose text
// is not marked as a quote. Marked quotes stay, those below an introduction `introduced`.
void claim_older_mail(ReplyLines& lines);

// Makes quotes of the lines that a program broke off quoted ones, in a mail that has text of its own above. Below an
// older mail was claimed.
void mark_broken_quotes(ReplyLines& lines);

// Gives signatures, footers, notices and banners to Part::signature.
void claim_signatures(ReplyLines& lines);

}  // namespace answerable::mail
