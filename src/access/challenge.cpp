#include "access/challenge.h"

#include "access/record.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t time_bytes = 8;
constexpr int swept_at_once = 100;

std::string mac(std::string_view key, std::string_view purpose, std::string_view head) {
  const auto sum = hmac_sha256(key, std::string("challenge\n").append(purpose).append("\n").append(head));
  return std::string(as_bytes(sum));
}

std::string encode_time(Time time) {
  std::string bytes(time_bytes, '\0');
  for (std::size_t i = 0; i < time_bytes; ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(time.ms) >> (8 * (time_bytes - 1 - i)));
  return bytes;
}

Time decode_time(std::string_view bytes) {
  std::uint64_t ms = 0;
  for (const char c : bytes) ms = ms << 8 | static_cast<unsigned char>(c);
  return Time{static_cast<std::int64_t>(ms)};
}

std::unexpected<Error> unknown() {
  return fail(ErrorKind::invalid, "challenge_unknown", "This took too long, or was done before. Try again.");
}

}  // namespace

std::string make_challenge(std::string_view key, std::string_view purpose, Time now) {
  std::string head(nonce_bytes, '\0');
  fill_random(head.data(), head.size());
  head += encode_time(now + challenge_ms);
  return to_base64url(head + mac(key, purpose, head));
}

Status check_challenge(std::string_view key, std::string_view purpose, std::string_view challenge, Time now) {
  if (challenge.size() > challenge_characters_max) return unknown();
  const auto bytes = from_base64url(challenge);
  if (!bytes || bytes->size() != nonce_bytes + time_bytes + sizeof(Digest)) return unknown();
  const auto head = std::string_view(*bytes).substr(0, nonce_bytes + time_bytes);
  if (!equal_in_constant_time(mac(key, purpose, head), std::string_view(*bytes).substr(head.size()))) return unknown();
  if (now >= decode_time(head.substr(nonce_bytes))) return unknown();
  return {};
}

Status spend_challenge(store::Transaction& tx, std::string_view challenge) {
  TRY_STATUS(run(tx,
                 "delete from spent_challenges where hash in (select hash from spent_challenges where ends_at <= $1 "
                 "limit $2)",
                 {tx.now(), swept_at_once}));
  const auto hash = sha256(challenge);
  TRY(const auto rows,
      tx.execute("insert into spent_challenges (hash, ends_at) values ($1, $2) on conflict (hash) do nothing",
                 {store::Bytes{as_bytes(hash)}, tx.now() + challenge_ms}));
  if (rows == 0) return unknown();
  return {};
}

}  // namespace answerable::access
