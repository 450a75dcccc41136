// `answerable audit checkpoint|prove` and `audit verify --proof`: proofs for whoever does not have the database.
#include <fmt/format.h>

#include <cstdio>

#include "app/installation.h"
#include "app/people.h"
#include "app/read_file.h"
#include "audit/entry.h"
#include "audit/proof_file.h"
#include "audit/prove.h"
#include "base/clock.h"

namespace answerable::app {

namespace {

Result<std::unique_ptr<Installation>> open(const Configuration& configuration, const Clock& clock) {
  return Installation::open(configuration, clock, Opening::read_only);
}

Result<WorkspaceId> ledger_of(store::Database& database, const std::string& name) {
  if (name.empty() || name == "installation") return WorkspaceId();  // its own
  TRY(auto workspace, choose_workspace(database, name));
  return workspace.id;
}

Result<std::string> checkpoint(const Configuration& configuration, const std::string& name) {
  SystemClock clock;
  TRY(auto installation, open(configuration, clock));
  TRY(auto ledger, ledger_of(installation->database(), name));
  TRY(auto note, installation->database().query(
                     [&](store::Session& session) { return audit::newest_checkpoint(session, ledger); }));
  if (note) return *note;
  return fail(ErrorKind::not_found, "no_checkpoint",
              "There is no checkpoint yet: the running server signs them. Start it, and ask again.");
}

Result<std::string> proof(const Configuration& configuration, const AuditOptions& options) {
  if (options.entry < 0 && options.held_file.empty())
    return fail(ErrorKind::invalid, "nothing_to_prove", "Say what to prove: --entry NUMBER or --held FILE.");
  SystemClock clock;
  TRY(auto installation, open(configuration, clock));
  auto& database = installation->database();
  const auto& key = installation->ledger_key().public_key();
  if (!options.held_file.empty()) {
    TRY(auto held, read_file(options.held_file));
    return database.query([&](store::Session& session) { return audit::prove_growth(session, key, held); });
  }
  TRY(auto ledger, ledger_of(database, options.workspace));
  return database.query(
      [&](store::Session& session) { return audit::prove_entry(session, key, ledger, options.entry); });
}

Status verify_entry(const audit::PublicKey& key, std::string_view file) {
  TRY(const auto chain, audit::open_entry_proof(key, file));
  for (const auto& proven : chain) {
    TRY(auto act, audit::decode_entry(proven.entry));
    fmt::print("intact: entry {} of {}, in the signed tree of {}: {} by {} {}\n", proven.seq,
               audit::origin_of(key, proven.checkpoint.ledger), proven.checkpoint.head.size, act.action, act.actor.kind,
               act.actor.id);
  }
  return {};
}

Result<audit::PublicKey> key_given(const Configuration& configuration, const std::string& text) {
  if (!text.empty()) return audit::parse_public_key(text);
  SystemClock clock;
  TRY(auto installation, open(configuration, clock));
  return installation->ledger_key().public_key();
}

Status verify_proof(const Configuration& configuration, const AuditOptions& options) {
  TRY(auto key, key_given(configuration, options.key));
  TRY(auto file, read_file(options.proof_file));
  if (options.held_file.empty()) return verify_entry(key, file);
  TRY(auto held, read_file(options.held_file));
  TRY(auto newer, audit::open_growth_file(key, held, file));
  fmt::print("intact: {} has grown to {} entries and continues the checkpoint that you hold\n",
             audit::origin_of(key, newer.ledger), newer.head.size);
  return {};
}

int print(const Result<std::string>& text) {
  if (!text) return report(text.error());
  std::fwrite(text->data(), 1, text->size(), stdout);
  return exit_ok;
}

}  // namespace

int run_audit_checkpoint(const Configuration& configuration, const AuditOptions& options) {
  return print(checkpoint(configuration, options.workspace));
}

int run_audit_prove(const Configuration& configuration, const AuditOptions& options) {
  return print(proof(configuration, options));
}

int run_audit_verify_proof(const Configuration& configuration, const AuditOptions& options) {
  auto status = verify_proof(configuration, options);
  if (status) return exit_ok;
  const auto& code = status.error().code;
  report(status.error());
  return code.starts_with("proof_") || code.starts_with("checkpoint_") || code.starts_with("key_change_") ||
                 code == "key_unknown" || code == "entry_malformed"
             ? exit_integrity
             : exit_failed;
}

}  // namespace answerable::app
