// Recognises delivery reports: RFC 3464 ones and those of servers that follow no standard. Pure.
#pragma once

#include "mail/body.h"
#include "mail/message.h"

namespace answerable::mail {

// Sets bounce, delivery_reports and original_message_id from the fields, the parts and the text of the message.
void read_bounce(const Body& body, ParsedMessage& message);

}  // namespace answerable::mail
