// An evidence pack comes from a stranger: whatever its bytes, it is refused or it is exactly what was signed.
#include "audit/evidence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const answerable::audit::PublicKey key{.name = "fuzz.example", .key = {}};
  static_cast<void>(answerable::audit::open_evidence(key, {reinterpret_cast<const char*>(data), size}).has_value());
  return 0;
}
