#include "app/policy_work.h"

#include "access/application.h"
#include "access/breach.h"
#include "app/check_results.h"
#include "app/controls.h"
#include "base/log.h"
#include "channels/email/smtp_client.h"
#include "conversations/rescan.h"
#include "mail/build.h"
#include "policy/agreement.h"
#include "policy/cure.h"
#include "policy/payment.h"
#include "policy/statement.h"

namespace answerable::app {

namespace {

constexpr int notices_at_once_max = 20;

Result<std::string> bytes_of(const policy::Notice& notice, Time now, const std::string& from) {
  TRY(auto id, mail::MessageIdText::make(notice.id.text() + from.substr(from.find('@'))));
  TRY(auto sender, mail::Mailbox::make("Answerable", from));
  TRY(auto recipient, mail::Mailbox::make("", notice.recipient));
  mail::OutgoingMessage message{.message_id = std::move(id),
                                .date = now,
                                .from = std::move(sender),
                                .to = {std::move(recipient)},
                                .subject = mail::HeaderText::clean(notice.subject),
                                .text = notice.text,
                                .auto_submitted = true};
  return mail::build_message(message);
}

// The same Message-ID on every attempt.
channels::SmtpOutcome send(const policy::Notice& notice, Installation& at, const channels::Relay& relay) {
  const auto& domain = at.configuration().mail_domain;
  const auto from = "postmaster@" + domain;
  const auto bytes = bytes_of(notice, at.clock().now(), from);
  if (!bytes) return {.outcome = outbox::Outcome::failed, .detail = bytes.error().detail};
  channels::SmtpClientOptions options;
  options.hostname = domain;
  options.ca_file = at.configuration().mail_ca_file;
  options.reach = relay.reach;
  return channels::send_mail(relay.server, relay.password, {.from = from, .to = {notice.recipient}, .bytes = *bytes},
                             options);
}

Status send_notices(Installation& at, const channels::Relay& relay, const std::stop_token& stop) {
  TRY(const auto due,
      at.database().query([](store::Session& session) { return policy::due_notices(session, notices_at_once_max); }));
  for (const auto& notice : due) {
    if (stop.stop_requested()) break;
    const auto outcome = send(notice, at, relay);
    const bool is_sent = outcome.outcome == outbox::Outcome::sent;
    if (!is_sent) log::warning("notice_not_sent", {{"notice", notice.id.text()}, {"detail", outcome.detail}});
    TRY_STATUS(at.database().write(
        [&](store::Transaction& tx) { return policy::record_notice(tx, notice, is_sent, outcome.detail); }));
  }
  return {};
}

}  // namespace

// Alarms of incidents whose clock runs.
Status follow_incidents(store::Database& database) {
  TRY(const bool is_due, database.query([](store::Session& session) { return access::is_alarm_due(session); }));
  if (!is_due) return {};
  return database.write([](store::Transaction& tx) { return access::tell_due_alarms(tx, policy::privacy_address); });
}

Status follow_policy(store::Database& database) {
  TRY_STATUS(follow_incidents(database));
  TRY(const bool has_work, database.query([](store::Session& session) -> Result<bool> {
    TRY(const bool is_cured, policy::is_anything_cured(session));
    if (is_cured) return true;
    return policy::is_any_order_due(session);
  }));
  if (!has_work) return {};
  return database.write([](store::Transaction& tx) -> Status {
    TRY_STATUS(policy::advance_orders(tx));
    TRY_STATUS(policy::resume_cured(tx));
    return {};
  });
}

std::vector<Housekeeper::Task> policy_tasks(Installation& installation, std::optional<channels::Relay> relay,
                                            policy::Scanner* scanner) {
  auto test = [&at = installation, scanner](const std::stop_token& stop) {
    return test_controls(at.database(), at.clock(), scanner, stop);
  };
  auto date_legacy = [&at = installation](const std::stop_token&) {
    return at.database().write([](store::Transaction& tx) { return access::date_legacy_applications(tx); });
  };
  auto take = [&at = installation](const std::stop_token&) -> Status {
    TRY_STATUS(take_check_results(at.database(), at.configuration().data_dir));
    return {};
  };
  auto rescan = [&at = installation, scanner](const std::stop_token&) -> Status {
    TRY_STATUS(conversations::end_cured_measures({at.database(), at.blobs(), scanner}));
    return {};
  };
  std::vector<Housekeeper::Task> tasks{
      {.name = "end_cured_measures", .every_ms = 10'000, .act = rescan, .is_for_one_node = true},
      {.name = "date_legacy", .every_ms = 24LL * 3'600'000, .act = date_legacy, .is_for_one_node = true},
      {.name = "take_check_results", .every_ms = 2'000, .act = take},
      {.name = "test_controls",
       .every_ms = 24LL * 3'600'000,
       .act = test,
       .first_after_ms = 60'000,  // a start has other work
       .is_for_one_node = true}};
  if (!relay) return tasks;
  auto send_due = [&at = installation, relay = *std::move(relay)](const std::stop_token& stop) {
    return send_notices(at, relay, stop);
  };
  tasks.push_back({.name = "send_notices", .every_ms = 5'000, .act = send_due, .is_for_one_node = true});
  return tasks;
}

}  // namespace answerable::app
