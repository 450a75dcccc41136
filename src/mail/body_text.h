// Fills text, html, html_safe and reply_text of a message from the blocks of its body. Pure.
#pragma once

#include "mail/body.h"
#include "mail/message.h"

namespace answerable::mail {

void read_body_text(const Body& body, const ParseOptions& options, ParsedMessage& message);

}  // namespace answerable::mail
