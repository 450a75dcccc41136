#include "audit/witness.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "audit/signed_note.h"
#include "audit/verifier_key.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/ensure.h"

namespace answerable::audit {
namespace {

constexpr char timestamped_ed25519 = '\x04';
constexpr std::size_t lines_max = 64;  // that one answer may have

std::unexpected<Error> bad_key() {
  return fail(ErrorKind::invalid, "witness_key_malformed",
              "The witness's key is name+hash+base64 of an Ed25519 cosignature key (type 0x04): copy it whole.");
}

std::unexpected<Error> bad_cosignature() {
  return fail(ErrorKind::invalid, "cosignature_wrong",
              "The witness's cosignature does not verify: is ledger.witnesses its key of today?");
}

std::string_view view(const auto& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// 8 bytes of time, big-endian, and the signature.
Result<std::int64_t> verify_cosignature(const WitnessKey& witness, std::string_view body, std::string_view bytes) {
  if (bytes.size() != 8 + crypto_sign_BYTES) return bad_cosignature();
  std::uint64_t time = 0;
  for (char c : bytes.substr(0, 8)) time = time << 8 | static_cast<unsigned char>(c);
  if (time == 0 || time > INT64_MAX) return bad_cosignature();
  auto message = "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(body);
  ensure(sodium_init() >= 0, "libsodium");
  if (crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(bytes.data() + 8),
                                  reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                  witness.key.data()) != 0) {
    return bad_cosignature();
  }
  return static_cast<std::int64_t>(time);
}

std::unexpected<Error> refused(long status) {
  auto what = status == 404   ? "does not know this ledger: give its operator the origin and the ledger's public key"
              : status == 403 ? "does not accept the signature: give its operator the ledger's public key"
              : status == 422 ? "says that the ledger does not continue what it has cosigned: entries were changed"
              : status == 429 || status >= 500 ? "does not answer now; it is asked again"
                                               : "does not take the checkpoint: is the address that of its API?";
  return fail(ErrorKind::unavailable, "witness_refused",
              "The witness " + std::string(what) + " (status " + std::to_string(status) + ").");
}

}  // namespace

Result<WitnessKey> parse_witness_key(std::string_view text) {
  const auto parts = split_verifier_key(text, timestamped_ed25519);
  if (!parts) return bad_key();
  auto hash = sha256(std::string(parts->name) + "\n" + timestamped_ed25519 + parts->bytes);
  WitnessKey key{.name = std::string(parts->name)};
  std::copy_n(hash.begin(), key.id.size(), key.id.begin());
  if (to_hex(view(key.id)) != parts->hash) return bad_key();
  std::memcpy(key.key.data(), parts->bytes.data(), key.key.size());
  return key;
}

Result<Cosignature> find_cosignature(const WitnessKey& witness, std::string_view note, std::string_view lines) {
  auto blank = note.rfind("\n\n");
  ensure(blank != std::string_view::npos, "a note that we signed");
  auto body = note.substr(0, blank + 1);
  const auto begin = std::string(signature_mark) + witness.name + " ";
  for (std::size_t count = 0; !lines.empty() && count < lines_max; ++count) {
    auto end = lines.find('\n');
    if (end == std::string_view::npos) break;
    auto line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    auto bytes = line.starts_with(begin) ? from_base64(line.substr(begin.size())) : std::nullopt;
    if (!bytes || bytes->substr(0, 4) != view(witness.id)) continue;
    TRY(auto time, verify_cosignature(witness, body, std::string_view(*bytes).substr(4)));
    return Cosignature{std::string(line) + "\n", time};
  }
  return fail(ErrorKind::invalid, "cosignature_missing",
              "The witness's answer has no cosignature by the key in ledger.witnesses.");
}

Result<WitnessAnswer> read_answer(const WitnessKey& witness, std::string_view note, long status,
                                  std::string_view body) {
  if (status == 200) {
    TRY(auto cosignature, find_cosignature(witness, note, body));
    return WitnessAnswer{.cosignature = std::move(cosignature), .witnessed_size = {}};
  }
  if (status == 409 && body.ends_with('\n')) {
    if (auto size = parse_decimal(body.substr(0, body.size() - 1)))
      return WitnessAnswer{.cosignature = {}, .witnessed_size = size};
  }
  return refused(status);
}

}  // namespace answerable::audit
