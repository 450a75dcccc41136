// How an OutboundMessage is kept in its delivery's row: a version byte, then each field with its length. Read by us
// only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "outbox/delivery.h"

namespace answerable::outbox {

std::string encode_payload(const OutboundMessage& message);
// Errors: internal "payload_malformed".
Result<OutboundMessage> decode_payload(std::string_view bytes);

}  // namespace answerable::outbox
