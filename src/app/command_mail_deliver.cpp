// `answerable mail deliver`: one message from stdin, as a mail server's pipe does. Beside a running server it goes
// through the server's LMTP port; otherwise straight into the data folder. The exit status is one of sysexits.h, for
// that is what mail servers read: a permanent one makes them bounce the message, so everything that may get better is
// EX_TEMPFAIL.
#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <future>
#include <iostream>
#include <iterator>
#include <map>

#include "app/commands.h"
#include "app/installation.h"
#include "app/lmtp_client.h"
#include "app/malware_scanner.h"
#include "app/sender_resolver.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "mail/message.h"
#include "store/file_lock.h"

namespace answerable::app {

namespace {

struct Envelope {
  std::string from;
  std::vector<std::string> to;
  bool is_given = false;  // by --to: each recipient must be ours. One that a header names may be anybody's.
};

// It stands between < and > in a line of its own.
bool can_be_said(const std::string& address) {
  return address.find('@') != std::string::npos &&
         std::ranges::none_of(address, [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '<' || c == '>'; });
}

std::unexpected<Error> nobody_here(const std::string& whom) {
  return fail(ErrorKind::not_found, "no_such_recipient", fmt::format("No channel takes mail for {}.", whom));
}

Result<Envelope> envelope_of(const std::string& raw, std::string from, std::vector<std::string> to) {
  mail::ParseOptions headers_only{
      .html_safe = false, .reply_text = false, .language = false, .attachment_content = false};
  auto message = mail::parse_message(raw, headers_only);
  Envelope envelope{std::move(from), std::move(to), true};
  if (envelope.from.empty()) envelope.from = message.return_path.empty() ? message.from.address : message.return_path;
  if (!can_be_said(envelope.from)) envelope.from.clear();
  if (!envelope.to.empty()) return envelope;
  envelope.is_given = false;
  envelope.to = message.delivered_to;
  for (const auto* list : {&message.to, &message.cc}) {
    if (!message.delivered_to.empty()) break;
    for (const auto& address : *list) envelope.to.push_back(address.address);
  }
  std::erase_if(envelope.to, [](const std::string& address) { return !can_be_said(address); });
  if (envelope.to.empty())
    return fail(ErrorKind::invalid, "recipient_missing", "The message names no recipient: give one with --to.");
  return envelope;
}

Status deliver_to_server(const std::string& listen, const Envelope& envelope, const std::string& raw) {
  if (envelope.is_given) return deliver_by_lmtp(listen, envelope.from, envelope.to, raw);
  TRY(auto ours, known_by_lmtp(listen, envelope.to));
  if (ours.empty()) return nobody_here(fmt::format("{}", fmt::join(envelope.to, ", ")));
  return deliver_by_lmtp(listen, envelope.from, ours, raw);
}

using Recipients = std::map<ChannelId, std::pair<intake::ChannelDirectory::ChannelPtr, std::vector<std::string>>>;

Result<Recipients> recipients_by_channel(const intake::ChannelDirectory& directory, const Envelope& envelope) {
  Recipients recipients;
  for (const auto& address : envelope.to) {
    if (auto channel = directory.find_by_address(address)) {
      recipients[channel->id].first = channel;
      recipients[channel->id].second.push_back(address);
    } else if (envelope.is_given) {
      return nobody_here(address);
    }
  }
  if (recipients.empty()) return nobody_here(fmt::format("{}", fmt::join(envelope.to, ", ")));
  return recipients;
}

Status deliver_into_folder(const Configuration& configuration, const Envelope& envelope, const std::string& raw) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  // Alone, on PostgreSQL too: one process takes up the spool and writes the blobs.
  TRY(auto alone, store::FileLock::take(configuration.data_dir + "/lock"));
  intake::ChannelDirectory directory(installation->keys().channel_secrets);
  TRY_STATUS(directory.refresh(installation->database()));
  TRY(auto recipients, recipients_by_channel(directory, envelope));
  TRY(auto resolver, sender_resolver(configuration, clock));
  TRY(const auto scanner, malware_scanner(configuration, clock, installation->metrics()));
  auto intake = intake::Intake::make(
      {installation->database(), installation->blobs(), directory, clock, installation->metrics(), {}, scanner.get()});
  auto check = channels::check_sender_with({directory, resolver.get(), configuration.mail_authserv_id});
  intake->normalise_with(
      "email", channels::normalise_mail_with(installation->keys().reply_tokens, std::move(check), &directory));
  TRY_STATUS(intake->start());
  for (auto& [id, recipient] : recipients) {
    std::promise<Status> accepted;
    auto arrival = channels::mail_arrival(*recipient.first, raw, clock.now());
    arrival.envelope_from = envelope.from;
    arrival.envelope_to = recipient.second;
    intake->accept(std::move(arrival), nullptr, [&](Status status) { accepted.set_value(std::move(status)); });
    TRY_STATUS(accepted.get_future().get());
  }
  intake->wait_until_idle();
  intake->stop();
  return {};
}

Status deliver(const Configuration& configuration, const std::string& from, const std::vector<std::string>& to) {
  std::string raw(std::istreambuf_iterator<char>(std::cin), {});
  if (raw.size() > static_cast<std::size_t>(configuration.message_bytes_max))
    return fail(ErrorKind::invalid, "message_too_large", "The message is larger than mail.message_bytes_max.");
  TRY(auto envelope, envelope_of(raw, from, to));
  if (!configuration.lmtp_listen.empty()) {
    auto status = deliver_to_server(configuration.lmtp_listen, envelope, raw);
    if (status || status.error().code != "not_listening") return status;
  }
  auto status = deliver_into_folder(configuration, envelope, raw);
  if (status || status.error().code != "database_in_use") return status;
  return fail(ErrorKind::conflict, "database_in_use",
              "The server is running and does not listen at mail.lmtp_listen: set that key to an address and port, "
              "the same for the server and for this command, so that the server can be handed the message.");
}

}  // namespace

int run_mail_deliver(const Configuration& configuration, const std::string& from, const std::vector<std::string>& to) {
  auto bad = std::ranges::find_if(to, [](const auto& address) { return !can_be_said(address); });
  if (bad != to.end()) {
    report(Error{ErrorKind::invalid, "email_invalid", fmt::format("--to {} is not a mail address.", *bad)});
    return EX_USAGE;
  }
  auto status = deliver(configuration, from, to);
  if (status) return EX_OK;
  report(status.error());
  const auto& code = status.error().code;
  if (code == "no_such_recipient") return EX_NOUSER;
  if (code == "recipient_missing" || code == "message_too_large" || code == "refused") return EX_DATAERR;
  return EX_TEMPFAIL;
}

}  // namespace answerable::app
