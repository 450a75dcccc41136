#include "http/cursor.h"

#include <cstring>

#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::http {
namespace {

// version (1) | number (8, big endian) | uuid (16) | first 6 bytes of SHA-256(list | everything before)
constexpr char version = 1;
constexpr std::size_t payload_bytes = 1 + 8 + 16;
constexpr std::size_t check_bytes = 6;

std::string check(std::string_view list, std::string_view payload) {
  std::string text(list);
  text.push_back('\n');
  text.append(payload);
  const auto digest = sha256(text);
  return std::string(as_bytes(digest).substr(0, check_bytes));
}

}  // namespace

std::string encode_cursor(std::string_view list, const Position& position) {
  std::string bytes(1, version);
  const auto number = static_cast<std::uint64_t>(position.number);
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((number >> shift) & 0xFF));
  bytes.append(reinterpret_cast<const char*>(position.uuid.bytes.data()), position.uuid.bytes.size());
  bytes.append(check(list, bytes));
  return to_base64url(bytes);
}

Result<Position> decode_cursor(std::string_view list, std::string_view cursor) {
  const auto bytes = from_base64url(cursor);
  const auto refused = [] {
    return fail(ErrorKind::invalid, "bad_cursor", "This cursor is not of this list. Start over.");
  };
  if (!bytes || bytes->size() != payload_bytes + check_bytes || bytes->front() != version) return refused();
  const auto payload = std::string_view(*bytes).substr(0, payload_bytes);
  if (std::string_view(*bytes).substr(payload_bytes) != check(list, payload)) return refused();
  std::uint64_t number = 0;
  for (std::size_t i = 1; i <= 8; ++i) number = (number << 8) | static_cast<unsigned char>(payload[i]);
  Position position{.number = static_cast<std::int64_t>(number)};
  std::memcpy(position.uuid.bytes.data(), payload.data() + 9, position.uuid.bytes.size());
  return position;
}

}  // namespace answerable::http
