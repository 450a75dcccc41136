// An evidence pack: files of an incident in one tar (POSIX ustar) with a manifest of their SHA-256 and the workspace's
// ledger. The ledger has an entry with the hash of the manifest, and a signed checkpoint over that entry: so the
// installation's key signs the whole pack. Checked offline by anybody who has the public key: docs/formats/evidence.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/export.h"
#include "audit/signing_key.h"
#include "audit/verify.h"
#include "base/clock.h"
#include "base/result.h"

namespace answerable::audit {

inline constexpr std::size_t evidence_files_max = 32;
inline constexpr std::size_t evidence_bytes_max = 4UL << 30;           // of a pack: some ten million entries
inline constexpr std::size_t evidence_name_bytes_max = 80;             // a to z, 0 to 9, - _ and .
inline constexpr std::string_view evidence_act = "incident.evidence";  // the entry, with the detail "sha256"

struct EvidenceFile {
  std::string name, content;
};

struct EvidenceHead {
  std::string subject;  // one line: of what the pack is evidence
  Time made_at;
};

// The text whose SHA-256 is to be entered into the ledger before that is exported. Aborts on a name that is not
// allowed, one that stands twice, or too many files: those are ours.
std::string evidence_manifest(const EvidenceHead& head, std::span<const EvidenceFile> files);
// `ledger`: of export_ledger(), with that entry; it may be mapped and larger than memory, as is what comes out of it.
Status pack_evidence(const EvidenceHead& head, std::span<const EvidenceFile> files, std::string_view ledger,
                     const ExportSink& sink);

struct PackedFile {
  std::string_view name, content;  // in the pack
};
struct Evidence {
  EvidenceHead head;
  std::vector<PackedFile> files;  // without manifest and ledger
  Verification ledger;
  std::int64_t entry = 0;  // that names the manifest
};
// Copies none of it, so that a mapped pack may be larger than memory.
// Every byte is covered: a file that was changed, added, left out or put elsewhere, another ledger, another key.
// Errors: invalid "evidence_malformed" (no pack of ours, or a byte of its frame is another), "evidence_ledger" (its
// ledger is not intact or not signed by this key), "evidence_changed" (a file, or the manifest, is not what the ledger
// names).
Result<Evidence> open_evidence(const PublicKey& key, std::string_view tar);

}  // namespace answerable::audit
