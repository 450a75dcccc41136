#include "app/running_ledger.h"

#include <fmt/format.h>

#include "audit/change_key.h"
#include "base/log.h"
#include "channels/email/smtp_client.h"
#include "mail/build.h"

namespace answerable::app {

namespace {

constexpr std::int64_t holders_every_ms = 1'000;
constexpr std::int64_t hour_ms = 3'600'000;

constexpr std::string_view letter_text =
    "The file checkpoint.txt holds the newest signed checkpoint of the ledger of this installation.\n\n"
    "Keep it. With it and the public key below you can find out at any time whether the ledger still continues what it "
    "was on this day: answerable audit prove --held checkpoint.txt, then answerable audit verify --proof … --held "
    "checkpoint.txt --key ….\n\nPublic key: ";

struct Letter {
  mail::Mailbox from, to;
  std::string key;
  std::string host;  // right side of the Message-ID
};

Result<std::string> build(const Letter& letter, const std::string& note, const std::string& key_changes,
                          const Clock& clock) {
  TRY(auto id, mail::MessageIdText::make(MessageId::make(clock).text() + "@" + letter.host));
  mail::OutgoingMessage message{.message_id = id,
                                .date = clock.now(),
                                .from = letter.from,
                                .to = {letter.to},
                                .subject = mail::HeaderText::clean("Checkpoint of the ledger of " + letter.host),
                                .text = std::string(letter_text) + letter.key + "\n"};
  message.attachments.push_back({.filename = mail::HeaderText::clean("checkpoint.txt"),
                                 .type = mail::ContentType::clean("text/plain"),
                                 .content = note});
  if (key_changes.empty()) return mail::build_message(message);
  message.attachments.push_back({.filename = mail::HeaderText::clean("key-changes.txt"),
                                 .type = mail::ContentType::clean("text/plain"),
                                 .content = key_changes});
  return mail::build_message(message);
}

// How the key came to be another than the one in earlier letters; empty when it is the first.
Result<std::string> key_changes(Installation& at) {
  TRY(auto keys, at.database().query([&](store::Session& session) {
    return audit::keys_of(session, WorkspaceId{}, at.ledger_key().public_key());
  }));
  std::string notes;
  for (const auto& change : keys.changes()) notes += change.note;
  return notes;
}

// What sends a checkpoint to ledger.mail_to.
Result<std::function<Status(const std::string&)>> mailing(Installation& at, std::optional<channels::Relay> relay) {
  const auto& c = at.configuration();
  if (!relay) {
    return fail(ErrorKind::invalid, "configuration_value",
                "ledger.mail_to wants a server that takes the mail: set mail.relay.host.");
  }
  auto from = mail::Mailbox::make("Answerable", "ledger@" + c.mail_domain);
  auto to = mail::Mailbox::make("", c.ledger_mail_to);
  if (!from || !to) {
    return fail(ErrorKind::invalid, "configuration_value",
                fmt::format("A checkpoint cannot be sent from ledger@{} to {}: set mail.domain and ledger.mail_to.",
                            c.mail_domain, c.ledger_mail_to));
  }
  channels::SmtpClientOptions options{.hostname = c.mail_domain, .ca_file = c.mail_ca_file, .reach = relay->reach};
  Letter letter{*from, *to, at.ledger_key().public_key().text(), c.mail_domain};
  return [letter, options, server = *relay, &at](const std::string& note) -> Status {
    TRY(auto changes, key_changes(at));
    TRY(auto bytes, build(letter, note, changes, at.clock()));
    const channels::SmtpMail mail{letter.from.address(), {letter.to.address()}, bytes};
    auto outcome = channels::send_mail(server.server, server.password, mail, options);
    // One that may have arrived is not sent again: the next one comes anyway.
    if (outcome.outcome == outbox::Outcome::sent || outcome.outcome == outbox::Outcome::unknown) return {};
    return fail(ErrorKind::unavailable, "ledger_mail",
                "The letter with the checkpoint was not taken: " + outcome.detail);
  };
}

Result<HolderOptions> holder_options(Installation& at, std::optional<channels::Relay> relay) {
  const auto& c = at.configuration();
  HolderOptions options{.file = c.ledger_checkpoint_file,
                        .witnesses = {},
                        .mail = {},
                        .mail_every_ms = c.ledger_mail_every_hours * hour_ms,
                        .ca_file = c.mail_ca_file};
  TRY(options.witnesses, parse_witnesses(c.ledger_witnesses));
  if (c.ledger_mail_to.empty()) return options;
  TRY(options.mail, mailing(at, std::move(relay)));
  return options;
}

}  // namespace

RunningLedger::RunningLedger(Installation& at, HolderOptions options, Housekeeper::HasDuty has_duty)
    : heads_(at.configuration().data_dir + "/ledger_heads"),
      sealer_(at.ledger_key(), at.database(), at.metrics(),
              [this](WorkspaceId workspace, std::string_view note) {
                if (auto status = heads_.remember(workspace, note); !status)
                  log::error("ledger_head_not_remembered", status.error());
              }),
      on_wake_(at.fanout().on_wake([this](WorkspaceId workspace) { sealer_.notice(workspace); })),
      holders_(at.database(), at.ledger_key().public_key(), at.clock(), std::move(options)) {
  auto give = [this](const std::stop_token& stop) { return holders_.give(stop); };
  housekeeper_ = std::make_unique<Housekeeper>(
      std::vector<Housekeeper::Task>{
          {.name = "ledger_holders", .every_ms = holders_every_ms, .act = give, .is_for_one_node = true}},
      at.clock(), std::move(has_duty));
}

Result<std::unique_ptr<RunningLedger>> RunningLedger::start(Installation& at, Options options) {
  TRY(auto holders, holder_options(at, std::move(options.relay)));
  const audit::SignedHeads heads(at.configuration().data_dir + "/ledger_heads");
  TRY_STATUS(audit::begin_epochs(at.database(), at.ledger_key().public_key(), heads, options.on_restored));
  return std::unique_ptr<RunningLedger>(new RunningLedger(at, std::move(holders), std::move(options.has_duty)));
}

void RunningLedger::stop() {
  housekeeper_.reset();
  on_wake_.reset();
  sealer_.stop();
}

}  // namespace answerable::app
