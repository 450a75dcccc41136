// `answerable init`: sets up an empty installation for real use, or with --demo one to look at.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "app/set_up.h"

namespace answerable::app {

namespace {

Status ask(std::string& answer, std::string_view question, std::string_view option) {
  if (!answer.empty()) return {};
  if (::isatty(STDIN_FILENO) == 0)
    return fail(ErrorKind::invalid, "option_missing",
                fmt::format("Give {} (nobody can be asked: stdin is not a terminal).", option));
  fmt::print(stderr, "{}: ", question);
  if (!std::getline(std::cin, answer) || answer.empty())
    return fail(ErrorKind::invalid, "option_missing", fmt::format("Nothing was entered: give {}.", option));
  return {};
}

Status init_demo(const Configuration& configuration) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::create));
  TRY(auto account, set_up_demo(*installation));
  fmt::print("Demo workspace ready. Sign in as {} with the password {}\n", account.email, account.password);
  fmt::print("The operator of the installation is {} with the password {}\n", account.operator_email,
             account.operator_password);
  return {};
}

Status init(const Configuration& configuration, InitOptions options) {
  TRY_STATUS(ask(options.workspace, "Name of the first workspace (your company)", "--workspace"));
  TRY_STATUS(ask(options.email, "Mail address of its administrator", "--email"));
  // An address belongs to one account, so the operator needs another one, even when it is the same person.
  if (::isatty(STDIN_FILENO) != 0)
    TRY_STATUS(
        ask(options.operator_email, "Mail address of the operator of the installation (another one)", "--operator"));
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::create));
  FirstPeople people;
  people.workspace = options.workspace;
  people.administrator_email = options.email;
  people.administrator_name = options.name.empty() ? options.email.substr(0, options.email.find('@')) : options.name;
  TRY(auto password, choose_password(options.password_stdin, people.administrator_email, people.administrator_name));
  people.administrator_hash = password.hash;
  people.must_change_password = password.was_made;
  people.demands_second_factor = options.demand_second_factor;
  ChosenPassword operator_password;
  if (!options.operator_email.empty()) {
    people.operator_email = options.operator_email;
    TRY(operator_password, choose_password(false, options.operator_email, "Operator"));
    people.operator_hash = operator_password.hash;
  }
  TRY_STATUS(set_up(*installation, people));
  fmt::print("Set up in {}.\n", configuration.data_dir);
  if (password.was_made)
    fmt::print("Administrator {} signs in with {} and then chooses a password.\n", people.administrator_email,
               password.text);
  if (!options.operator_email.empty())
    fmt::print("Operator {} signs in with {} and then chooses a password.\n", options.operator_email,
               operator_password.text);
  else
    fmt::print("There is no operator yet: add one with `answerable user add ADDRESS --role operator`.\n");
  fmt::print(
      "Keep a copy of {}/keys apart from your backups: without it encrypted attachments cannot be read.\n"
      "Next: `answerable doctor`, then `answerable serve`.\n",
      configuration.data_dir);
  return {};
}

}  // namespace

int run_init(const Configuration& configuration, const InitOptions& options) {
  auto status = options.demo ? init_demo(configuration) : init(configuration, options);
  return status ? static_cast<int>(exit_ok) : report(status.error());
}

}  // namespace answerable::app
