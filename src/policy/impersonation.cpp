#include "policy/impersonation.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "policy/link_host.h"

namespace answerable::policy {
namespace {

constexpr std::size_t likeness_bytes_min = 3;  // a shorter name is everybody's

// Letters of other scripts, and digits, that pass for Latin ones at a glance; marks of European languages.
struct Alike {
  std::string_view sign;
  char as;
};
constexpr std::array alikes{
    Alike{"а", 'a'}, Alike{"е", 'e'}, Alike{"о", 'o'}, Alike{"р", 'p'}, Alike{"с", 'c'}, Alike{"у", 'y'},
    Alike{"х", 'x'}, Alike{"і", 'i'}, Alike{"ѕ", 's'}, Alike{"ј", 'j'}, Alike{"А", 'a'}, Alike{"В", 'b'},
    Alike{"Е", 'e'}, Alike{"К", 'k'}, Alike{"М", 'm'}, Alike{"Н", 'h'}, Alike{"О", 'o'}, Alike{"Р", 'p'},
    Alike{"С", 'c'}, Alike{"Т", 't'}, Alike{"Х", 'x'}, Alike{"І", 'i'}, Alike{"α", 'a'}, Alike{"ο", 'o'},
    Alike{"Α", 'a'}, Alike{"Ο", 'o'}, Alike{"ν", 'v'}, Alike{"ı", 'i'}, Alike{"à", 'a'}, Alike{"á", 'a'},
    Alike{"â", 'a'}, Alike{"ä", 'a'}, Alike{"ç", 'c'}, Alike{"è", 'e'}, Alike{"é", 'e'}, Alike{"ê", 'e'},
    Alike{"ë", 'e'}, Alike{"í", 'i'}, Alike{"î", 'i'}, Alike{"ï", 'i'}, Alike{"ñ", 'n'}, Alike{"ó", 'o'},
    Alike{"ô", 'o'}, Alike{"ö", 'o'}, Alike{"ù", 'u'}, Alike{"ú", 'u'}, Alike{"û", 'u'}, Alike{"ü", 'u'},
};

std::string_view domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool is_ours(const std::vector<std::string>& values, const Content& content, const OwnSenders& own) {
  if (content.is_sender_disproved) return false;
  const auto host = host_of(domain_of(content.from_address));
  if (own.has_address(content.from_address)) return true;
  return std::ranges::any_of(values, [&](const std::string& value) {
    if (!value.starts_with('@')) return false;
    const auto domain = host_of(std::string_view(value).substr(1));
    return !domain.empty() && (host == domain || host.ends_with("." + domain));
  });
}

}  // namespace

void OwnSenders::add_name(std::string_view name) {
  auto likeness = likeness_of(name);
  if (likeness.size() >= likeness_bytes_min) likenesses_.insert(std::move(likeness));
}

void OwnSenders::add_address(std::string_view address) { addresses_.insert(lower(address)); }

bool OwnSenders::has_address(std::string_view address) const { return addresses_.contains(lower(address)); }

std::string likeness_of(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const char c = name[at];
    const auto rest = name.substr(at);
    const auto alike = std::ranges::find_if(alikes, [&](const Alike& one) { return rest.starts_with(one.sign); });
    if (alike != alikes.end()) {
      out += alike->as;
      at += alike->sign.size();
      continue;
    }
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c + 32);
    else if (c == '0')
      out += 'o';
    else if (c == '1')
      out += 'l';
    else if ((c >= 'a' && c <= 'z') || (c >= '2' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U))
      out += c;
    ++at;
  }
  return out;
}

std::optional<std::string> find_impersonation(const std::vector<std::string>& values, const Content& content,
                                              const OwnSenders& own) {
  const auto shown = likeness_of(content.from_name);
  if (shown.size() < likeness_bytes_min || is_ours(values, content, own)) return std::nullopt;
  const auto is_brand = [&](std::string_view value) {
    const auto likeness = likeness_of(value);
    return !value.starts_with('@') && likeness.size() >= likeness_bytes_min && shown.contains(likeness);
  };
  if (!own.has_name_like(shown) && !std::ranges::any_of(values, is_brand)) return std::nullopt;
  return one_line(std::string(content.from_name) + " <" + std::string(content.from_address) + ">", excerpt_bytes_max);
}

std::optional<std::string> find_reply_elsewhere(const Content& content) {
  const auto from = host_of(domain_of(content.from_address));
  if (from.empty()) return std::nullopt;
  for (const auto& address : content.reply_to) {
    const auto host = host_of(domain_of(address));
    if (!host.empty() && house_of(host) != house_of(from))
      return one_line(std::string(content.from_address) + " → " + address, excerpt_bytes_max);
  }
  return std::nullopt;
}

}  // namespace answerable::policy
