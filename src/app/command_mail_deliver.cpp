// `answerable mail deliver`: one message from stdin. Beside a running server it goes through the server's LMTP port;
// otherwise straight into the data folder. Exit status 75 (EX_TEMPFAIL) when it should be delivered again later, as
// mail servers expect.
#include <fmt/format.h>
#include <sysexits.h>

#include <future>
#include <iostream>
#include <iterator>

#include "app/commands.h"
#include "app/installation.h"
#include "app/lmtp_client.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "mail/message.h"

namespace answerable::app {

namespace {

struct Envelope {
  std::string from;
  std::vector<std::string> to;
};

Result<Envelope> envelope_of(const std::string& raw, std::string from, std::vector<std::string> to) {
  mail::ParseOptions headers_only{
      .html_safe = false, .reply_text = false, .language = false, .attachment_content = false};
  auto message = mail::parse_message(raw, headers_only);
  if (from.empty()) from = message.return_path.empty() ? message.from.address : message.return_path;
  if (to.empty()) to = message.delivered_to;
  if (to.empty()) {
    for (const auto& address : message.to) to.push_back(address.address);
  }
  if (to.empty())
    return fail(ErrorKind::invalid, "recipient_missing", "The message names no recipient: give one with --to.");
  return Envelope{std::move(from), std::move(to)};
}

Status deliver_into_folder(const Configuration& configuration, const Envelope& envelope, const std::string& raw) {
  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  intake::ChannelDirectory directory(installation->keys().channel_secrets);
  TRY_STATUS(directory.refresh(installation->database()));
  auto intake = intake::Intake::make(
      {installation->database(), installation->blobs(), directory, clock, installation->metrics()});
  intake->normalise_with("email", channels::normalise_mail_with(installation->keys().reply_tokens));
  TRY_STATUS(intake->start());
  for (const auto& recipient : envelope.to) {
    auto channel = directory.find_by_address(recipient);
    if (!channel)
      return fail(ErrorKind::not_found, "no_such_recipient", fmt::format("No channel takes mail for {}.", recipient));
    std::promise<Status> accepted;
    auto arrival = channels::mail_arrival(*channel, raw, clock.now());
    arrival.envelope_from = envelope.from;
    arrival.envelope_to = {recipient};
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
    auto status = deliver_by_lmtp(configuration.lmtp_listen, envelope.from, envelope.to, raw);
    if (status || status.error().code != "not_listening") return status;
  }
  return deliver_into_folder(configuration, envelope, raw);
}

}  // namespace

int run_mail_deliver(const Configuration& configuration, const std::string& from, const std::vector<std::string>& to) {
  auto status = deliver(configuration, from, to);
  if (status) return exit_ok;
  int ordinary = report(status.error());
  auto kind = status.error().kind;
  bool later = kind == ErrorKind::unavailable || kind == ErrorKind::limited || kind == ErrorKind::internal ||
               kind == ErrorKind::conflict;
  return later ? EX_TEMPFAIL : ordinary;
}

}  // namespace answerable::app
