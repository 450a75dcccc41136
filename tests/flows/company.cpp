#include "flows/company.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <set>

#include "access/password.h"
#include "access/user.h"
#include "app/set_up.h"
#include "audit/verify.h"
#include "conversations/list.h"
#include "conversations/snooze.h"
#include "intake/channel.h"
#include "intake/channel_directory.h"
#include "lib/sign_mail.h"
#include "outbox/attempt.h"

namespace answerable::flows {

namespace {

constexpr auto patience = std::chrono::seconds(60);  // of real time

// The least that libsodium takes: a flow is not about how long hashing takes.
constexpr access::PasswordCost cheap_cost{.memory_bytes = 8'192, .passes = 1};

std::string cheap_hash() {
  static const std::string hash = must(access::hash_password(Company::password, cheap_cost));
  return hash;
}

access::Actor actor_of(const access::User& user) {
  access::Actor actor;
  actor.kind = access::Actor::Kind::user;
  actor.workspace = user.workspace;
  actor.role = user.role;
  actor.user = user.id;
  actor.name = user.name;
  return actor;
}

}  // namespace

Company::Company() {
  configuration_.listen = "127.0.0.1:0";
  configuration_.lmtp_listen = "127.0.0.1:0";
  configuration_.data_dir = folder_.path() + "/data";
  configuration_.mail_domain = "flow.example";
  configuration_.worker_threads = 4;
  configuration_.database_readers = 4;
  configuration_.relay_host = "127.0.0.1";
  configuration_.relay_port = relay_.port();
  configuration_.relay_security = "none";
  dns().start();
  configuration_.mail_dns_servers = dns().address();
  set_up();
  start();
}

testing::DnsServer& Company::dns() {
  static const auto key = testing::SigningKey::shared().record();
  static testing::DnsServer server({{"s1._domainkey.example.org", key},
                                    {"s1._domainkey.example.net", key},
                                    {"s1._domainkey.bank.example", key},
                                    {"_dmarc.bank.example", "v=DMARC1; p=reject"}});
  return server;
}

Company::~Company() {
  if (server_) stop();
}

void Company::set_up() {
  std::filesystem::create_directory(configuration_.data_dir);
  static const auto migrations = app::all_migrations();
  store::put_migrated(configuration_.data_dir + "/answerable.db", migrations);
  auto installation = must(app::Installation::open(configuration_, clock_, app::Opening::create));
  app::FirstPeople first;
  first.workspace = "Flow";
  first.administrator_name = "Alex";
  first.administrator_email = email_of("alex");
  first.administrator_hash = cheap_hash();
  first.must_change_password = false;
  workspace_ = must(app::set_up(*installation, first)).id;
  intake::ChannelDirectory directory(installation->keys().channel_secrets);
  must(installation->database().write([&](store::Transaction& tx) -> Status {
    auto system = access::system_actor(workspace_);
    for (const auto& [name, role] : {std::pair("Nora", access::Role::agent), std::pair("Theo", access::Role::agent),
                                     std::pair("Imani", access::Role::supervisor)}) {
      std::string local = name;
      local[0] = static_cast<char>(local[0] - 'A' + 'a');
      TRY_STATUS(access::create_user(tx, system,
                                     {.workspace = workspace_,
                                      .name = name,
                                      .email = email_of(local),
                                      .role = role,
                                      .password_hash = cheap_hash(),
                                      .must_change_password = false}));
    }
    intake::NewChannel mail;
    mail.kind = "email";
    mail.name = "Help";
    mail.address = mail_address;
    TRY(auto mail_channel, intake::create_channel(tx, directory, system, mail));
    intake::NewChannel chat;
    chat.kind = "webchat";
    chat.name = "Chat";
    TRY(auto chat_channel, intake::create_channel(tx, directory, system, chat));
    mail_channel_ = mail_channel.id;
    chat_channel_ = chat_channel.id;
    return {};
  }));
  auto users = must(installation->database().query([&](store::Session& s) { return access::users(s, workspace_); }));
  for (const auto& user : users) people_[user.email.substr(0, user.email.find('@'))] = actor_of(user);
}

void Company::stop() {
  server_.reset();
  on_wake_.reset();
  installation_.reset();
}

void Company::start() {
  installation_ = must(app::Installation::open(configuration_, clock_, app::Opening::read_write));
  on_wake_ = installation_->fanout().on_wake([this](WorkspaceId) {
    std::lock_guard lock(mutex_);
    ++wakes_;
    woken_.notify_all();
  });
  server_ = must(app::Server::start(*installation_));
}

access::Actor Company::actor(const std::string& name) const {
  const auto found = people_.find(name);
  if (found == people_.end()) throw Trouble{"alex, imani, nora or theo", name};
  return found->second;
}

bool Company::is_settled() {
  return must(database().query([](store::Session& session) -> Result<bool> {
    TRY(auto sending, session.number("select count(*) from deliveries where state = 1"));
    TRY(auto due, outbox::next_due(session));
    TRY(auto wake, conversations::next_wake(session));
    const auto now = session.now();
    return sending == 0 && (!due || *due > now) && (!wake || *wake > now);
  }));
}

void Company::settle() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    std::int64_t seen = 0;
    {
      std::lock_guard lock(mutex_);
      seen = wakes_;
    }
    server_->wait_until_idle();
    must(server_->outbox().run_once());
    if (is_settled()) return server_->wait_until_idle();
    if (std::chrono::steady_clock::now() > deadline) throw Trouble{"nothing under way", "still busy after a minute"};
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, std::chrono::seconds(1), [&] { return wakes_ != seen; });
  }
}

void Company::advance(std::int64_t ms) {
  clock_.advance_ms(ms);
  settle();
}

void Company::check_accounts() {
  settle();
  check_stored();
  check_mails();
}

void Company::check_stored() {
  auto alex = actor("alex");
  auto key = installation_->ledger_key().public_key();
  must(database().read([&](store::Session& session) -> Status {
    TRY(auto ledger, audit::verify(session, workspace_, key));
    if (!ledger.ok)
      throw Trouble{"a ledger that verifies", ledger.first_bad ? ledger.first_bad->reason : "it does not"};
    TRY(auto stats, intake::channel_stats(session, workspace_));
    for (const auto& [id, s] : stats) {
      const auto sum = s.appended + s.duplicates + s.bounces + s.loops + s.quarantined + s.held + s.waiting;
      if (s.received != sum || s.waiting != 0)
        throw Trouble{std::to_string(s.received) + " arrivals accounted for",
                      std::to_string(sum) + ", " + std::to_string(s.waiting) + " waiting"};
    }
    TRY(auto events, session.number("select count(*) from events where workspace_id = $1", {workspace_}));
    TRY(auto last, session.number("select max(seq) from events where workspace_id = $1", {workspace_}));
    if (events != last) throw Trouble{std::to_string(last) + " events without gap", std::to_string(events)};
    using conversations::View;
    for (auto view : {View::all, View::mine, View::unassigned, View::snoozed, View::closed}) {
      TRY(auto page,
          conversations::list_conversations(session, alex, {.view = view, .channel = {}, .assignee = {}, .tag = {}}, {},
                                            conversations::list_page_max));
      if (page.total != static_cast<std::int64_t>(page.items.size()))
        throw Trouble{"a list of " + std::to_string(page.total), std::to_string(page.items.size())};
    }
    return {};
  }));
}

void Company::check_mails() const {
  const auto mails = relay_.mails();
  std::map<std::string, std::string> by_id;
  std::set<std::pair<std::string, std::string>> got;  // which mail each recipient has
  int copies = 0;
  for (const auto& mail : mails) {
    const auto start = mail.raw.find("Message-ID: ");
    const auto id = start == std::string::npos ? "" : mail.raw.substr(start, mail.raw.find('>', start) - start);
    if (id.empty()) throw Trouble{"a mail with a Message-ID", mail.raw};
    const auto known = by_id.emplace(id, mail.raw).first;
    for (const auto& to : mail.to) copies += got.emplace(id, to).second ? 0 : 1;
    if (known->second != mail.raw)
      throw Trouble{"copies of the same bytes", known->second + "\n--- and ---\n" + mail.raw};
  }
  const int allowed = relay_.cuts() + copies_allowed_;
  if (copies > allowed) throw Trouble{"at most " + std::to_string(allowed) + " extra copies", std::to_string(copies)};
}

}  // namespace answerable::flows
