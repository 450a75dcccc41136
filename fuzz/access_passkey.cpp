// Arbitrary bytes as what an authenticator says. Whatever comes: no crash, and nothing is accepted that was not signed.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "access/webauthn.h"
#include "base/ensure.h"

using namespace answerable;
using namespace answerable::access;

namespace {

const RelyingParty party = relying_party("https://desk.example");

ClientData said(std::string_view type) {
  return {.type = std::string(type), .challenge = "c", .origin = party.origin, .is_cross_origin = false, .hash = {}};
}

// As it stands, and behind a head that is right, so that the CBOR is reached.
void read(std::string_view data) {
  const auto made = read_registration(party, said("webauthn.create"), data);
  if (!made) return;
  ensure(made->credential_id.size() <= credential_id_bytes_max && !made->key.bytes.empty(), "a passkey within bounds");
  const auto assertion = verify_assertion(party, said("webauthn.get"), made->key, data.substr(0, 37), data);
  ensure(!assertion.has_value(), "nothing is signed by whoever made the key up");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view data(reinterpret_cast<const char*>(bytes), size);
  read(data);
  const auto hash = sha256(party.id);
  read(std::string(as_bytes(hash)).append(1, '\x45').append(4, '\0').append(data));
  return 0;
}
