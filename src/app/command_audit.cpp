// `answerable audit verify|export`. Read beside a running server; verification of an exported file needs only the
// public key.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "app/installation.h"
#include "app/outside_acts.h"
#include "app/people.h"
#include "app/read_file.h"
#include "audit/export.h"
#include "audit/verify.h"
#include "base/encoding.h"

namespace answerable::app {

namespace {

bool show(const std::string& name, const audit::Verification& verification) {
  if (verification.ok) {
    fmt::print("{}: intact, {} entries, {} covered by {} signed checkpoints, root {}", name, verification.entries,
               verification.signed_entries, verification.checkpoints, to_hex(as_bytes(verification.root)));
    fmt::print("{}\n", verification.epoch == 1 ? "" : fmt::format(", epoch {}", verification.epoch));
    return true;
  }
  auto seq = verification.first_bad ? verification.first_bad->seq : verification.entries;
  auto reason = verification.first_bad ? verification.first_bad->reason : std::string("the file ends early");
  fmt::print("{}: BROKEN at entry {}: {}\n", name, seq, reason);
  return false;
}

Result<int> verify_all(const Configuration& configuration, const std::string& only) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  auto& database = installation->database();
  std::vector<WorkspaceId> ledgers;
  if (only.empty()) {
    TRY(ledgers, database.query([](store::Session& session) { return audit::ledgers(session); }));
  } else {
    TRY(auto workspace, choose_workspace(database, only));
    ledgers.push_back(workspace.id);
  }
  bool intact = true;
  for (auto workspace : ledgers) {
    TRY(auto verification, database.query([&](store::Session& session) {
      return audit::verify(session, workspace, installation->ledger_key().public_key());
    }));
    intact = show(workspace.is_nil() ? "installation" : workspace.text(), verification) && intact;
  }
  fmt::print(
      "Signed by {}. Without a checkpoint held by somebody outside, whoever has the key can rewrite and sign anew.\n",
      installation->ledger_key().public_key().text());
  return intact ? exit_ok : exit_integrity;
}

// Needs no installation when the key is given.
Result<int> verify_files(const Configuration& configuration, const AuditOptions& options) {
  audit::PublicKey key;
  if (options.key.empty()) {
    SystemClock clock;
    TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
    key = installation->ledger_key().public_key();
  } else {
    TRY(key, audit::parse_public_key(options.key));
  }
  std::string held;
  if (!options.held_file.empty()) {
    TRY(held, read_file(options.held_file));
    if (held.empty()) return fail(ErrorKind::invalid, "checkpoint_malformed", "The checkpoint that you hold is empty.");
  }
  bool intact = true;
  for (const auto& name : options.export_files) {
    std::ifstream file(name, std::ios::binary);
    if (!file) return fail(ErrorKind::not_found, "file_not_found", fmt::format("Cannot read {}.", name));
    intact = show(name, audit::verify_export(file, key, held)) && intact;
  }
  return intact ? exit_ok : exit_integrity;
}

Result<WorkspaceId> ledger_called(const Configuration& configuration, const std::string& name) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  if (name == "installation") return WorkspaceId();  // its own
  TRY(auto workspace, choose_workspace(installation->database(), name));
  return workspace.id;
}

Status write_export(const Configuration& configuration, const std::string& name) {
  TRY(const auto id, ledger_called(configuration, name));
  TRY_STATUS(record_outside_act(configuration, OutsideAct::ledger_export, id));  // so the export shows itself
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_only));
  return installation->database().read([&](store::Session& session) {
    return audit::export_ledger(session, id, installation->ledger_key(), [](std::string_view piece) -> Status {
      if (std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size()) return {};
      return fail(ErrorKind::unavailable, "output_failed", "Cannot write the export: check the disk or the pipe.");
    });
  });
}

}  // namespace

int run_audit_verify(const Configuration& configuration, const AuditOptions& options) {
  auto status = options.export_files.empty() ? verify_all(configuration, options.workspace)
                                             : verify_files(configuration, options);
  return status ? *status : report(status.error());
}

int run_audit_export(const Configuration& configuration, const AuditOptions& options) {
  auto status = write_export(configuration, options.workspace);
  return status ? static_cast<int>(exit_ok) : report(status.error());
}

}  // namespace answerable::app
