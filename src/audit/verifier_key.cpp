#include "audit/verifier_key.h"

#include <algorithm>

#include "base/encoding.h"

namespace answerable::audit {

namespace {
constexpr std::size_t name_max = 200;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= name_max &&
         std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != '+'; });
}

std::expected<VerifierKey, std::string_view> split_verifier_key(std::string_view text, char algorithm) {
  auto first = text.find('+');
  auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return std::unexpected("it has three parts");
  auto bytes = from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 33 || bytes->front() != algorithm) return std::unexpected("it is no Ed25519 key");
  VerifierKey key{text.substr(0, first), text.substr(first + 1, second - first - 1), bytes->substr(1)};
  if (!is_key_name(key.name)) return std::unexpected("its name");
  return key;
}

}  // namespace answerable::audit
