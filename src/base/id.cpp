#include "base/id.h"

#include <atomic>

#include "base/clock.h"
#include "base/random.h"

namespace answerable {

namespace {

// The last id's stamp is further ahead than this only if it came by another clock (a self-test moves its own by weeks)
// or before this one was set right: then it does not drag later ids along, which lists are ordered by.
constexpr std::uint64_t ahead_max_ms = 60'000;

}  // namespace

Uuid make_uuid_v7(const Clock& clock) {
  // 60 bits of (milliseconds << 12 | counter), never going back: RFC 9562, section 6.2, method 1.
  static std::atomic<std::uint64_t> last{0};
  auto wanted = static_cast<std::uint64_t>(clock.now().ms) << 12;
  auto seen = last.load(std::memory_order_relaxed);
  std::uint64_t mine = 0;
  do {
    const bool is_next = wanted > seen || (seen - wanted) >> 12 > ahead_max_ms;
    mine = is_next ? wanted : seen + 1;
  } while (!last.compare_exchange_weak(seen, mine, std::memory_order_relaxed));

  Uuid uuid;
  fill_random(uuid.bytes.data() + 8, 8);
  auto ms = mine >> 12;
  for (int i = 0; i < 6; ++i) uuid.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | ((mine >> 8) & 0x0F));
  uuid.bytes[7] = static_cast<std::uint8_t>(mine & 0xFF);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3F));
  return uuid;
}

std::string to_string(const Uuid& uuid) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[uuid.bytes[i] >> 4];
    text += digits[uuid.bytes[i] & 15];
  }
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < 36; ++i) {
    char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (value < 0) return std::nullopt;
    auto& byte = uuid.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(nibble % 2 == 0 ? value << 4 : byte | value);
    ++nibble;
  }
  return uuid;
}

}  // namespace answerable
