// What a forward (forward.h) says, as mail programs write it, which is how other programs recognise it; oldest first.
// The lines above each message are in the language of the last one that has one (forward_words.h). Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conversations/message.h"

namespace answerable::conversations {

std::string forwarded_text(const std::vector<Message>& messages, bool with_quotes);

struct ForwardedHtml {
  std::string html;               // safe, as Message::html is; empty: text says it all
  std::vector<Attachment> files;  // with new content ids of the pictures that stand in `html`, and none else
};

// `comment` and the messages as they were formatted, where one of them was and its page says nothing that `with_quotes`
// keeps back; at most message_text_max_bytes. `files`: all that go on, those of text alone as they were.
ForwardedHtml forwarded_html(std::string_view comment, const std::vector<Message>& messages, bool with_quotes,
                             std::vector<Attachment> files);

}  // namespace answerable::conversations
