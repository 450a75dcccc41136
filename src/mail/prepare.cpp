#include "mail/prepare.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

struct HeaderBlock {
  std::size_t end = 0;   // of the block, after its empty line; the size of the message when there is none
  std::size_t kept = 0;  // end of the last field within the limits
};

HeaderBlock find_header(std::string_view text) {
  HeaderBlock block{.end = text.size(), .kept = text.size()};
  std::size_t fields = 0;
  bool cut = false;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find('\n', at);
    auto next = end == std::string_view::npos ? text.size() : end + 1;
    auto line = text.substr(at, next - at);
    if (line == "\n" || line == "\r\n") {
      block.end = next;
      if (!cut) block.kept = next;
      return block;
    }
    if (!is_blank(line[0])) ++fields;
    if (!cut && (fields > max_headers || next > max_header_bytes)) {
      cut = true;
      block.kept = at;
    }
    at = next;
  }
  return block;
}

bool looks_like_field(std::string_view text) {  // "Subject : x" is one too, of old
  auto end = text.find_first_of(": \t\r\n");
  auto colon = text.find_first_not_of(" \t", end);
  return end != std::string_view::npos && end > 0 && colon != std::string_view::npos && text[colon] == ':';
}

bool is_known_field(std::string_view line) {
  for (std::string_view name : {"from:", "to:", "subject:", "date:", "message-id:", "content-type:", "mime-version:"})
    if (starts_with_letters(line, name)) return true;
  return false;
}

std::string_view take_line(std::string_view& text) {
  auto end = text.find('\n');
  auto line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

// Where the last field that every mail has begins, among the first `size` bytes; 0 when there is none.
std::size_t last_known_field(std::string_view head) {
  std::size_t last = 0;
  for (auto rest = head; !rest.empty();) {
    auto at = head.size() - rest.size();
    if (is_known_field(take_line(rest))) last = at + 1;
  }
  return last;
}

// Where a part begins ("--boundary", then "Content-") among lines that were taken for the header: the empty line before
// the body was forgotten, and the fields of the part are not the message's.
std::size_t first_part(std::string_view head) {
  for (auto at = head.find("\n--"); at != std::string_view::npos; at = head.find("\n--", at + 1)) {
    auto next = head.find('\n', at + 1);
    if (next != std::string_view::npos && starts_with_letters(head.substr(next + 1), "content-")) return at + 1;
  }
  return head.size();
}

// "X-Shop / Order: 17": a program made a name of it that no field may have, but it begins no letter.
bool is_odd_extension(std::string_view line) {
  return starts_with_letters(line, "x-") && line.find(": ") != std::string_view::npos;
}

bool fits_header(std::string_view line) {
  return is_blank(line[0]) || looks_like_field(line) || trim(line).empty() || is_odd_extension(line);
}

bool is_well_formed(std::string_view head) {
  while (!head.empty())
    if (!fits_header(take_line(head))) return false;
  return true;
}

// A line that is no field among fields is what a gateway broke off or put on top: it is folded into the field before
// it. The same line after the last field is the body, before which the empty line was forgotten.
bool repair_header(std::string_view head, std::string& out) {
  if (is_well_formed(head)) return false;
  auto last = last_known_field(head.substr(0, first_part(head)));
  for (auto rest = head; !rest.empty();) {
    auto at = head.size() - rest.size();
    auto line = take_line(rest);
    auto fits = fits_header(line);
    if (!fits && at >= last) {
      if (at == 0) return false;
      out += "\n";
      out += head.substr(at);
      return true;
    }
    if (!fits && at == 0) continue;  // "---- Original message ----"
    if (!fits) out += ' ';
    out += line;
  }
  return true;
}

// The fields of a header one by one, each with its folded lines.
std::string_view take_field(std::string_view& head) {
  auto start = head;
  take_line(head);
  while (!head.empty() && is_blank(head[0])) take_line(head);
  return start.substr(0, start.size() - head.size());
}

// Several Content-Type fields: a multipart one describes what is there, or else the first. Only that one stays.
bool keep_one_type(std::string_view head, std::string& out) {
  constexpr std::string_view name = "content-type:";
  std::size_t count = 0, kept = 0;
  auto is_multipart = [&](std::string_view field) {
    return starts_with_letters(trim(field.substr(name.size())), "multipart/") && has_letters(field, "boundary");
  };
  for (auto rest = head; !rest.empty();) {
    auto field = take_field(rest);
    if (!starts_with_letters(field, name)) continue;
    if (kept == 0 && is_multipart(field)) kept = count + 1;
    ++count;
  }
  if (count < 2) return false;
  kept = kept == 0 ? 1 : kept;
  count = 0;
  for (auto rest = head; !rest.empty();) {
    auto field = take_field(rest);
    if (!starts_with_letters(field, name) || ++count == kept) out += field;
  }
  return true;
}

// Mail saved from the page of a web mail begins with a line of blanks; it would end the header before its first field.
std::string_view without_blank_lines(std::string_view raw) {
  auto start = raw.find_first_not_of(" \t\r\n");
  if (start == 0 || start == std::string_view::npos) return raw;
  if (raw.substr(0, start).find('\n') == std::string_view::npos && is_known_field(raw.substr(start)))
    return raw.substr(start);  // " From: a@b": nothing is before it that it could be folded into
  auto line = raw.find_last_of('\n', start);
  auto whole = line != std::string_view::npos && line + 1 == start;  // a field, not the rest of a folded one
  return whole && looks_like_field(raw.substr(start)) ? raw.substr(start) : raw;
}

std::string_view without_mbox_line(std::string_view raw) {
  raw = without_blank_lines(raw);
  while (!raw.empty() && (raw.front() == '\n' || raw.front() == '\r')) raw.remove_prefix(1);
  if ((raw.starts_with("From ") || raw.starts_with(">From ")) && !looks_like_field(raw)) {
    auto end = raw.find('\n');
    if (end != std::string_view::npos && looks_like_field(raw.substr(end + 1))) raw.remove_prefix(end + 1);
  }
  return raw;
}

void repair_fields(Prepared& out) {
  auto block = find_header(out.text);
  auto cut = block.kept < block.end;
  auto head = out.text.substr(0, block.kept);
  auto has_nul = out.text.substr(0, block.end).find('\0') != std::string_view::npos;
  std::string repaired, single;
  auto is_broken = repair_header(head, repaired);
  auto has_many_types = keep_one_type(is_broken ? repaired : head, single);
  if (!cut && !has_nul && !is_broken && !has_many_types) return;
  auto fixed = has_many_types ? std::move(single) : is_broken ? std::move(repaired) : std::string(head);
  if (is_broken) out.defects.emplace_back("broken_header");
  if (has_many_types) out.defects.emplace_back("several_content_types");
  if (has_nul) {
    std::erase(fixed, '\0');
    out.defects.emplace_back("nul_in_header");
  }
  if (cut) {
    fixed += "\n";
    out.defects.emplace_back("header_too_large");
  }
  fixed += out.text.substr(block.end);
  out.owned = std::move(fixed);
  out.text = out.owned;
}

}  // namespace

void prepare(std::string_view raw, Prepared& out) {
  out.text = without_mbox_line(raw);
  if (out.text.starts_with("\xEF\xBB\xBF")) out.text.remove_prefix(3);
  if (out.text.find('\n') == std::string_view::npos && out.text.find('\r') != std::string_view::npos) {
    out.defects.emplace_back("bare_cr");
    out.owned = out.text;
    std::ranges::replace(out.owned, '\r', '\n');
    out.text = out.owned;
  }
  repair_fields(out);
}

}  // namespace answerable::mail
