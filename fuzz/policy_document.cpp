// A policy as text. What is read is written and read back the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "policy/difference.h"
#include "policy/document.h"
#include "policy/ladder.h"

using namespace answerable;
using namespace answerable::policy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto ladder = parse_ladder(text)) ensure(!ladder->empty(), "a ladder has steps");
  const auto clauses = parse_document(text);
  if (!clauses) return 0;
  const auto again = parse_document(encode_document(*clauses));
  ensure(again.has_value() && *again == *clauses, "what is written is read back the same");
  return 0;
}
