#include "app/command_line.h"

#include <fmt/format.h>
#include <sysexits.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "app/commands.h"
#include "app/completion.h"
#include "app/version.h"
#include "base/log.h"

namespace answerable::app {

namespace {

// What the chosen command needs: options are bound to it, `run` is set by the callback of the command.
struct Invocation {
  CommonOptions common;
  InitOptions init;
  UserOptions user;
  WorkspaceOptions workspace;
  std::vector<std::string> files, recipients;
  MailThreadInput thread;
  AuditOptions audit;
  ReconcileOptions reconcile;
  std::string sender, shell, vectors_kind, vectors_file;
  bool is_unannounced = false;
  std::function<int()> run;
};

void configure_log(const Configuration& c) {
  auto level = c.log_level == "debug"     ? log::Level::debug
               : c.log_level == "warning" ? log::Level::warning
               : c.log_level == "error"   ? log::Level::error
                                          : log::Level::info;
  bool json = c.log_format == "json" || (c.log_format == "auto" && ::isatty(STDERR_FILENO) == 0);
  log::configure(level, json ? log::Format::json : log::Format::text);
}

Result<LoadedConfiguration> configuration_of(const CommonOptions& common) {
  auto file = common.config_file;
  if (const char* named = std::getenv("ANSWERABLE_CONFIG"); file.empty() && named != nullptr) file = named;
  for (const char* usual : {"answerable.toml", "/etc/answerable/answerable.toml"}) {
    if (file.empty() && std::filesystem::exists(usual)) file = usual;
  }
  TRY(auto loaded, load_configuration(file, answerable_environment()));
  if (!common.data_dir.empty()) loaded.values.data_dir = common.data_dir;
  configure_log(loaded.values);
  return loaded;
}

using NeedsConfiguration = std::function<int(const Configuration&)>;

// `without`: the exit status when the configuration cannot be used.
void on_command(CLI::App* command, Invocation& invocation, NeedsConfiguration act, int without = exit_configuration) {
  command->callback([&invocation, act = std::move(act), without] {
    invocation.run = [&invocation, act, without] {
      auto loaded = configuration_of(invocation.common);
      if (!loaded) {
        report(loaded.error());
        return without;
      }
      return act(loaded->values);
    };
  });
}

void add_server_commands(CLI::App& app, Invocation& in) {
  auto* serve = app.add_subcommand("serve", "Run the server until SIGTERM or Ctrl-C");
  on_command(serve, in, [](const Configuration& c) { return run_serve(c); });

  auto* init =
      app.add_subcommand("init", "Set up an empty installation: keys, database, first workspace and administrator");
  init->add_option("--workspace", in.init.workspace, "Name of the first workspace");
  init->add_option("--email", in.init.email, "Mail address of its administrator");
  init->add_option("--name", in.init.name, "Name of its administrator");
  init->add_option("--operator", in.init.operator_email,
                   "Mail address of the operator of the installation, another one than the administrator's");
  init->add_flag("--password-stdin", in.init.password_stdin,
                 "Read the administrator's password from stdin; else one is made and shown");
  init->add_flag("--demand-second-factor", in.init.demand_second_factor,
                 "Demand a second factor of everybody from the start; administrators can change it");
  init->add_flag("--demo", in.init.demo, "A demo workspace with channels and people instead");
  on_command(init, in, [&in](const Configuration& c) { return run_init(c, in.init); });

  auto* restored = app.add_subcommand(
      "restored", "After a backup was put back, before the first start: nothing that waits is sent a second time");
  restored->footer("Stop the server first. Why, and what else there is to do: docs/operations/backup.md.");
  on_command(restored, in, [](const Configuration& c) { return run_restored(c); });

  auto* doctor = app.add_subcommand("doctor", "Check what the installation needs, and say what to do");
  on_command(doctor, in, [&in](const Configuration& c) { return run_doctor(c, in.common.json); });
}

void add_config_commands(CLI::App& app, Invocation& in) {
  auto* config = app.add_subcommand("config", "Show the configuration")->require_subcommand(0, 1);
  auto* show = config->add_subcommand("show", "Every setting, its value and where it came from");
  show->callback([&in] {
    in.run = [&in] {
      auto loaded = configuration_of(in.common);
      if (loaded) return run_config_show(*loaded, in.common.json);
      report(loaded.error());
      return static_cast<int>(exit_configuration);
    };
  });
  auto* example = config->add_subcommand("example", "A commented configuration file with every key");
  example->callback([&in] {
    in.run = [] {
      fmt::print("{}", example_configuration());
      return static_cast<int>(exit_ok);
    };
  });
}

void add_user_commands(CLI::App& app, Invocation& in) {
  auto* user = app.add_subcommand("user", "People of a workspace")->require_subcommand(0, 1);
  auto* add = user->add_subcommand("add", "Add a person; a password is made and shown unless --password-stdin");
  add->add_option("email", in.user.email, "Mail address")->required();
  add->add_option("--name", in.user.name, "Name to show");
  add->add_option("--role", in.user.role, "agent, supervisor, administrator, or operator of the installation")
      ->check(CLI::IsMember({"agent", "supervisor", "administrator", "operator"}));
  on_command(add, in, [&in](const Configuration& c) { return run_user_add(c, in.user); });

  auto* list = user->add_subcommand("list", "List people");
  on_command(list, in, [&in](const Configuration& c) { return run_user_list(c, in.common.json); });

  auto* passwd = user->add_subcommand("passwd", "Give a person a new password; ends all of that person's sessions");
  passwd->add_option("email", in.user.email, "Mail address")->required();
  on_command(passwd, in, [&in](const Configuration& c) { return run_user_passwd(c, in.user); });

  auto* disable = user->add_subcommand("disable", "Take a person's access away at once");
  disable->add_option("email", in.user.email, "Mail address")->required();
  on_command(disable, in, [&in](const Configuration& c) { return run_user_disable(c, in.user); });

  for (auto* command : {add, passwd}) {
    command->add_flag("--password-stdin", in.user.password_stdin, "Read the password from stdin");
  }
  for (auto* command : {add, list, passwd, disable}) {
    command->add_option("--workspace", in.user.workspace, "Name or id of the workspace, when there are several");
  }
}

void add_workspace_commands(CLI::App& app, Invocation& in) {
  auto* workspace = app.add_subcommand("workspace", "Workspaces of the installation")->require_subcommand(0, 1);
  auto* add =
      workspace->add_subcommand("add", "Add a workspace and its first administrator, who must change the password");
  add->add_option("name", in.workspace.name, "Name of the workspace")->required();
  add->add_option("--email", in.workspace.email, "Mail address of its administrator")->required();
  add->add_option("--name", in.workspace.administrator, "Name of its administrator");
  add->add_flag("--password-stdin", in.workspace.password_stdin,
                "Read the password from stdin; else one is made and shown");
  add->add_flag("--demand-second-factor", in.workspace.demand_second_factor,
                "Demand a second factor of everybody from the start; administrators can change it");
  on_command(add, in, [&in](const Configuration& c) { return run_workspace_add(c, in.workspace); });
  auto* list = workspace->add_subcommand("list", "List workspaces with the number of their people");
  on_command(list, in, [&in](const Configuration& c) { return run_workspace_list(c, in.common.json); });
}

void add_mail_commands(CLI::App& app, Invocation& in) {
  auto* mail = app.add_subcommand("mail", "Read and deliver mail")->require_subcommand(0, 1);
  auto* parse =
      mail->add_subcommand("parse", "Print one JSON object a line for each message file; needs no installation");
  parse->add_flag("--json", in.common.json, "JSON lines (the default and only form)");
  parse->add_option("file", in.files, "Message files; - is stdin")->required();
  parse->callback([&in] { in.run = [&in] { return run_mail_parse(in.files); }; });

  auto* thread = mail->add_subcommand(
      "thread", "Print which conversation each message file of one mailbox joins; needs no installation");
  thread->add_flag("--json", in.common.json, "JSON lines (the default and only form)");
  thread->add_option("file", in.thread.files, "Message files in order of arrival")->required();
  thread
      ->add_option("--mailbox", in.thread.mailbox, "desk: participants join; list: everybody takes part; default: auto")
      ->check(CLI::IsMember({"auto", "desk", "list"}));
  thread->add_option("--trusted-results", in.thread.trusted_results,
                     "Believe no From but by the Authentication-Results of this server; default: believe From");
  thread->footer("The rules are in docs/operations/who-may-speak.md.");
  thread->callback([&in] { in.run = [&in] { return run_mail_thread(in.thread); }; });

  auto* deliver = mail->add_subcommand("deliver", "Hand over one message from stdin, as a mail server's pipe does");
  deliver->add_option("--from", in.sender, "Envelope sender; default: Return-Path of the message");
  deliver->add_option(
      "--to", in.recipients,
      "Envelope recipient, each a channel's address; default: those of Delivered-To, else of To and Cc, "
      "that are");
  deliver->footer(
      "Exit status, as mail servers read it (sysexits.h): 0 taken, 64 usage, 65 the message cannot be taken,\n"
      "67 no channel has such an address, 75 not now: deliver it again (also when the configuration is wrong).");
  on_command(
      deliver, in, [&in](const Configuration& c) { return run_mail_deliver(c, in.sender, in.recipients); },
      EX_TEMPFAIL);
}

void add_reconcile_command(CLI::App& app, Invocation& in) {
  auto* reconcile = app.get_subcommand("mail")->add_subcommand(
      "reconcile", "Is everything here that the mailboxes have? Beside a running server; changes nothing");
  reconcile->add_option("--workspace", in.reconcile.workspace, "Name or id; default: all");
  reconcile->add_option("--channel", in.reconcile.channel, "Name, address or id; default: all");
  reconcile->add_flag("--json", in.common.json, "JSON lines");
  reconcile->footer("Exit status: 0 nothing is missing, 8 something is, 9 a mailbox could not be asked.");
  on_command(reconcile, in, [&in](const Configuration& c) {
    in.reconcile.json = in.common.json;
    return run_mail_reconcile(c, in.reconcile);
  });
}

void add_audit_proofs(CLI::App* audit, Invocation& in) {
  auto* checkpoint = audit->add_subcommand("checkpoint", "Print the newest signed checkpoint: keep it somewhere else");
  on_command(checkpoint, in, [&in](const Configuration& c) { return run_audit_checkpoint(c, in.audit); });
  auto* prove = audit->add_subcommand("prove", "Print a proof that can be checked offline with the public key alone");
  auto* entry = prove->add_option("--entry", in.audit.entry, "That the entry with this number is in the ledger")
                    ->check(CLI::NonNegativeNumber);
  prove->add_option("--held", in.audit.held_file, "That the ledger continues the checkpoint in this file")
      ->excludes(entry);
  on_command(prove, in, [&in](const Configuration& c) { return run_audit_prove(c, in.audit); });
  for (auto* command : {checkpoint, prove}) {
    command->add_option("--workspace", in.audit.workspace, "Name or id of the workspace; default: the installation");
  }
}

void add_audit_commands(CLI::App& app, Invocation& in) {
  auto* audit = app.add_subcommand("audit", "The ledger")->require_subcommand(0, 1);
  auto* verify = audit->add_subcommand("verify", "Recompute the ledger and name the first entry that does not fit");
  auto* file = verify->add_option("--export", in.audit.export_files,
                                  "Verify exported files instead of the installation's database");
  verify->add_option("--proof", in.audit.proof_file, "Verify a file of audit prove")->excludes(file);
  verify->add_option("--held", in.audit.held_file, "A checkpoint that you kept, which the proof or the file continues");
  verify->add_option("--key", in.audit.key,
                     "Public key to verify that file with (name+hash+base64); default: this installation's");
  on_command(verify, in, [&in](const Configuration& c) {
    return in.audit.proof_file.empty() ? run_audit_verify(c, in.audit) : run_audit_verify_proof(c, in.audit);
  });
  auto* exported = audit->add_subcommand("export", "Write a workspace's ledger to stdout (docs/formats/ledger.md)");
  on_command(exported, in, [&in](const Configuration& c) { return run_audit_export(c, in.audit); });
  for (auto* command : {verify, exported}) {
    command->add_option("--workspace", in.audit.workspace, "Name or id of the workspace; verify: default all");
  }
  auto* evidence = audit->add_subcommand("evidence", "Check an evidence pack of an incident, offline with --key");
  evidence->add_option("FILE", in.audit.proof_file, "The pack: docs/formats/evidence.md")->required();
  evidence->add_option("--key", in.audit.key, "The installation's public key; default: of this data folder");
  on_command(evidence, in, [&in](const Configuration& c) { return run_audit_evidence(c, in.audit); });
  add_audit_proofs(audit, in);
}

void add_keys_commands(CLI::App& app, Invocation& in) {
  auto* keys = app.add_subcommand("keys", "The installation's secret keys")->require_subcommand(0, 1);
  auto* replace = keys->add_subcommand("replace", "Make a new installation key and seal everything under it");
  replace->footer("Stop the server first. Interrupted, it can be run again (docs/operations/cryptography.md).");
  on_command(replace, in, [](const Configuration& c) { return run_keys_replace(c); });
  auto* ledger = keys->add_subcommand("replace-ledger", "Make a new key of the ledger; the old one announces it");
  ledger->add_flag("--unannounced", in.is_unannounced,
                   "The old key is lost or known to others: begin a new epoch that it has not signed");
  ledger->footer("Stop the server first. Interrupted, it can be run again (docs/operations/cryptography.md).");
  on_command(ledger, in, [&in](const Configuration& c) { return run_keys_replace_ledger(c, in.is_unannounced); });
}

void add_vectors_command(CLI::App& app, Invocation& in) {
  auto* vectors =
      app.add_subcommand("vectors", "Run known-answer vectors through our cryptography, one JSON line each");
  vectors->add_option("kind", in.vectors_kind, "merkle, totp or webhook")
      ->required()
      ->check(CLI::IsMember({"merkle", "totp", "webhook"}));
  vectors->add_option("file", in.vectors_file, "A JSON array (docs/formats/vectors.md); - is stdin")->required();
  vectors->callback([&in] { in.run = [&in] { return run_vectors(in.vectors_kind, in.vectors_file); }; });
}

void add_policy_commands(CLI::App& app, Invocation& in) {
  auto* policy = app.add_subcommand("policy", "The acceptable-use policy")->require_subcommand(0, 1);
  auto* check = policy->add_subcommand("check", "Run the self-test of every control; needs no installation");
  check->add_flag("--json", in.common.json, "JSON lines");
  check->footer("Exit status: 0 every control bites, 1 one does not.");
  check->callback([&in] {
    in.run = [&in] {
      const auto loaded = configuration_of(in.common);
      return run_policy_check(loaded ? loaded->values.data_dir : in.common.data_dir, in.common.json);
    };
  });
}

void add_small_commands(CLI::App& app, Invocation& in) {
  auto* version = app.add_subcommand("version", "Print the version");
  version->callback([&in] {
    in.run = [] {
      fmt::print("answerable {}\n", version_text());
      return static_cast<int>(exit_ok);
    };
  });
  auto* help = app.add_subcommand("help", "Print this help");
  help->callback([&app, &in] {
    in.run = [&app] {
      // Not app.help(): that is about the command that was given, which is this one.
      fmt::print("{}", app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::All));
      return static_cast<int>(exit_ok);
    };
  });
  auto* completion = app.add_subcommand("completion", "Print a completion script: answerable completion bash > …");
  completion->add_option("shell", in.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, &in] {
    in.run = [&app, &in] {
      fmt::print("{}", completion_script(app, in.shell));
      return static_cast<int>(exit_ok);
    };
  });
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"Answerable: every message of a customer collected once, answered once, and on record.", "answerable"};
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "answerable " + version_text());
  app.footer(
      "First time: answerable init. Every command has --help. Exit status: 0 ok, 1 failed, 2 usage, 3 configuration,\n"
      "4 not found, 5 refused, 6 already running, 7 integrity broken, 8 done in part, 9 unreachable.");
  Invocation invocation;
  app.add_option("--config", invocation.common.config_file,
                 "Configuration file (default: $ANSWERABLE_CONFIG, else ./answerable.toml, else /etc/answerable/)");
  app.add_option("--data", invocation.common.data_dir, "Data folder (overrides server.data_dir)");
  app.add_flag("--json", invocation.common.json, "Machine-readable output");
  app.fallthrough();

  add_server_commands(app, invocation);
  add_config_commands(app, invocation);
  add_user_commands(app, invocation);
  add_workspace_commands(app, invocation);
  add_mail_commands(app, invocation);
  add_reconcile_command(app, invocation);
  add_audit_commands(app, invocation);
  add_keys_commands(app, invocation);
  add_vectors_command(app, invocation);
  add_policy_commands(app, invocation);
  add_small_commands(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    int status = app.exit(error);
    return status == 0 ? exit_ok : exit_usage;
  }
  if (invocation.run) return invocation.run();
  fmt::print(stderr, "{}", app.help());  // of the command that was given, for it needs another one behind it
  return exit_usage;
}

}  // namespace answerable::app
