// A reply reaches its visitor: a line in the transcript (idempotent by message id), then a push to the open sockets.
#pragma once

#include "channels/webchat/service.h"
#include "outbox/carrier.h"

namespace answerable::channels::webchat {

class ChatCarrier final : public outbox::Carrier {
 public:
  explicit ChatCarrier(Service& service) : service_(service) {}
  Result<outbox::Rendered> render(const outbox::OutboundMessage& message) override;
  outbox::SendResult send(const outbox::Delivery& delivery) override;

 private:
  Service& service_;
};

}  // namespace answerable::channels::webchat
