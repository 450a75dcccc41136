// What a browser and an authenticator say about a passkey (W3C Web Authentication, Level 3), judged: sections 7.1 and
// 7.2 without attestation, which tells the make of a device and is not asked for. libfido2 reads the CBOR and checks
// the signature. Bytes in, decision out: no I/O, no state, thread-safe. Single use of challenges and the counter are
// the caller's (passkey.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"

namespace answerable::access {

inline constexpr std::size_t credential_id_bytes_max = 1'023;  // section 4
inline constexpr std::size_t authenticator_data_bytes_max = 4'096;
inline constexpr std::size_t passkey_signature_bytes_max = 1'024;

// This installation, as browsers see it.
struct RelyingParty {
  std::string id;      // the host of the public address
  std::string origin;  // of the public address; empty: any port of http://localhost
};
// A loopback address stands for http://localhost, on any port: it is the same machine, and browsers want the name.
RelyingParty relying_party(std::string_view public_url);
bool is_origin_of(const RelyingParty& party, std::string_view origin);

// What the browser says it did (clientDataJSON, read by http), and the SHA-256 of those bytes.
struct ClientData {
  std::string type, challenge, origin;
  bool is_cross_origin = false;
  Digest hash{};
};

struct PasskeyPublicKey {
  std::int64_t algorithm = 0;  // COSE: -7 ES256, -8 EdDSA, -257 RS256
  std::string bytes;           // as libfido2 has it
};

struct RegisteredPasskey {
  std::string credential_id;
  PasskeyPublicKey key;
  std::uint32_t counter = 0;
};

// Errors of both: invalid "passkey_refused": not of this site, not of this act, nobody touched it or was verified, or
// bytes that cannot be read.
Result<RegisteredPasskey> read_registration(const RelyingParty& party, const ClientData& client,
                                            std::string_view authenticator_data);
// The counter of the authenticator; 0: it has none. Also invalid "passkey_refused": the signature is not the key's.
Result<std::uint32_t> verify_assertion(const RelyingParty& party, const ClientData& client, const PasskeyPublicKey& key,
                                       std::string_view authenticator_data, std::string_view signature);

}  // namespace answerable::access
