// The commands of the program. Each returns its exit status. stdout carries data, stderr talk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "base/result.h"

namespace answerable::app {

enum ExitStatus : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_configuration = 3,
  exit_not_found = 4,
  exit_refused = 5,
  exit_running = 6,  // another process holds the data folder
  exit_integrity = 7,
  exit_partly = 8,
  exit_unavailable = 9,
};

struct CommonOptions {
  std::string config_file;
  std::string data_dir;  // overrides server.data_dir
  bool json = false;     // machine-readable output
};

struct InitOptions {
  std::string workspace;  // name of the first workspace; asked for on a terminal when empty
  std::string email;      // of the first administrator
  std::string name;
  std::string operator_email;
  bool demo = false;  // a demo workspace with channels and conversations instead
  // The administrator's password is the first line of stdin; otherwise one is made and shown.
  bool password_stdin = false;
  bool demand_second_factor = false;  // of everybody, operators too
};

struct UserOptions {
  std::string workspace;  // name or id; may be empty when there is only one
  std::string email, name, role = "agent";
  bool password_stdin = false;
};

struct WorkspaceOptions {
  std::string name;
  std::string email, administrator;  // of the first administrator
  bool password_stdin = false;
  bool demand_second_factor = false;
};

struct ReconcileOptions {
  std::string workspace;  // name or id; empty: all
  std::string channel;    // name, address or id; empty: all
  bool json = false;
};

struct AuditOptions {
  std::string workspace;                  // name or id
  std::vector<std::string> export_files;  // verify these instead of the database
  std::string key;                        // the public key to verify the file with; default: this installation's
  std::string proof_file;                 // verify this proof
  std::string held_file;                  // a checkpoint that was kept: that the proof or the ledger continues it
  std::int64_t entry = -1;                // prove this one
};

int run_serve(const Configuration& configuration);
int run_init(const Configuration& configuration, const InitOptions& options);
int run_restored(const Configuration& configuration);  // needs the data folder for itself
int run_doctor(const Configuration& configuration, bool json);
int run_config_show(const LoadedConfiguration& loaded, bool json);
int run_user_add(const Configuration& configuration, const UserOptions& options);
int run_user_list(const Configuration& configuration, bool json);
int run_user_passwd(const Configuration& configuration, const UserOptions& options);
int run_user_disable(const Configuration& configuration, const UserOptions& options);
int run_workspace_add(const Configuration& configuration, const WorkspaceOptions& options);
int run_workspace_list(const Configuration& configuration, bool json);
int run_mail_parse(const std::vector<std::string>& files);  // "-" is stdin
struct MailThreadInput {
  std::vector<std::string> files;
  std::string mailbox = "auto";  // "desk", "list"
  std::string trusted_results;   // an authserv-id; empty: whoever stands in From is believed
};
int run_mail_thread(const MailThreadInput& input);
int run_mail_deliver(const Configuration& configuration, const std::string& from, const std::vector<std::string>& to);
// exit_partly when something is missing.
int run_mail_reconcile(const Configuration& configuration, const ReconcileOptions& options);
// Needs no installation; where there is one, its server shows the results. exit_failed when a control is broken.
int run_policy_check(const std::string& data_dir, bool json);
int run_audit_verify(const Configuration& configuration, const AuditOptions& options);
int run_audit_checkpoint(const Configuration& configuration, const AuditOptions& options);
int run_audit_prove(const Configuration& configuration, const AuditOptions& options);
int run_audit_verify_proof(const Configuration& configuration, const AuditOptions& options);
int run_audit_evidence(const Configuration& configuration, const AuditOptions& options);
int run_audit_export(const Configuration& configuration, const AuditOptions& options);
// Needs the data folder for itself. exit_partly when something could not be read, before or after.
int run_keys_replace(const Configuration& configuration);
int run_keys_replace_ledger(const Configuration& configuration, bool is_unannounced);
int run_vectors(const std::string& kind, const std::string& file);  // "-" is stdin

// Says on stderr what went wrong and what to do, and gives the exit status that fits.
int report(const Error& error);
// The first line of stdin, without its end. Errors: invalid "no_input".
Result<std::string> read_line_from_stdin();

}  // namespace answerable::app
