// Payment card numbers and secrets in a text: where they stand, never what they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::policy {

struct Sensitive {
  std::size_t begin = 0, end = 0;
  std::string what;  // what people are shown instead: "Visa •••• 1111", "a private key"
};

inline constexpr std::size_t sensitive_max = 100;  // found in one text

// Numbers of a known range and of its length, with a right check digit (ISO/IEC 7812-1), written in one piece or in a
// card's groups; not what stands within a longer number or word, after two letters (an account number), or behind a
// word for an order.
std::vector<Sensitive> find_card_numbers(std::string_view text);
// Private keys, access keys of well-known services, signed tokens, passwords said in clear.
std::vector<Sensitive> find_secrets(std::string_view text);
// The text with all that is sensitive in it blackened, of the same length. For what people are shown of a hit.
std::string without_sensitive(std::string_view text);

}  // namespace answerable::policy
