// Arbitrary bytes, in arbitrary pieces, to the guard before the IMAP library. Whatever comes: no crash, and the verdict
// never depends on how the bytes were cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "channels/email/imap_guard.h"

using namespace answerable;
using namespace answerable::channels;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0] % 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ImapGuardLimits limits{
      .line_bytes_max = 200, .answer_bytes_max = 1'000, .literal_bytes_max = 300, .nesting_max = 8};
  ImapGuard whole(limits);
  ImapGuard pieces(limits);
  const bool passed = whole.take(bytes);
  bool all_passed = true;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    all_passed = pieces.take(bytes.substr(at, std::min(piece, bytes.size() - at))) && all_passed;
  ensure(passed == all_passed && passed == whole.complaint().empty(), "the verdict is the same however bytes are cut");
  return 0;
}
