#include "mail/signed_content.h"

#include <cstdint>
#include <optional>

namespace answerable::mail {

namespace {

constexpr std::string_view signed_data = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";  // 1.2.840.113549.1.7.2
constexpr std::string_view plain_data = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01";
constexpr std::uint8_t tag_integer = 0x02, tag_octets = 0x04, tag_identifier = 0x06, tag_sequence = 0x30,
                       tag_set = 0x31, tag_explicit = 0xA0, constructed = 0x20;

struct Element {
  std::uint8_t tag = 0;
  bool indefinite = false;   // ends with two zero bytes
  std::string_view content;  // of an indefinite one: all that follows
};

// The element at the front (X.690, BER), removed from `bytes`. An indefinite one is not: it is only entered.
std::optional<Element> take_element(std::string_view& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Element element{.tag = static_cast<std::uint8_t>(bytes[0])};
  std::size_t length = static_cast<unsigned char>(bytes[1]);
  bytes.remove_prefix(2);
  if (length == 0x80) {
    element.indefinite = true;
    element.content = bytes;
    return element;
  }
  if (length > 0x80) {
    auto count = length & 0x7FU;
    if (count > 4 || count > bytes.size()) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8U | static_cast<unsigned char>(bytes[i]);
    bytes.remove_prefix(count);
  }
  element.content = bytes.substr(0, length);
  bytes.remove_prefix(element.content.size());
  return element;
}

// Enters the element at the front when it has that tag: `bytes` is its content then.
bool enter(std::string_view& bytes, std::uint8_t tag) {
  auto element = take_element(bytes);
  if (!element || element->tag != tag) return false;
  bytes = element->content;
  return true;
}

bool skip(std::string_view& bytes, std::uint8_t tag) {
  auto element = take_element(bytes);
  return element && element->tag == tag && !element->indefinite;
}

bool skip_identifier(std::string_view& bytes, std::string_view wanted) {
  auto element = take_element(bytes);
  return element && element->tag == tag_identifier && element->content == wanted;
}

bool skip_algorithms(std::string_view& bytes) {
  auto set = take_element(bytes);
  if (!set || set->tag != tag_set) return false;
  if (!set->indefinite) return true;
  while (bytes.size() >= 2 && bytes[0] == static_cast<char>(tag_sequence))
    if (!skip(bytes, tag_sequence)) return false;
  bytes.remove_prefix(bytes.size() < 2 ? bytes.size() : 2);
  return true;
}

std::string read_octets(std::string_view bytes) {
  auto element = take_element(bytes);
  if (!element) return {};
  if (element->tag == tag_octets) return std::string(element->content);
  if (element->tag != (tag_octets | constructed)) return {};
  std::string out;
  for (auto rest = element->content; !rest.empty();) {  // written in pieces
    auto piece = take_element(rest);
    if (!piece || piece->tag != tag_octets || piece->indefinite) break;
    out += piece->content;
  }
  return out;
}

}  // namespace

std::string read_signed_content(std::string_view der) {
  auto found = enter(der, tag_sequence) && skip_identifier(der, signed_data) && enter(der, tag_explicit) &&
               enter(der, tag_sequence) && skip(der, tag_integer) && skip_algorithms(der) && enter(der, tag_sequence) &&
               skip_identifier(der, plain_data) && enter(der, tag_explicit);
  return found ? read_octets(der) : std::string{};
}

}  // namespace answerable::mail
