// Encryption of one blob: docs/formats/blobs.md.
#pragma once

#include <sodium.h>

#include <optional>
#include <string>
#include <string_view>

namespace answerable::store {

// `key`: 32 bytes. `context` is bound to the result: opening with another one fails.
std::string seal_bytes(std::string_view key, std::string_view context, std::string_view plain);
// Nothing when a bit was changed, something is missing, or the key or context is another.
std::optional<std::string> open_bytes(std::string_view key, std::string_view context, std::string_view sealed);
// The size of what seal_bytes returns.
std::size_t sealed_size(std::size_t plain);

inline constexpr std::size_t sealed_piece_bytes = 64UL << 10;
inline constexpr std::size_t sealed_piece_overhead = crypto_secretstream_xchacha20poly1305_ABYTES;
inline constexpr std::size_t sealed_head_bytes = 7 + crypto_secretstream_xchacha20poly1305_HEADERBYTES;

// The same piece by piece: the head, then pieces of sealed_piece_bytes each, but for the last, which may be empty.
class Sealer {
 public:
  Sealer(std::string_view key, std::string_view context);
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  ~Sealer() { sodium_memzero(&state_, sizeof state_); }
  const std::string& head() const { return head_; }
  std::string seal(std::string_view piece, bool is_last);

 private:
  crypto_secretstream_xchacha20poly1305_state state_;
  std::string context_, head_;
};

class Opener {
 public:
  Opener(std::string_view key, std::string_view context, std::string_view head);
  Opener(const Opener&) = delete;
  Opener& operator=(const Opener&) = delete;
  ~Opener() { sodium_memzero(&state_, sizeof state_); }
  // Appends the next piece to `plain`. False: it is not as it was sealed, and nothing after it will be.
  bool open(std::string_view sealed, std::string& plain);
  bool is_at_end() const { return is_at_end_; }

 private:
  crypto_secretstream_xchacha20poly1305_state state_;
  std::string context_;
  bool is_good_ = false, is_at_end_ = false;
};

}  // namespace answerable::store
