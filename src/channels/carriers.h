// Finds the carrier of a channel for the outbox. Carriers live as long as this object.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "channels/email/smtp_carrier.h"
#include "channels/webchat/carrier.h"
#include "outbox/carrier.h"

namespace answerable::channels {

class Carriers {
 public:
  Carriers(SmtpCarrierParts mail, webchat::Service& webchat) : mail_(std::move(mail)), chat_(webchat) {}

  // nullptr when the channel is unknown or may not send now. Thread-safe.
  outbox::Carrier* find(WorkspaceId workspace, ChannelId channel);
  outbox::FindCarrier finder() {
    return [this](WorkspaceId workspace, ChannelId channel) { return find(workspace, channel); };
  }

 private:
  const SmtpCarrierParts mail_;
  webchat::ChatCarrier chat_;
  std::mutex mutex_;
  std::unordered_map<ChannelId, std::unique_ptr<SmtpCarrier>> by_channel_;
};

}  // namespace answerable::channels
