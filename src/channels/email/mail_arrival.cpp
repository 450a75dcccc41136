#include "channels/email/mail_arrival.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "mail/mail_date.h"

namespace answerable::channels {

namespace {

constexpr std::string_view missing_prefix = "imap_missing:";

intake::Arrival named(const intake::Channel& channel, std::string key, std::string raw, Time received_at) {
  intake::Arrival arrival;
  arrival.workspace = channel.workspace;
  arrival.channel = channel.id;
  arrival.channel_kind = channel.kind;
  arrival.external_key = std::move(key);
  arrival.raw = std::move(raw);
  arrival.received_at = received_at;
  return arrival;
}

std::string hex_hash(std::string_view bytes) {
  auto hash = sha256(bytes);
  return to_hex(as_bytes(hash));
}

}  // namespace

intake::Arrival mail_arrival(const intake::Channel& channel, std::string raw, Time received_at) {
  auto key = "sha256:" + hex_hash(raw);
  auto written_at = mail::find_date(raw);
  auto arrival = named(channel, std::move(key), std::move(raw), received_at);
  arrival.source_at = arrival.written_at = written_at;
  return arrival;
}

intake::Arrival mail_arrival(const intake::Channel& channel, ReceivedMail mail, Time received_at) {
  if (!mail.stored) return mail_arrival(channel, std::move(mail.raw), received_at);
  auto arrival = named(channel, "sha256:" + to_hex(as_bytes(mail.stored->digest)), {}, received_at);
  arrival.source_at = arrival.written_at = mail::find_date(mail.raw);
  arrival.stored_raw = std::move(mail.stored);
  return arrival;
}

std::string too_large_notice(const std::string& header, std::size_t bytes) {
  auto head = header;
  while (head.ends_with("\r\n\r\n")) head.resize(head.size() - 2);
  return head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis mail of " +
         std::to_string(bytes / (1024 * 1024)) +
         " MB is larger than this server takes. It is still in the mailbox.\r\n";
}

intake::Arrival missing_mail(const intake::Channel& channel, std::string_view place, std::string what,
                             Time received_at) {
  return named(channel, std::string(missing_prefix) + hex_hash(place), std::move(what), received_at);
}

bool is_missing_mail(const intake::Arrival& arrival) { return arrival.external_key.starts_with(missing_prefix); }

}  // namespace answerable::channels
