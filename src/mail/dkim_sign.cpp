#include "mail/dkim_sign.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/encoding.h"
#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/raw_fields.h"

namespace answerable::mail {

namespace {

constexpr std::array<std::string_view, 13> signed_fields{"from",
                                                         "to",
                                                         "cc",
                                                         "subject",
                                                         "date",
                                                         "message-id",
                                                         "in-reply-to",
                                                         "references",
                                                         "mime-version",
                                                         "content-type",
                                                         "content-transfer-encoding",
                                                         "reply-to",
                                                         "auto-submitted"};
constexpr std::size_t base64_line = 72;

// Labels of small letters, digits and inner hyphens (and underscores, which some zones have), dots between them.
bool is_name(std::string_view text, std::size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max) return false;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_'; };
  if (!std::ranges::all_of(text, fits)) return false;
  while (true) {
    const auto label = text.substr(0, text.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
}

// Runs of blanks are one, and none at the end (section 3.4.4).
void append_relaxed(std::string& out, std::string_view line) {
  const auto begin = out.size();
  for (char c : line) {
    if (!is_blank(c))
      out += c;
    else if (out.size() == begin || out.back() != ' ')
      out += ' ';
  }
  if (out.size() > begin && out.back() == ' ') out.pop_back();
}

// Without empty lines at the end.
std::string relaxed_body(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  while (!body.empty()) {
    const auto end = std::min(body.find("\r\n"), body.size());
    append_relaxed(out, body.substr(0, end));
    out += "\r\n";
    body.remove_prefix(std::min(end + 2, body.size()));
  }
  while (out.ends_with("\r\n\r\n")) out.resize(out.size() - 2);
  return out == "\r\n" ? std::string() : out;
}

// Section 3.4.2. Without a line end.
std::string relaxed_field(std::string_view raw) {
  const auto colon = raw.find(':');
  auto out = to_lower(trim(raw.substr(0, colon))) + ":";
  std::string value;
  for (char c : raw.substr(colon + 1))
    if (c != '\r' && c != '\n') value += c;
  append_relaxed(out, trim(value));
  return out;
}

struct SignedHeader {
  std::string names;  // h=
  std::string text;   // what is signed of it
};

SignedHeader choose_fields(const RawMessage& message) {
  SignedHeader header{"from", ""};
  for (const auto name : signed_fields) {
    for (const auto& field : message.fields) {
      if (!same_letters(field.name, name)) continue;
      header.names += ":" + std::string(name);
      header.text += relaxed_field(field.raw) + "\r\n";
    }
  }
  return header;
}

std::string in_lines(std::string_view base64) {
  std::string out;
  for (; !base64.empty(); base64.remove_prefix(std::min(base64_line, base64.size())))
    out.append("\r\n ").append(base64.substr(0, base64_line));
  return out;
}

}  // namespace

bool is_dkim_selector(std::string_view text) { return is_name(text, max_dkim_selector_bytes); }

Result<DkimSigner> DkimSigner::make(std::string_view domain, std::string_view selector, DkimKey key) {
  if (!is_dkim_selector(selector))
    return fail(ErrorKind::invalid, "dkim_selector",
                "A selector has small letters, digits, dots and hyphens, 63 at most.");
  constexpr std::size_t between = std::string_view("._domainkey.").size();
  if (!is_name(domain, max_dns_name_bytes - between - selector.size()))
    return fail(ErrorKind::invalid, "dkim_domain", "Mail can be signed for a domain such as example.com only.");
  return DkimSigner(std::string(domain), std::string(selector), std::move(key));
}

std::string dkim_signature(std::string_view raw, const DkimSigner& by, Time at) {
  const auto message = split_raw(raw);
  auto header = choose_fields(message);
  const auto body_hash = sha256(relaxed_body(message.body));
  const auto field = "DKIM-Signature: v=1; a=" + std::string(to_string(by.key().algorithm())) +
                     "-sha256; c=relaxed/relaxed;\r\n d=" + by.domain() + ";\r\n s=" + by.selector() +
                     "; t=" + std::to_string(at.ms / 1'000) + ";\r\n h=" + header.names +
                     ";\r\n bh=" + to_base64(as_bytes(body_hash)) + ";\r\n b=";
  header.text += relaxed_field(field);
  return field + in_lines(to_base64(by.key().sign(header.text))) + "\r\n";
}

}  // namespace answerable::mail
