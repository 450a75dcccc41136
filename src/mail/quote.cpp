#include "mail/quote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

struct Attribution {
  std::string_view language;
  std::string_view line;  // {who}, {y}, {m}, {d}: numbers of the date, the last two of two digits; {mon}: in English
};

// The day alone: the hour of whom we answer is not known, and ours would only confuse.
constexpr std::array attributions{
    Attribution{"en", "On {d} {mon} {y}, {who} wrote:"},
    Attribution{"fr", "Le {d}/{m}/{y}, {who} a écrit :"},
    Attribution{"de", "Am {d}.{m}.{y} schrieb {who}:"},
    Attribution{"es", "El {d}/{m}/{y}, {who} escribió:"},
    Attribution{"it", "Il {d}/{m}/{y}, {who} ha scritto:"},
    Attribution{"pt", "Em {d}/{m}/{y}, {who} escreveu:"},
    Attribution{"ca", "El {d}/{m}/{y}, {who} va escriure:"},
    Attribution{"nl", "Op {d}-{m}-{y} schreef {who}:"},
    Attribution{"pl", "W dniu {d}.{m}.{y} {who} napisał(a):"},
    Attribution{"ru", "{d}.{m}.{y}, {who} пишет:"},
    Attribution{"uk", "{d}.{m}.{y}, {who} пише:"},
    Attribution{"bg", "На {d}.{m}.{y} {who} написа:"},
    Attribution{"sv", "Den {y}-{m}-{d} skrev {who}:"},
    Attribution{"da", "Den {d}.{m}.{y} skrev {who}:"},
    Attribution{"no", "Den {d}.{m}.{y} skrev {who}:"},
    Attribution{"fi", "{d}.{m}.{y} {who} kirjoitti:"},
    Attribution{"cs", "Dne {d}.{m}.{y} {who} napsal(a):"},
    Attribution{"sk", "Dňa {d}.{m}.{y} {who} napísal(a):"},
    Attribution{"hu", "{y}.{m}.{d}. {who} írta:"},
    Attribution{"ro", "În {d}.{m}.{y}, {who} a scris:"},
    Attribution{"tr", "{who}, {d}.{m}.{y} tarihinde şunu yazdı:"},
    Attribution{"el", "Στις {d}/{m}/{y}, ο/η {who} έγραψε:"},
    Attribution{"he", "בתאריך {d}.{m}.{y}, {who} כתב:"},
    Attribution{"ar", "في {d}/{m}/{y} كتب {who}:"},
    Attribution{"fa", "در تاریخ {d}/{m}/{y}، {who} نوشت:"},
    Attribution{"zh", "{who} 于{y}年{m}月{d}日写道："},
    Attribution{"ja", "{y}年{m}月{d}日 {who} のメール:"},
    Attribution{"ko", "{y}년 {m}월 {d}일, {who}님이 작성:"},
    Attribution{"vi", "Vào {d}/{m}/{y}, {who} đã viết:"},
    Attribution{"id", "Pada {d}/{m}/{y}, {who} menulis:"},
};

constexpr auto languages = [] {
  std::array<std::string_view, attributions.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = attributions[i].language;
  return all;
}();

constexpr std::size_t name_bytes_max = 60;

// A name and an address of Latin letters keep their order within a line from right to left (U+2068, U+2069).
std::string who_of(const QuotedMail& mail, bool is_isolated) {
  auto name = one_line(mail.name, name_bytes_max);
  std::erase_if(name, [](char c) { return c == '<' || c == '>' || c == ':' || c == '@'; });
  const auto address = one_line(mail.address, max_address_bytes);
  auto who = trim(name).empty() ? "<" + address + ">" : std::string(trim(name)) + " <" + address + ">";
  return is_isolated ? "\u2068" + who + "\u2069" : who;
}

std::string attribution_of(const QuotedMail& mail) {
  using namespace std::chrono;
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* row = std::ranges::find(attributions, mail.language, &Attribution::language);
  if (row == attributions.end()) row = attributions.begin();
  const year_month_day date(floor<days>(sys_time<milliseconds>(milliseconds(mail.sent_at.ms))));
  const auto month = static_cast<unsigned>(date.month());
  const auto& code = row->language;
  const bool is_right_to_left = code == "he" || code == "ar" || code == "fa";
  return fmt::format(fmt::runtime(row->line), fmt::arg("who", who_of(mail, is_right_to_left)),
                     fmt::arg("y", static_cast<int>(date.year())), fmt::arg("mon", months[month - 1]),
                     fmt::arg("m", fmt::format("{:02}", month)),
                     fmt::arg("d", fmt::format("{:02}", static_cast<unsigned>(date.day()))));
}

std::string quoted(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    out += line.starts_with('>') || trim(line).empty() ? ">" : "> ";
    out.append(line) += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string quote_mail(const QuotedMail& mail) {
  auto text = std::string_view(mail.text);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  while (text.starts_with('\n')) text.remove_prefix(1);
  if (trim(text).empty()) return {};
  const bool is_cut = text.size() > max_quoted_bytes;
  if (is_cut) {
    text = truncate_utf8(text, max_quoted_bytes);
    if (const auto line = text.rfind('\n'); line != std::string_view::npos) text = text.substr(0, line);
  }
  return attribution_of(mail) + "\n" + quoted(text) + (is_cut ? "> […]\n" : "");
}

std::span<const std::string_view> quote_languages() { return languages; }

}  // namespace answerable::mail
