#include "mail/format_flowed.h"

#include <algorithm>

namespace answerable::mail {

std::string unflow(std::string_view text, bool delete_space) {
  std::string out;
  out.reserve(text.size());
  std::size_t open_depth = 0;
  bool open = false;  // the last line flows into the next one of the same depth
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    auto ended = end != std::string_view::npos;
    text.remove_prefix(ended ? end + 1 : text.size());
    auto depth = std::min(line.find_first_not_of('>'), line.size());
    line.remove_prefix(depth);
    if (line.starts_with(' ')) line.remove_prefix(1);  // stuffed
    auto signature = line == "-- " || line == "--";
    if (open && (depth != open_depth || signature)) {
      out += '\n';
      open = false;
    }
    if (!open && depth > 0) {
      out.append(depth, '>');
      out += ' ';
    }
    open = line.ends_with(' ') && !signature;
    open_depth = depth;
    if (open && delete_space) line.remove_suffix(1);
    out += line;
    if (!open && ended) out += '\n';
  }
  if (open) out += '\n';
  return out;
}

namespace {

constexpr std::string_view signature_mark = "-- ";

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Writes one line of the text as one or more of the mail.
class LineBreaker {
 public:
  LineBreaker(std::string& out, std::size_t depth) : out_(out), depth_(depth) {}

  void write(std::string_view line) {
    while (columns(line) + depth_ > flowed_columns) {
      const auto end = break_at(line);
      if (end == std::string_view::npos) break;
      write_piece(line.substr(0, end));
      line.remove_prefix(end);
    }
    write_piece(line);
  }

 private:
  // After the last run of blanks that fits, or else the first at all. Where the pieces would mean something of their
  // own there is no break.
  std::size_t break_at(std::string_view line) const {
    auto best = std::string_view::npos;
    for (std::size_t at = 1; at < line.size(); ++at) {
      const bool may_break = line[at - 1] == ' ' && line[at] != ' ' && line.substr(0, at) != signature_mark;
      if (!may_break || line.find_first_not_of(' ') >= at) continue;
      if (best != std::string_view::npos && columns(line.substr(0, at)) + depth_ > flowed_columns) return best;
      if (line.substr(at) != "--") best = at;
    }
    return best;
  }

  // Stuffed with a blank when it could be taken for a quote, for stuffing, or for the line of a mailbox file.
  void write_piece(std::string_view piece) {
    out_.append(depth_, '>');
    const bool is_quoted_text = depth_ > 0 && !piece.empty();
    if (is_quoted_text || piece.starts_with(' ') || piece.starts_with('>') || piece.starts_with("From ")) out_ += ' ';
    out_ += piece;
    out_ += '\n';
  }

  std::string& out_;
  const std::size_t depth_;
};

// "> > text": 2, and "text" is left.
std::size_t take_quote_marks(std::string_view& line) {
  std::size_t depth = 0;
  while (line.starts_with('>')) {
    line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    ++depth;
  }
  return depth;
}

}  // namespace

std::string flow(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto depth = take_quote_marks(line);
    while (line.ends_with(' ') && line != signature_mark) line.remove_suffix(1);
    LineBreaker(out, depth).write(line);
  }
  return out;
}

}  // namespace answerable::mail
