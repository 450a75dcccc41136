#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <future>

#include "access/password.h"
#include "app/demo_mail.h"
#include "app/set_up.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "intake/accept.h"
#include "intake/channel.h"
#include "intake/channel_directory.h"

namespace answerable::app {

namespace {

constexpr const char* demo_address = "support@demo.example";

std::string account_file(const std::string& data_dir) { return data_dir + "/demo-account"; }

Status write_account(const std::string& data_dir, const DemoAccount& account) {
  auto text = fmt::format("{}\n{}\n{}\n{}\n", account.email, account.password, account.operator_email,
                          account.operator_password);
  int fd = ::open(account_file(data_dir).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written)
    return fail(ErrorKind::unavailable, "data_folder_unwritable",
                fmt::format("Cannot write {}: {}.", account_file(data_dir), std::strerror(errno)));
  return {};
}

Status add_people(Installation& installation, WorkspaceId workspace, const std::string& hash) {
  struct Person {
    const char *name, *email;
    access::Role role;
  };
  constexpr Person people[] = {{"Nora Lindqvist", "nora@demo.example", access::Role::agent},
                               {"Théo Marchand", "theo@demo.example", access::Role::agent},
                               {"Imani Okoye", "imani@demo.example", access::Role::supervisor}};
  return installation.database().write([&](store::Transaction& tx) -> Status {
    for (const auto& person : people) {
      access::NewUser user{.workspace = workspace,
                           .name = person.name,
                           .email = person.email,
                           .role = person.role,
                           .password_hash = hash,
                           .must_change_password = false};
      TRY_STATUS(access::create_user(tx, access::system_actor(workspace), user));
    }
    return {};
  });
}

Status add_channels(Installation& installation, intake::ChannelDirectory& directory, WorkspaceId workspace) {
  return installation.database().write([&](store::Transaction& tx) -> Status {
    intake::NewChannel mail;
    mail.kind = "email";
    mail.name = "Support mail";
    mail.address = demo_address;
    mail.config = R"({"from_name":"Lumen Lamps"})";
    TRY_STATUS(intake::create_channel(tx, directory, access::system_actor(workspace), mail));
    intake::NewChannel chat;
    chat.kind = "webchat";
    chat.name = "Chat on our shop";
    chat.config = R"({"greeting":"Hello! How can we help?","color":"#7A2A5E","language":"en"})";
    TRY_STATUS(intake::create_channel(tx, directory, access::system_actor(workspace), chat));
    return {};
  });
}

Status deliver(intake::Intake& intake, intake::Arrival arrival) {
  std::promise<Status> accepted;
  intake.accept(std::move(arrival), nullptr, [&](Status status) { accepted.set_value(std::move(status)); });
  return accepted.get_future().get();
}

Status add_mails(Installation& installation, intake::ChannelDirectory& directory) {
  auto channel = directory.find_by_address(demo_address);
  if (!channel) return fail(ErrorKind::internal, "demo_channel_missing");
  auto intake = intake::Intake::make(
      {installation.database(), installation.blobs(), directory, installation.clock(), installation.metrics()});
  // Their senders are ours to make up, and follow-ups join.
  auto believe = [](const intake::Arrival&, const std::string&) {
    return mail::SenderAuthentication{mail::SenderAuthentication::Verdict::pass, {}};
  };
  intake->normalise_with("email", channels::normalise_mail_with(installation.keys().reply_tokens, believe));
  TRY_STATUS(intake->start());
  for (auto& mail : demo_mails(installation.clock().now(), demo_address)) {
    auto arrival = channels::mail_arrival(*channel, std::move(mail.raw), installation.clock().now());
    arrival.envelope_from = mail.from;
    arrival.envelope_to = {demo_address};
    TRY_STATUS(deliver(*intake, std::move(arrival)));
    intake->wait_until_idle();  // one after the other, so that the newest is on top
  }
  intake->stop();
  return {};
}

}  // namespace

Result<DemoAccount> load_demo_account(const std::string& data_dir) {
  std::ifstream file(account_file(data_dir));
  DemoAccount account;
  if (!std::getline(file, account.email) || !std::getline(file, account.password))
    return fail(ErrorKind::not_found, "no_demo", "This is not a demo installation.");
  std::getline(file, account.operator_email);
  std::getline(file, account.operator_password);
  return account;
}

Result<DemoAccount> set_up_demo(Installation& installation) {
  DemoAccount account{"admin@demo.example", access::make_temporary_password(), "operator@demo.example",
                      access::make_temporary_password()};
  TRY(auto hash, access::hash_password(account.password));
  TRY_STATUS(write_account(installation.configuration().data_dir, account));
  FirstPeople people;
  people.workspace = "Lumen Lamps (demo)";
  people.administrator_name = "Alex Demo";
  people.administrator_email = account.email;
  people.administrator_hash = hash;
  people.operator_email = account.operator_email;
  TRY(people.operator_hash, access::hash_password(account.operator_password));
  people.must_change_password = people.must_change_operator_password = false;
  TRY(auto workspace, set_up(installation, people));
  TRY_STATUS(add_people(installation, workspace.id, hash));
  intake::ChannelDirectory directory(installation.keys().channel_secrets);
  TRY_STATUS(add_channels(installation, directory, workspace.id));
  TRY_STATUS(directory.refresh(installation.database()));
  TRY_STATUS(add_mails(installation, directory));
  return account;
}

}  // namespace answerable::app
