#include "store/sealed_bytes.h"

#include <algorithm>

#include "base/ensure.h"

namespace answerable::store {
namespace {

constexpr std::string_view mark = "ABLOB1\n";  // the first bytes of every file
static_assert(sealed_head_bytes == mark.size() + crypto_secretstream_xchacha20poly1305_HEADERBYTES);

unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const char* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }

void check_key(std::string_view key) {
  ensure(sodium_init() >= 0 && key.size() == crypto_secretstream_xchacha20poly1305_KEYBYTES, "a blob key has 32 bytes");
}

// An empty blob has one piece too: the last one must be there.
std::size_t pieces_of(std::size_t plain) {
  return std::max<std::size_t>(1, (plain + sealed_piece_bytes - 1) / sealed_piece_bytes);
}

}  // namespace

std::size_t sealed_size(std::size_t plain) {
  return sealed_head_bytes + plain + pieces_of(plain) * sealed_piece_overhead;
}

Sealer::Sealer(std::string_view key, std::string_view context) : context_(context), head_(sealed_head_bytes, '\0') {
  check_key(key);
  std::ranges::copy(mark, head_.begin());
  crypto_secretstream_xchacha20poly1305_init_push(&state_, raw(head_.data() + mark.size()), raw(key.data()));
}

std::string Sealer::seal(std::string_view piece, bool is_last) {
  ensure(is_last ? piece.size() <= sealed_piece_bytes : piece.size() == sealed_piece_bytes, "pieces have one size");
  std::string sealed(piece.size() + sealed_piece_overhead, '\0');
  const auto tag =
      is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  crypto_secretstream_xchacha20poly1305_push(&state_, raw(sealed.data()), nullptr, raw(piece.data()), piece.size(),
                                             raw(context_.data()), context_.size(), static_cast<unsigned char>(tag));
  return sealed;
}

Opener::Opener(std::string_view key, std::string_view context, std::string_view head) : state_{}, context_(context) {
  check_key(key);
  is_good_ =
      head.size() == sealed_head_bytes && head.starts_with(mark) &&
      crypto_secretstream_xchacha20poly1305_init_pull(&state_, raw(head.data() + mark.size()), raw(key.data())) == 0;
}

bool Opener::open(std::string_view sealed, std::string& plain) {
  if (!is_good_ || is_at_end_ || sealed.size() < sealed_piece_overhead) return is_good_ = false;
  const auto had = plain.size();
  plain.resize(had + sealed.size() - sealed_piece_overhead);
  unsigned char tag = 0;
  is_good_ =
      crypto_secretstream_xchacha20poly1305_pull(&state_, raw(plain.data() + had), nullptr, &tag, raw(sealed.data()),
                                                 sealed.size(), raw(context_.data()), context_.size()) == 0;
  if (!is_good_) plain.resize(had);
  is_at_end_ = is_good_ && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return is_good_;
}

std::string seal_bytes(std::string_view key, std::string_view context, std::string_view plain) {
  Sealer sealer(key, context);
  std::string sealed = sealer.head();
  sealed.reserve(sealed_size(plain.size()));
  do {
    const auto piece = plain.substr(0, sealed_piece_bytes);
    plain.remove_prefix(piece.size());
    sealed += sealer.seal(piece, plain.empty());
  } while (!plain.empty());
  return sealed;
}

std::optional<std::string> open_bytes(std::string_view key, std::string_view context, std::string_view sealed) {
  Opener opener(key, context, sealed.substr(0, sealed_head_bytes));
  sealed.remove_prefix(std::min(sealed.size(), sealed_head_bytes));
  std::string plain;
  plain.reserve(sealed.size());
  while (!sealed.empty()) {
    const auto piece = sealed.substr(0, sealed_piece_bytes + sealed_piece_overhead);
    sealed.remove_prefix(piece.size());
    if (!opener.open(piece, plain)) return std::nullopt;
  }
  if (!opener.is_at_end()) return std::nullopt;
  return plain;
}

}  // namespace answerable::store
