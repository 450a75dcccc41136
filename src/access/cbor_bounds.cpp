#include "access/cbor_bounds.h"

#include <cstddef>
#include <cstdint>

namespace answerable::access {
namespace {

constexpr std::size_t flags_at = 32, head_bytes = 37, id_length_at = 53, id_at = 55;
constexpr unsigned has_credential = 0x40, has_extensions = 0x80;

unsigned byte_at(std::string_view data, std::size_t at) { return static_cast<unsigned char>(data[at]); }

// The argument of a head; false when it is not there or of no definite length.
bool take_argument(std::string_view& rest, unsigned info, std::uint64_t& value) {
  if (info < 24) {
    value = info;
    return true;
  }
  if (info > 27) return false;
  const auto size = std::size_t{1} << (info - 24);
  if (rest.size() < size) return false;
  value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | byte_at(rest, i);
  rest.remove_prefix(size);
  return true;
}

bool skip_item(std::string_view& rest, int depth) {
  if (rest.empty() || depth > cbor_depth_max) return false;
  const auto head = byte_at(rest, 0);
  rest.remove_prefix(1);
  std::uint64_t value = 0;
  if (!take_argument(rest, head & 31, value)) return false;
  std::uint64_t items = 0;
  switch (head >> 5) {
    case 2:
    case 3:
      if (value > rest.size()) return false;
      rest.remove_prefix(static_cast<std::size_t>(value));
      return true;
    case 4: items = value; break;
    case 5:
      if (value > rest.size()) return false;
      items = 2 * value;
      break;
    case 6: items = 1; break;
    default: return true;
  }
  if (items > rest.size()) return false;
  for (; items > 0; --items) {
    if (!skip_item(rest, depth + 1)) return false;
  }
  return true;
}

}  // namespace

bool is_bounded_authenticator_data(std::string_view data) {
  if (data.size() < head_bytes) return false;
  const auto flags = byte_at(data, flags_at);
  auto rest = data.substr(head_bytes);
  if ((flags & has_credential) != 0) {
    if (data.size() < id_at) return false;
    const auto id_bytes = byte_at(data, id_length_at) << 8 | byte_at(data, id_length_at + 1);
    if (data.size() < id_at + id_bytes) return false;
    rest = data.substr(id_at + id_bytes);
    if (!skip_item(rest, 0)) return false;
  }
  if ((flags & has_extensions) != 0 && !skip_item(rest, 0)) return false;
  return rest.empty();
}

}  // namespace answerable::access
