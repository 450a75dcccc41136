// What passes between us and a witness of the ledger: C2SP tlog-witness and tlog-cosignature (Ed25519, type 0x04).
// Bytes in, decision out; whoever sends them is app/ledger_holders.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/checkpoint.h"
#include "audit/merkle.h"

namespace answerable::audit {

// A witness's public key in the text form of C2SP signed-note: name+hash+base64 of 0x04 and 32 bytes.
struct WitnessKey {
  std::string name;
  std::array<std::uint8_t, 4> id{};
  std::array<std::uint8_t, 32> key{};
};
// Errors: invalid "witness_key_malformed".
Result<WitnessKey> parse_witness_key(std::string_view text);

struct Cosignature {
  std::string line;         // as it stands behind the note's signatures
  std::int64_t unix_s = 0;  // when the witness saw it, by its clock
};
// The first line of `lines` by this witness that verifies for the note. Lines by others are passed over. Errors:
// invalid "cosignature_missing", "cosignature_wrong".
Result<Cosignature> find_cosignature(const WitnessKey& witness, std::string_view note, std::string_view lines);

// What an answer to add-checkpoint means for the next step.
struct WitnessAnswer {
  std::optional<Cosignature> cosignature;       // 200: it holds the checkpoint
  std::optional<std::uint64_t> witnessed_size;  // 409: the size that it has; send the proof from there
};
// Errors: as above; unavailable "witness_refused" with what its status means and what to do.
Result<WitnessAnswer> read_answer(const WitnessKey& witness, std::string_view note, long status, std::string_view body);

}  // namespace answerable::audit
