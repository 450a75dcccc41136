#include "mail/organisational_domain.h"

#include <libpsl.h>

#include "base/ensure.h"
#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

// The system's list (package publicsuffix) when it is newer than the one in the library. Kept until the process ends.
const psl_ctx_t* list() {
  static const psl_ctx_t* const loaded = psl_latest(nullptr);
  ensure(loaded != nullptr, "libpsl has a list");
  return loaded;
}

std::string to_domain(std::string_view domain) {
  while (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || domain.size() > max_domain_bytes || domain.find('\0') != std::string_view::npos) return {};
  return to_lower(domain);
}

}  // namespace

std::string organisational_domain(std::string_view domain) {
  const auto name = to_domain(domain);
  if (name.empty()) return {};
  if (name.find('.') == std::string::npos) return {};
  const char* found = psl_registrable_domain(list(), name.c_str());
  return found == nullptr ? std::string() : std::string(found);
}

bool is_aligned(std::string_view proven, std::string_view author, Alignment alignment) {
  const auto left = to_domain(proven), right = to_domain(author);
  if (left.empty()) return false;
  if (left == right) return true;
  if (alignment == Alignment::strict) return false;
  const auto organisation = organisational_domain(left);
  return !organisation.empty() && organisation == organisational_domain(right);
}

}  // namespace answerable::mail
