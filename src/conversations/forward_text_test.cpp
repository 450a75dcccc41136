#include "conversations/forward_text.h"

#include <doctest/doctest.h>

#include "base/clock.h"
#include "conversations/conversation.h"

namespace answerable::conversations {

namespace {

struct Bed {
  FakeClock clock;

  Message said(std::string html) {
    Message message;
    message.id = MessageId::make(clock);
    message.author.name = "Anna & Co";
    message.from_address = "anna@example.org";
    message.subject = "Pot";
    message.text = message.reply_text = "It <broke>.\nSee?";
    message.html = std::move(html);
    return message;
  }

  Attachment file_of(const Message& message, std::string content_id) {
    return {.id = AttachmentId::make(clock),
            .message = message.id,
            .filename = "f",
            .content_type = "image/png",
            .is_inline = true,
            .content_id = std::move(content_id)};
  }
};

}  // namespace

TEST_CASE("what was formatted goes on as it was, and what was not as text between it") {
  Bed bed;
  const auto html = forwarded_html("1 < 2", {bed.said("<p>It <b>broke</b>.</p>"), bed.said("")}, false, {}).html;
  CHECK(
      html.starts_with("<div>1 &lt; 2</div><br><div>---------- Forwarded message ----------<br>"
                       "From: Anna &amp; Co &lt;anna@example.org&gt;<br>"));
  CHECK(html.contains("Subject: Pot<br></div><br><p>It <b>broke</b>.</p><br>"));
  CHECK(html.ends_with("<br><div>It &lt;broke&gt;.<br>See?</div><br>"));
}

TEST_CASE("without a page there is none, nor where it is too long or shows what is kept back") {
  Bed bed;
  CHECK(forwarded_html("x", {bed.said("")}, true, {}).html.empty());
  CHECK_FALSE(forwarded_html("x", {bed.said(std::string(message_text_max_bytes - 1'000, 'x'))}, true, {}).html.empty());
  CHECK(forwarded_html("x", {bed.said(std::string(message_text_max_bytes, 'x'))}, true, {}).html.empty());
  auto folded = bed.said("<p>New<blockquote>Old</blockquote>");
  folded.reply_text = "It <broke>.";
  CHECK(forwarded_html("x", {folded}, false, {}).html.empty());
  CHECK(forwarded_html("x", {folded}, true, {}).html.contains("Old"));
}

TEST_CASE("pictures of the same id in two messages stay apart, and what no page shows is a file") {
  Bed bed;
  const std::vector<Message> messages{bed.said("<img data-cid=\"a&amp;b\">"), bed.said("<img data-cid=\"a&amp;b\">!"),
                                      bed.said("")};
  const std::vector<Attachment> files{bed.file_of(messages[0], "a&b"), bed.file_of(messages[1], "a&b"),
                                      bed.file_of(messages[1], "other"), bed.file_of(messages[2], "a&b")};
  const auto passed_on = forwarded_html("", messages, false, files);
  REQUIRE(passed_on.files.size() == 4);
  const auto& first = passed_on.files[0].content_id;
  const auto& second = passed_on.files[1].content_id;
  CHECK(first != second);
  CHECK(passed_on.html.contains("<img data-cid=\"" + first + "\">"));
  CHECK(passed_on.html.contains("<img data-cid=\"" + second + "\">!"));
  for (const auto i : {2, 3}) {
    CHECK_FALSE(passed_on.files[i].is_inline);
    CHECK(passed_on.files[i].content_id.empty());
  }
}

}  // namespace answerable::conversations
