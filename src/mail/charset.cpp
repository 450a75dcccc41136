#include "mail/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset_guess.h"
#include "mail/iso2022_jp.h"

namespace answerable::mail {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// windows-1252, bytes 0x80 to 0x9F; the five holes stay C1 controls, as browsers read them.
constexpr std::array<std::uint16_t, 32> windows_1252_upper{
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

void append_bmp(std::string& out, unsigned code) {
  if (code < 0x80) {
    if (code != 0) out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | code >> 12U);
    out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  for (char c : bytes) {
    unsigned byte = static_cast<unsigned char>(c);
    append_bmp(out, byte >= 0x80 && byte < 0xA0 ? windows_1252_upper[byte - 0x80] : byte);
  }
  return out;
}

struct Alias {
  std::string_view label, charset;
};
constexpr std::array aliases{
    Alias{"utf8", "utf-8"},
    Alias{"utf-8-sig", "utf-8"},
    Alias{"unicode-1-1-utf-8", "utf-8"},
    Alias{"cp65001", "utf-8"},
    Alias{"utf8mb4", "utf-8"},
    Alias{"us-ascii", ""},
    Alias{"ascii", ""},
    Alias{"ansi_x3.4-1968", ""},
    Alias{"unknown-8bit", ""},
    Alias{"x-unknown", ""},
    Alias{"x-user-defined", ""},
    Alias{"default", ""},
    Alias{"default_charset", ""},
    Alias{"unknown", ""},
    Alias{"8bit", ""},
    Alias{"none", ""},
    Alias{"binary", ""},
    Alias{"iso-8859-1", "windows-1252"},
    Alias{"iso8859-1", "windows-1252"},
    Alias{"iso_8859-1", "windows-1252"},
    Alias{"latin1", "windows-1252"},
    Alias{"latin-1", "windows-1252"},
    Alias{"l1", "windows-1252"},
    Alias{"8859_1", "windows-1252"},
    Alias{"iso-8859-1-windows-3.1-latin-1", "windows-1252"},
    Alias{"cp1252", "windows-1252"},
    Alias{"x-ansi", "windows-1252"},
    Alias{"ansi", "windows-1252"},
    Alias{"windows1252", "windows-1252"},
    Alias{"win-1252", "windows-1252"},
    Alias{"x-cp1252", "windows-1252"},
    Alias{"gb2312", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"cp936", "gb18030"},
    Alias{"ms936", "gb18030"},
    Alias{"euc-cn", "gb18030"},
    Alias{"csgb2312", "gb18030"},
    Alias{"hz-gb-2312", "hz"},
    Alias{"big5", "big5-hkscs"},
    Alias{"big-5", "big5-hkscs"},
    Alias{"cn-big5", "big5-hkscs"},
    Alias{"x-x-big5", "big5-hkscs"},
    Alias{"cp950", "big5-hkscs"},
    Alias{"shift_jis", "cp932"},
    Alias{"sjis", "cp932"},
    Alias{"shift-jis", "cp932"},
    Alias{"x-sjis", "cp932"},
    Alias{"windows-31j", "cp932"},
    Alias{"ms_kanji", "cp932"},
    Alias{"euc-jp", "euc-jp-ms"},
    Alias{"eucjp", "euc-jp-ms"},
    Alias{"x-euc-jp", "euc-jp-ms"},
    Alias{"iso-2022-jp-1", "iso-2022-jp"},
    Alias{"iso-2022-jp-ms", "iso-2022-jp"},
    Alias{"cp50220", "iso-2022-jp"},
    Alias{"cp50221", "iso-2022-jp"},
    Alias{"cp50222", "iso-2022-jp"},
    Alias{"csiso2022jp", "iso-2022-jp"},
    Alias{"ks_c_5601-1987", "uhc"},
    Alias{"ks_c_5601", "uhc"},
    Alias{"ksc5601", "uhc"},
    Alias{"euc-kr", "uhc"},
    Alias{"cp949", "uhc"},
    Alias{"windows-949", "uhc"},
    Alias{"5601", "uhc"},
    Alias{"ks_c_5601-1989", "uhc"},
    Alias{"iso-8859-9", "cp1254"},
    Alias{"latin5", "cp1254"},
    Alias{"iso-8859-11", "cp874"},
    Alias{"tis-620", "cp874"},
    Alias{"tis620", "cp874"},
    Alias{"windows-874", "cp874"},
    Alias{"iso-8859-8-i", "cp1255"},
    Alias{"iso-8859-8-e", "cp1255"},
    Alias{"iso-8859-8", "cp1255"},
    Alias{"iso-8859-6-i", "iso-8859-6"},
    Alias{"logical", "cp1255"},
    Alias{"visual", "cp1255"},
    Alias{"koi8", "koi8-r"},
    Alias{"koi8r", "koi8-r"},
    Alias{"koi8-ru", "koi8-u"},
    Alias{"unicode-1-1-utf-7", "utf-7"},
    Alias{"utf7", "utf-7"},
    Alias{"x-mac-roman", "macintosh"},
    Alias{"x-mac-cyrillic", "mac-cyrillic"},
    Alias{"x-mac-ce", "mac-centraleurope"},
    Alias{"unicode", "utf-16"},
    Alias{"iso-10646-ucs-2", "utf-16"},
    Alias{"ucs-2", "utf-16"},
    Alias{"x-windows-1251", "cp1251"},
    Alias{"win-1251", "cp1251"},
    Alias{"win1251", "cp1251"},
    Alias{"dos-866", "cp866"},
    Alias{"ibm866", "cp866"},
};

std::string canonical(std::string_view label) {
  auto name = to_lower(trim(label));
  std::erase_if(name, [](char c) { return c == '"' || c == '\'' || c == ';' || is_space(c) || c <= 32; });
  if (name.starts_with("charset=")) name.erase(0, 8);
  for (std::string_view family : {"koi8_", "iso_8859", "utf_", "cp_"})  // iconv writes these with hyphens
    if (name.starts_with(family)) std::ranges::replace(name, '_', '-');
  if (name.starts_with("cp-")) name.erase(2, 1);
  for (const auto& alias : aliases)
    if (name == alias.label) return std::string(alias.charset);
  if (name.starts_with("windows-") || name.starts_with("windows_")) return "cp" + name.substr(8);
  if (name.starts_with("x-cp")) return name.substr(2);
  if (name.starts_with("iso8859")) return "iso-8859" + name.substr(7);
  return name;
}

bool is_stateful(std::string_view charset) {  // plain ASCII bytes may mean something else
  return charset.starts_with("iso-2022") || charset.starts_with("utf-7") || charset.starts_with("hz") ||
         charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("ucs");
}

bool is_single_byte(std::string_view charset) {
  return charset.starts_with("cp125") || charset.starts_with("iso-8859") || charset.starts_with("koi8") ||
         charset == "windows-1252" || charset == "cp866" || charset == "cp874" || charset.starts_with("mac");
}

bool is_latin(std::string_view charset) {
  return charset == "windows-1252" || charset == "iso-8859-15" || charset == "cp1250" || charset == "iso-8859-2";
}

// iconv descriptors of one thread, kept open: opening one costs 20 us.
class Converters {
 public:
  Converters() = default;
  Converters(const Converters&) = delete;
  Converters& operator=(const Converters&) = delete;
  ~Converters() {
    for (auto& [name, handle] : open_)
      if (handle != failed) iconv_close(handle);
  }

  static inline const auto failed = reinterpret_cast<iconv_t>(-1);

  iconv_t find(const std::string& charset) {
    auto found = open_.find(charset);
    if (found != open_.end()) return found->second;
    for (char c : charset)  // a stranger's label: no suffixes ("//IGNORE"), no paths
      if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_' && c != '.') return failed;
    if (charset.empty() || charset.size() > 40) return failed;
    auto handle = iconv_open("UTF-8", charset.c_str());
    if (handle != failed && open_.size() < 64) open_.emplace(charset, handle);
    return handle;
  }

 private:
  std::unordered_map<std::string, iconv_t> open_;
};

bool convert(std::string_view bytes, const std::string& charset, Decoded& out) {
  thread_local Converters converters;
  auto handle = converters.find(charset);
  if (handle == Converters::failed) return false;
  iconv(handle, nullptr, nullptr, nullptr, nullptr);
  auto* from = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  auto left = bytes.size();
  std::array<char, 4096> buffer;
  while (left > 0) {
    auto* to = buffer.data();
    auto room = buffer.size();
    auto done = iconv(handle, &from, &left, &to, &room);
    auto error = errno;
    out.text.append(buffer.data(), buffer.size() - room);
    if (done != static_cast<std::size_t>(-1) || error == E2BIG) continue;
    out.damaged = true;
    out.text += replacement;
    if (error == EINVAL || left == 0) break;  // cut in the middle of a character
    ++from;
    --left;
  }
  auto* to = buffer.data();  // what the converter holds back: a Vietnamese vowel that waits for its tone
  auto room = buffer.size();
  iconv(handle, nullptr, nullptr, &to, &room);
  out.text.append(buffer.data(), buffer.size() - room);
  if (!is_valid_utf8(out.text) || out.text.find('\0') != std::string::npos) out.text = to_valid_utf8(out.text);
  return true;
}

// Text that should be UTF-8 and is not: line by line, for footers in another charset are appended by list servers.
Decoded repair_utf8(std::string_view bytes) {
  Decoded out{.text = {}, .damaged = true};
  while (!bytes.empty()) {
    auto end = bytes.find('\n');
    auto line = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
    bytes.remove_prefix(line.size());
    if (is_ascii(line)) {
      out.text += line;
      continue;
    }
    auto repaired = to_valid_utf8(line);
    std::size_t bad = 0, characters = 0;  // of several bytes; the replacements are among them
    for (auto at = repaired.find(replacement); at != std::string::npos; at = repaired.find(replacement, at + 3)) ++bad;
    for (char c : repaired) characters += (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U;
    out.text += characters >= 2 * bad ? repaired : from_windows_1252(line);
  }
  if (out.text.find('\0') != std::string::npos) out.text = to_valid_utf8(out.text);
  return out;
}

// RFC 1843: GB2312 in seven bits, between ~{ and ~}.
std::string hz_to_gb(std::string_view bytes) {
  std::string out;
  auto wide = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto next = i + 1 < bytes.size() ? bytes[i + 1] : '\0';
    if (bytes[i] == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
      if (next == '~') out += '~';
      if (next == '{' || next == '}') wide = next == '{';
      ++i;
      continue;
    }
    if (bytes[i] == '\n') wide = false;
    out += wide ? static_cast<char>(bytes[i] | '\x80') : bytes[i];
  }
  return out;
}

// The controls U+0080 to U+009F, which no text means: a program took windows-1252 for Latin-1 on the way to UTF-8, and
// "€" became U+0080. `at`: of the first C2 that may begin one.
std::string without_c1_controls(std::string_view utf8, std::size_t at) {
  std::string out(utf8.substr(0, at));
  for (; at < utf8.size(); ++at) {
    auto next = at + 1 < utf8.size() ? static_cast<unsigned char>(utf8[at + 1]) : 0U;
    if (utf8[at] == '\xC2' && next >= 0x80 && next < 0xA0)
      append_bmp(out, windows_1252_upper[next - 0x80U]), ++at;
    else
      out += utf8[at];
  }
  return out;
}

Decoded take_utf8(std::string_view bytes) {
  Decoded out;
  if (bytes.find('\0') != std::string_view::npos) {
    out.text = to_valid_utf8(bytes);
    out.damaged = true;
  } else if (auto at = bytes.find('\xC2'); at != std::string_view::npos) {
    out.text = without_c1_controls(bytes, at);
  } else {
    out.text = bytes;
  }
  return out;
}

}  // namespace

bool is_ascii(std::string_view bytes) {
  const char* at = bytes.data();
  auto left = bytes.size();
  for (; left >= 32; at += 32, left -= 32) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), at, 32);
    if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ULL) != 0) return false;
  }
  unsigned all = 0;
  for (; left > 0; ++at, --left) all |= static_cast<unsigned char>(*at);
  return (all & 0x80U) == 0;
}

Decoded decode_charset(std::string_view bytes, std::string_view label) {
  auto charset = canonical(label);
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    charset = "utf-8";
  } else if ((bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) && bytes.size() % 2 == 0) {
    Decoded wide;
    if (convert(bytes, "utf-16", wide) && !wide.damaged) return wide;
  }
  auto ascii = is_ascii(bytes);
  if (charset.empty() && ascii && bytes.find("\x1B$") != std::string_view::npos) charset = "iso-2022-jp";
  if (ascii && !is_stateful(charset)) return take_utf8(bytes);
  auto unlabelled = charset.empty() || charset == "utf-8";
  auto seven_bits = charset == "iso-2022-jp" && !ascii;  // has none above 127, so the label is wrong
  if ((unlabelled || is_single_byte(charset) || seven_bits) && is_valid_utf8(bytes)) {
    auto out = take_utf8(bytes);
    out.damaged = out.damaged || charset != "utf-8";  // labelled as something that it is not
    return out;
  }
  if (charset.empty() || (seven_bits && bytes.find("\x1B$") == std::string_view::npos))
    if (auto guess = guess_charset(bytes); !guess.empty())
      if (Decoded guessed; convert(bytes, std::string(guess), guessed) && !guessed.damaged) {
        guessed.damaged = true;  // nothing said so
        return guessed;
      }
  if (unlabelled) return repair_utf8(bytes);
  if (charset == "windows-1252") return {from_windows_1252(bytes), false};
  Decoded out;
  if (charset == "iso-2022-jp") {
    auto shifted = iso2022_jp_to_cp932(bytes);
    if (convert(shifted, "cp932", out)) return out;
  }
  if (charset == "hz" && convert(hz_to_gb(bytes), "gb18030", out)) return out;
  // UTF-16 without a byte order mark is little-endian in practice, as browsers hold.
  if (convert(bytes, charset == "utf-16" ? "utf-16le" : charset, out)) return out;
  if (is_valid_utf8(bytes))
    out = take_utf8(bytes);
  else
    out = repair_utf8(bytes);
  out.damaged = true;
  return out;
}

Decoded decode_unlabelled(std::string_view bytes, std::string_view likely) {
  if (likely.empty() || is_ascii(bytes) || is_valid_utf8(bytes)) return decode_charset(bytes, "");
  // Any bytes are readable as Latin letters, so a part that is in them says less than what the bytes look like.
  auto guess = is_latin(canonical(likely)) ? guess_charset(bytes) : "";
  if (guess.empty() || is_latin(guess))
    if (auto decoded = decode_charset(bytes, likely); !decoded.damaged) return decoded;
  return decode_charset(bytes, "");
}

std::string decode_raw_header(std::string_view bytes, std::string_view likely) {
  if (is_ascii(bytes) && bytes.find('\0') == std::string_view::npos) return std::string(bytes);
  return decode_unlabelled(bytes, likely).text;
}

}  // namespace answerable::mail
