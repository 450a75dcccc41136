// Proofs as files that anybody can check offline with the public key alone: C2SP tlog-proof for an entry, and for the
// growth from an older checkpoint the text that C2SP tlog-witness sends to a witness. Behind either stand the changes
// of the key, if there were any, so that whoever has an earlier key can follow. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/key_change.h"
#include "audit/merkle.h"

namespace answerable::audit {

inline constexpr std::size_t proof_hashes_max = 63;
inline constexpr std::string_view inclusion_first_line = "c2sp.org/tlog-proof@v1\n";

// That the entry with these bytes is number `seq`. The bytes go with it as extra data, so that the file is enough.
std::string inclusion_file(std::string_view entry, std::uint64_t seq, const std::vector<Digest>& proof,
                           std::string_view note);
struct ProvenEntry {
  std::string entry;  // its canonical bytes, which say its number and workspace
  std::int64_t seq = 0;
  Checkpoint checkpoint;
  std::string note;
};
// Without changes of the key: `key` must have signed it. Errors: invalid "proof_malformed", "proof_wrong" (well formed,
// and does not verify), and those of open_checkpoint.
Result<ProvenEntry> open_inclusion_file(const PublicKey& key, std::string_view file);
// The proof of an entry, behind which may stand that of its checkpoint in the installation's ledger: one or two. Both
// must be signed by the newest key. Errors: as above, and those of LedgerKeys::of.
Result<std::vector<ProvenEntry>> open_entry_proof(const PublicKey& key, std::string_view file);

// "old <size>", the hashes, a blank line, the newer checkpoint. From size 0 without hashes.
std::string growth_file(std::uint64_t older_size, const std::vector<Digest>& proof, std::string_view note);
// `held` is the older checkpoint, by the key of its time. Errors: as above; proof_wrong too when the two are of
// different ledgers.
Result<Checkpoint> open_growth_file(const PublicKey& key, std::string_view held, std::string_view file);

}  // namespace answerable::audit
