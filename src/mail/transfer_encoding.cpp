#include "mail/transfer_encoding.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "mail/ascii.h"

namespace answerable::mail {

namespace {

constexpr std::uint8_t not_base64 = 0xFF;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_base64);
  std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}
constexpr auto base64_values = make_base64_values();

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  auto letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Four characters at a time while all are of the alphabet; the line ends take the slow way.
DecodedBytes decode_base64(std::string_view raw) {
  DecodedBytes out;
  out.bytes.resize(raw.size() / 4 * 3 + 3);
  auto* to = out.bytes.data();
  std::uint32_t bits = 0;
  unsigned held = 0;  // characters in `bits`
  for (std::size_t i = 0; i < raw.size();) {
    if (held == 0 && i + 4 <= raw.size()) {
      auto at = [&](std::size_t k) { return base64_values[static_cast<unsigned char>(raw[i + k])]; };
      std::uint32_t a = at(0), b = at(1), c = at(2), d = at(3);
      if (((a | b | c | d) & 0x80U) == 0) {
        auto word = a << 18U | b << 12U | c << 6U | d;
        *to++ = static_cast<char>(word >> 16U);
        *to++ = static_cast<char>(word >> 8U);
        *to++ = static_cast<char>(word);
        i += 4;
        continue;
      }
    }
    auto c = raw[i++];
    auto value = base64_values[static_cast<unsigned char>(c)];
    if (value == not_base64) {
      if (c != '=' && !is_space(c)) out.damaged = true;
      if (c != '=') continue;
      // Padding ends a unit; some mailers then begin another one (concatenated base64).
      if (held >= 2) *to++ = static_cast<char>(bits >> (held == 2 ? 4U : 10U));
      if (held == 3) *to++ = static_cast<char>(bits >> 2U);
      held = 0;
      bits = 0;
      continue;
    }
    bits = bits << 6U | value;
    if (++held < 4) continue;
    *to++ = static_cast<char>(bits >> 16U);
    *to++ = static_cast<char>(bits >> 8U);
    *to++ = static_cast<char>(bits);
    held = 0;
    bits = 0;
  }
  if (held != 0) out.damaged = true;
  if (held >= 2) *to++ = static_cast<char>(bits >> (held == 2 ? 4U : 10U));
  if (held == 3) *to++ = static_cast<char>(bits >> 2U);
  out.bytes.resize(static_cast<std::size_t>(to - out.bytes.data()));
  return out;
}

// Appends the decoding of the escape at `at` (a '='), returns the position after it.
std::size_t decode_escape(std::string_view raw, std::size_t at, DecodedBytes& out) {
  auto high = at + 1 < raw.size() ? hex_value(raw[at + 1]) : -1;
  auto low = at + 2 < raw.size() ? hex_value(raw[at + 2]) : -1;
  if (high >= 0 && low >= 0) {
    out.bytes += static_cast<char>(high * 16 + low);
    return at + 3;
  }
  auto end = at + 1;  // a soft line break, perhaps with blanks before the line end
  while (end < raw.size() && is_blank(raw[end])) ++end;
  if (end == raw.size()) return end;
  if (raw[end] == '\r' && end + 1 < raw.size() && raw[end + 1] == '\n') return end + 2;
  if (raw[end] == '\n' || raw[end] == '\r') return end + 1;
  out.damaged = true;
  out.bytes += '=';
  return at + 1;
}

DecodedBytes decode_quoted_printable(std::string_view raw) {
  DecodedBytes out;
  out.bytes.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    auto next = raw.find('=', i);
    if (next == std::string_view::npos) next = raw.size();
    out.bytes += raw.substr(i, next - i);
    i = next < raw.size() ? decode_escape(raw, next, out) : next;
  }
  return out;
}

void decode_uu_line(std::string_view line, DecodedBytes& out) {
  auto value = [&](std::size_t i) {
    return i < line.size() ? (static_cast<unsigned>(static_cast<unsigned char>(line[i])) - 32U) & 63U : 0U;
  };
  auto length = value(0);
  if ((length + 2) / 3 * 4 + 1 > line.size() + 3) out.damaged = true;
  auto target = out.bytes.size() + length;
  for (std::size_t i = 1; out.bytes.size() < target && i < line.size(); i += 4) {
    auto word = value(i) << 18U | value(i + 1) << 12U | value(i + 2) << 6U | value(i + 3);
    for (unsigned shift : {16U, 8U, 0U})
      if (out.bytes.size() < target) out.bytes += static_cast<char>(word >> shift);
  }
}

DecodedBytes decode_uuencode(std::string_view raw) {
  DecodedBytes out;
  bool begun = false;
  while (!raw.empty()) {
    auto end = raw.find('\n');
    auto line = raw.substr(0, end);
    raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!begun) {
      begun = line.starts_with("begin ");
      continue;
    }
    if (line == "end") return out;
    if (!line.empty()) decode_uu_line(line, out);
  }
  out.damaged = true;
  return out;
}

}  // namespace

TransferEncoding transfer_encoding_of(std::string_view label) {
  if (trim(label).starts_with('('))  // (a comment) base64
    label.remove_prefix(std::min(label.find(')'), label.size() - 1) + 1);
  auto name = trim(label.substr(0, label.find_first_of(";(")));
  if (name.starts_with('"') && name.ends_with('"'))
    name = name.substr(1, name.size() - std::min<std::size_t>(name.size(), 2));
  if (same_letters(name, "base64")) return TransferEncoding::base64;
  if (same_letters(name, "quoted-printable") || same_letters(name, "quotedprintable"))
    return TransferEncoding::quoted_printable;
  for (auto uu : {"x-uuencode", "uuencode", "x-uue", "x-uu"})
    if (same_letters(name, uu)) return TransferEncoding::uuencode;
  return TransferEncoding::identity;
}

DecodedBytes decode_transfer(std::string_view raw, TransferEncoding encoding) {
  switch (encoding) {
    case TransferEncoding::base64: return decode_base64(raw);
    case TransferEncoding::quoted_printable: return decode_quoted_printable(raw);
    case TransferEncoding::uuencode: return decode_uuencode(raw);
    case TransferEncoding::identity: break;
  }
  return {std::string(raw), false};
}

std::string decode_quoted_word(std::string_view text) {
  auto bytes = std::string(text);
  for (auto& c : bytes)
    if (c == '_') c = ' ';
  return decode_quoted_printable(bytes).bytes;
}

std::string encode_quoted_printable(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::size_t max_line = 75;  // leaves one place for the soft break
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto c = bytes[i];
    if (c == '\n' || (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n')) {
      if (c == '\r') ++i;
      out += "\r\n";
      column = 0;
      continue;
    }
    auto at_line_end = i + 1 == bytes.size() || bytes[i + 1] == '\n' || bytes[i + 1] == '\r';
    // A lone dot or "From " at the start of a line is changed by some servers on the way.
    auto fragile = column == 0 && (c == '.' || bytes.substr(i).starts_with("From "));
    auto literal = c != '=' && c > 32 && c < 127 && !fragile;
    if (is_blank(c)) literal = !at_line_end;
    if (column + (literal ? 1 : 3) > max_line) {
      out += "=\r\n";
      column = 0;
      if (c == '.') literal = false;
    }
    if (literal) {
      out += c;
      ++column;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '=';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
    column += 3;
  }
  return out;
}

std::string encode_base64_lines(std::string_view bytes) {
  constexpr std::size_t line_bytes = 57;  // 76 characters
  std::string out;
  out.reserve(bytes.size() / 3 * 4 + bytes.size() / line_bytes * 2 + 8);
  for (std::size_t i = 0; i < bytes.size(); i += line_bytes) {
    out += to_base64(bytes.substr(i, line_bytes));
    out += "\r\n";
  }
  return out;
}

}  // namespace answerable::mail
