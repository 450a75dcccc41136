// Arbitrary bytes as a token endpoint's answer. Whatever comes: no crash, and a token is never more than printable
// ASCII of bounded length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "channels/oauth/token_request.h"

using namespace answerable;
using namespace answerable::channels;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto tokens = read_token_answer(data[0] % 2 == 0 ? 200 : 400, body);
  if (!tokens) {
    ensure(tokens.error().detail.size() < 400, "an error is one short line");
    return 0;
  }
  for (const auto& token : {tokens->access_token, tokens->refresh_token}) {
    const bool is_printable = std::ranges::all_of(token, [](char c) { return c >= ' ' && c < 0x7F; });
    ensure(is_printable && token.size() <= token_bytes_max, "a token can stand in a line");
  }
  ensure(tokens->lifetime_ms > 0 && tokens->lifetime_ms <= lifetime_ms_max, "a token has a life");
  return 0;
}
