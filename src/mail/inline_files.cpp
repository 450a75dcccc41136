#include "mail/inline_files.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/mac_files.h"
#include "mail/transfer_encoding.h"

namespace answerable::mail {

namespace {

constexpr std::string_view binhex_mark = "(This file must be converted with BinHex";

std::string_view line_at(std::string_view text, std::size_t at) {
  auto end = text.find('\n', at);
  return text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "begin 644 photo.jpg"; some programs leave out the name.
std::optional<std::string_view> uu_name(std::string_view line) {
  constexpr std::string_view begin = "begin ";
  if (!line.starts_with(begin)) return std::nullopt;
  auto rest = without_line_end(line.substr(begin.size()));
  auto digits = std::min(rest.find_first_not_of("01234567"), rest.size());
  if (digits < 3 || digits > 5 || (digits < rest.size() && rest[digits] != ' ')) return std::nullopt;
  return trim(rest.substr(digits));
}

// A line of uuencode says how many bytes it holds. Blanks at its end may be lost on the way; one that holds none may be
// filled up.
bool is_uu_line(std::string_view line) {
  if (line.empty() || line[0] < 32 || line[0] > 96) return false;
  auto length = (static_cast<unsigned>(line[0]) - 32U) & 63U;
  if (length == 0) return line.find_first_not_of("` ") == line.npos;
  auto expected = (length + 2) / 3 * 4 + 1;
  if (line.size() > expected + 2) return false;
  for (char c : line)
    if (c < 32 || c > 96) return false;
  return line.size() > 1;
}

struct Found {
  std::size_t end = 0;  // past its last line
  InlineFile file;
};

std::optional<Found> read_uu(std::string_view text, std::size_t start, std::string_view name) {
  auto lines = 0;
  for (auto at = start + line_at(text, start).size(); at < text.size();) {
    auto whole = line_at(text, at);
    auto line = without_line_end(whole);
    at += whole.size();
    if (trim(line) == "end" && lines > 0) {
      auto decoded = decode_transfer(text.substr(start, at - start), TransferEncoding::uuencode);
      return Found{at, {std::string(name), std::move(decoded.bytes), decoded.damaged}};
    }
    if (!line.empty() && !is_uu_line(line)) return std::nullopt;
    ++lines;
  }
  return std::nullopt;
}

std::string_view yenc_value(std::string_view line, std::string_view key) {
  auto at = line.find(key);
  return at == std::string_view::npos ? std::string_view{} : line.substr(at + key.size());
}

void decode_yenc_line(std::string_view line, std::string& out) {
  if (line.starts_with("..")) line.remove_prefix(1);  // the dot that NNTP and SMTP double
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto byte = static_cast<unsigned char>(line[i]);
    if (byte == '=' && i + 1 < line.size()) byte = static_cast<unsigned char>(line[++i] - 64);
    out += static_cast<char>(byte - 42);
  }
}

std::optional<Found> read_yenc(std::string_view text, std::size_t start) {
  auto first = line_at(text, start);
  auto head = without_line_end(first);
  if (head.find(" size=") == std::string_view::npos || head.find(" name=") == std::string_view::npos)
    return std::nullopt;
  Found found{.end = 0, .file = {.name = std::string(trim(yenc_value(head, " name=")))}};
  for (auto at = start + first.size(); at < text.size();) {
    auto whole = line_at(text, at);
    auto line = without_line_end(whole);
    at += whole.size();
    if (line.starts_with("=ypart ")) continue;
    if (!line.starts_with("=yend")) {
      decode_yenc_line(line, found.file.content);
      continue;
    }
    auto written = yenc_value(line, " size=");
    std::size_t size = 0;
    std::from_chars(written.data(), written.data() + written.size(), size);
    found.file.damaged = size != found.file.content.size();
    found.end = at;
    return found;
  }
  return std::nullopt;
}

std::optional<Found> read_binhex_lines(std::string_view text, std::size_t start) {
  auto begin = text.find("\n:", start);
  auto end = begin == std::string_view::npos ? begin : text.find(':', begin + 2);
  if (end == std::string_view::npos) return std::nullopt;
  auto file = read_binhex(text.substr(start, end + 1 - start), max_unpacked_bytes);
  if (!file) return std::nullopt;
  auto after = end + line_at(text, end).size();
  return Found{after, {.name = std::move(file->name), .content = std::move(file->content), .damaged = file->damaged}};
}

}  // namespace

bool may_hold_files(std::string_view text) {
  for (std::string_view mark : {"begin ", "=ybegin "})  // at the start of a line
    for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1))
      if (at == 0 || text[at - 1] == '\n') return true;
  return text.find(binhex_mark) != std::string_view::npos;
}

std::vector<InlineFile> take_inline_files(std::string_view text, std::string& rest) {
  std::vector<InlineFile> files;
  constexpr std::string_view binhex = "(This file must be converted with BinHex";
  if (text.find("begin ") == std::string::npos && text.find(binhex) == std::string::npos)
    return files;  // "=ybegin " too
  std::string kept;
  std::size_t failed = 0;  // begun and never ended: each costs a walk through the rest
  for (std::size_t at = 0; at < text.size();) {
    auto line = line_at(text, at);
    std::optional<Found> found;
    if (files.size() < max_attachments && failed < max_unfinished_inline_files) {
      auto name = uu_name(line);
      if (name) found = read_uu(text, at, *name);
      auto is_yenc = line.starts_with("=ybegin ");
      if (is_yenc) found = read_yenc(text, at);
      auto is_binhex = line.starts_with(binhex_mark);
      if (is_binhex) found = read_binhex_lines(text, at);
      failed += (name || is_yenc || is_binhex) && !found ? 1 : 0;
    }
    if (!found) kept += line;
    at = found ? found->end : at + line.size();
    if (found) files.push_back(std::move(found->file));
  }
  if (!files.empty()) rest = std::move(kept);
  return files;
}

}  // namespace answerable::mail
