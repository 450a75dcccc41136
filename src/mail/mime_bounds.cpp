#include "mail/mime_bounds.h"

#include <algorithm>
#include <unordered_set>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/mime_parameters.h"

namespace answerable::mail {

namespace {

std::size_t line_end(std::string_view text, std::size_t at) {
  auto end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// Goes from header to header: that of the message, then those after a boundary.
class BoundsReader {
 public:
  BoundsReader(std::string_view text, MimeBounds& out) : text_(text), out_(out) {}

  void read() {
    auto at = take_header(0);
    while (at < text_.size() && !ended_) {
      at = next_delimiter(at);
      if (at < text_.size() && ++delimiters_ > max_delimiters) return cut_off(at);
      if (at < text_.size()) at = take_header(line_end(text_, at));
    }
    finish();
  }

 private:
  // Past the header that begins at `at`.
  std::size_t take_header(std::size_t at) {
    auto end = end_of_header(at);
    auto block = text_.substr(at, end - at);
    auto most = at == 0 ? max_header_bytes : max_part_header_bytes;
    if (block.size() > most) shorten(at, block, most);
    if (at > 0) header_bytes_ += std::min(block.size(), most);
    if (header_bytes_ > max_part_headers_bytes) {
      cut_off(at);
      return text_.size();
    }
    auto boundary = MimeParameters(content_type(block.substr(0, most))).find("boundary");
    if (boundary.empty()) return end;
    auto first_part = block.find("\n--" + boundary);
    boundaries_.insert(std::move(boundary));
    if (first_part == std::string_view::npos || at + first_part < copied_) return end;
    end_header(at + first_part + 1);
    return at + first_part + 1;
  }

  // The empty line between a header and its first part was forgotten.
  void end_header(std::size_t at) {
    out_.owned += text_.substr(copied_, at - copied_);
    out_.owned += "\n";
    copied_ = at;
    note("broken_header");
  }

  std::size_t end_of_header(std::size_t at) const {
    while (at < text_.size()) {
      auto next = line_end(text_, at);
      if (trim(text_.substr(at, std::min<std::size_t>(next - at, 3))).empty()) return next;
      at = next;
    }
    return at;
  }

  // The value of Content-Type, folded as it is.
  static std::string_view content_type(std::string_view block) {
    constexpr std::string_view name = "content-type:";
    for (std::size_t at = 0; at < block.size(); at = line_end(block, at)) {
      if (!starts_with_letters(block.substr(at), name)) continue;
      auto end = line_end(block, at);
      while (end < block.size() && is_blank(block[end])) end = line_end(block, end);
      return block.substr(at + name.size(), end - at - name.size());
    }
    return {};
  }

  // Where a line that divides parts begins.
  std::size_t next_delimiter(std::size_t at) const {
    for (at = at == 0 ? 0 : at - 1; at < text_.size(); ++at) {
      at = text_.find("\n--", at);
      if (at == std::string_view::npos) break;
      auto line = text_.substr(at + 3, std::min<std::size_t>(line_end(text_, at + 1) - at - 3, 256));
      if (boundaries_.contains(std::string(trim(line)))) return at + 1;
    }
    return text_.size();
  }

  void shorten(std::size_t at, std::string_view block, std::size_t most) {
    std::size_t kept = 0;
    for (std::size_t next = 0; next < block.size(); next = line_end(block, next))
      if (next <= most && !is_blank(block[next])) kept = next;
    out_.owned += text_.substr(copied_, at + kept - copied_);
    copied_ = at + block.size();
    out_.owned += "\n";
    note("header_too_large");
  }

  void cut_off(std::size_t at) {
    ended_ = true;
    text_ = text_.substr(0, std::max(at, copied_));
    note("too_many_parts");
    finish();
  }

  void finish() {
    if (out_.owned.empty()) {
      out_.text = text_;
      return;
    }
    out_.owned += text_.substr(std::min(copied_, text_.size()));
    out_.text = out_.owned;
    copied_ = text_.size();
  }

  void note(std::string_view defect) {
    if (std::ranges::find(out_.defects, defect) == out_.defects.end()) out_.defects.emplace_back(defect);
  }

  std::string_view text_;
  MimeBounds& out_;
  std::unordered_set<std::string> boundaries_;
  std::size_t delimiters_ = 0, header_bytes_ = 0, copied_ = 0;
  bool ended_ = false;
};

}  // namespace

void bound_mime(std::string_view text, MimeBounds& out) { BoundsReader(text, out).read(); }

}  // namespace answerable::mail
