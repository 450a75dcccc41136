// `answerable audit evidence FILE`: checks an evidence pack and the ledger in it. With --key it needs no installation.
#include <fmt/format.h>

#include "app/commands.h"
#include "app/installation.h"
#include "audit/evidence.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "store/unnamed_file.h"

namespace answerable::app {
namespace {

Result<audit::PublicKey> key_of(const Configuration& configuration, const AuditOptions& options) {
  if (!options.key.empty()) return audit::parse_public_key(options.key);
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  return installation->ledger_key().public_key();
}

Result<int> check(const Configuration& configuration, const AuditOptions& options) {
  TRY(const auto key, key_of(configuration, options));
  TRY(const auto bytes, store::MappedBytes::of(options.proof_file));
  const auto evidence = audit::open_evidence(key, bytes->view());
  if (!evidence) {
    fmt::print("{}: BROKEN: {}\n", options.proof_file, evidence.error().detail);
    return exit_integrity;
  }
  fmt::print("{}: {}, made {}, signed by {}\n", options.proof_file, evidence->head.subject,
             to_rfc3339(evidence->head.made_at), key.name);
  for (const auto& file : evidence->files) fmt::print("{}  {}\n", to_hex(as_bytes(sha256(file.content))), file.name);
  fmt::print("ledger: intact, {} entries, root {}; entry {} names the manifest\n", evidence->ledger.entries,
             to_hex(as_bytes(evidence->ledger.root)), evidence->entry);
  return exit_ok;
}

}  // namespace

int run_audit_evidence(const Configuration& configuration, const AuditOptions& options) {
  const auto checked = check(configuration, options);
  return checked ? *checked : report(checked.error());
}

}  // namespace answerable::app
