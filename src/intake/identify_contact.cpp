// Who wrote it: the contact behind the sender's address in this channel kind.
#include "conversations/identify_contact.h"

#include "intake/receive.h"
#include "mail/address.h"

namespace answerable::intake {

StepResult identify_contact(Receiving& receiving) {
  const auto& in = receiving.in;
  const auto& from = in.message.from;
  const bool is_mail = in.arrival.channel_kind == "email";
  // A mail without any author comes from its envelope sender; a report from nobody ("<>") from the other server.
  std::string address = from.address.empty() ? in.arrival.envelope_from : from.address;
  auto key = is_mail ? mail::address_key(address) : address;
  if (key.empty() && is_mail) address = key = "mailer-daemon";
  if (key.empty() || key.size() > 512) {
    receiving.reason = "sender_unknown";
    receiving.detail = "The message names no sender that can be kept.";
    return Disposition::quarantined;
  }
  TRY(receiving.contact, conversations::identify_contact(receiving.tx, {.workspace = in.arrival.workspace,
                                                                        .kind = in.arrival.channel_kind,
                                                                        .address_key = key,
                                                                        .address = address,
                                                                        .name = from.name,
                                                                        .is_verified = from.is_verified}));
  return std::nullopt;
}

}  // namespace answerable::intake
