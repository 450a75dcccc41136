#include "channels/email/acknowledge.h"

#include <algorithm>

#include "mail/address.h"
#include "mail/may_answer.h"

namespace answerable::channels {

namespace {

const AcknowledgementText& text_for(const std::vector<AcknowledgementText>& texts, std::string_view language) {
  const auto found = std::ranges::find(texts, language, &AcknowledgementText::language);
  return found == texts.end() ? texts.front() : *found;
}

}  // namespace

std::vector<AcknowledgementText> acknowledgement_texts(const intake::ChannelDirectory& channels,
                                                       const intake::Arrival& arrival) {
  const auto channel = channels.find(arrival.workspace, arrival.channel);
  if (!channel) return {};
  auto settings = read_mail_settings(channel->config);
  return settings ? std::move(settings->acknowledgements) : std::vector<AcknowledgementText>();
}

std::optional<intake::Acknowledgement> acknowledgement_of(const intake::ChannelDirectory& channels,
                                                          const intake::Arrival& arrival,
                                                          const mail::ParsedMessage& parsed,
                                                          mail::SenderAuthentication::Verdict verdict,
                                                          const std::vector<AcknowledgementText>& texts) {
  const auto channel = channels.find(arrival.workspace, arrival.channel);
  if (!channel) return std::nullopt;
  const auto is_addressee = [&](std::string_view address) {
    const auto key = intake::without_tag(mail::address_key(address));
    return std::ranges::find(channel->addresses, key) != channel->addresses.end();
  };
  const auto is_own = [&](std::string_view address) {
    const auto own = channels.find_by_address(address);
    return own && own->workspace == arrival.workspace;
  };
  // A mailbox's server writes the envelope's sender into the mail; nobody else knows it there.
  const bool is_mailbox = arrival.envelope_to.empty();
  const std::string return_path = is_mailbox ? parsed.return_path : arrival.envelope_from;
  const auto silence = mail::why_silent({parsed, return_path, verdict, is_addressee, is_own});
  if (silence != mail::Silence::none) return std::nullopt;
  const auto& text = text_for(texts, parsed.language);
  return intake::Acknowledgement{.to = return_path, .subject = text.subject, .text = text.text};
}

}  // namespace answerable::channels
