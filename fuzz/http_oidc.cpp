// Arbitrary bytes as what an OpenID provider says. Whatever comes: no crash, and what is read keeps its bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "http/oidc_json.h"

using namespace answerable;
using namespace answerable::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto provider = read_provider(text, "https://a.example"))
    ensure(provider->issuer == "https://a.example", "the issuer that was asked for");
  const auto token = read_id_token(text);
  if (token) ensure(text.starts_with(token->signed_part), "what is signed is what came");
  if (const auto logout = read_logout_token(text))
    ensure(text.starts_with(logout->signed_token.signed_part), "what is signed is what came");
  const auto keys = read_provider_keys(text);
  if (!keys) return 0;
  ensure(keys->size() <= provider_keys_max, "so many keys at most");
  for (const auto& key : *keys) ensure(!access::is_signed_by(key, "part", text), "nothing is signed by nobody");
  return 0;
}
