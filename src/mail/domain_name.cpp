#include "mail/domain_name.h"

#include <idn2.h>

#include "mail/address.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/limits.h"

namespace answerable::mail {

Result<std::string> ascii_domain(std::string_view domain) {
  if (is_ascii(domain)) return to_lower(domain);
  const auto bad = [] {
    return fail(ErrorKind::invalid, "invalid_domain",
                "The part after the @ is no domain name: correct its spelling, or write it in its xn-- form.");
  };
  if (domain.size() > max_domain_bytes) return bad();
  char* ascii = nullptr;
  const std::string text(domain);
  if (idn2_to_ascii_8z(text.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return bad();
  std::string found = to_lower(ascii);
  idn2_free(ascii);
  if (found.empty() || found.size() > max_dns_name_bytes) return bad();
  return found;
}

namespace {

// What an xn-- form stands for; empty for what is none.
std::string domain_in_letters(std::string_view domain) {
  if (!has_letters(domain, "xn--") || domain.size() > max_dns_name_bytes) return {};
  char* letters = nullptr;
  if (idn2_to_unicode_8z8z(to_lower(domain).c_str(), &letters, 0) != IDN2_OK) return {};
  std::string found = letters;
  idn2_free(letters);
  return is_ascii(found) ? std::string{} : found;
}

}  // namespace

std::string other_spelling(std::string_view address) {
  const auto domain = domain_part(address);
  const auto other = is_ascii(domain) ? domain_in_letters(domain) : ascii_domain(domain).value_or("");
  return other.empty() ? other : std::string(local_part(address)) + "@" + other;
}

Result<std::string> wire_address(std::string_view address) {
  TRY(auto normal, normalise_address(address));
  TRY(auto domain, ascii_domain(domain_part(normal)));
  return std::string(local_part(normal)) + "@" + domain;
}

}  // namespace answerable::mail
