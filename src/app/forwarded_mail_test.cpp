// What we forward comes back in answers: the words of one folder are known to the other.
#include <doctest/doctest.h>

#include "conversations/forward_text.h"
#include "conversations/forward_words.h"
#include "mail/reply_text.h"

using namespace answerable;

TEST_CASE("in every language a forward is told from the words above it") {
  for (const auto& row : conversations::all_forward_words()) {
    CAPTURE(row.language);
    conversations::Message message;
    message.author.name = "Anna";
    message.from_address = "anna@example.org";
    message.subject = "Pot";
    message.text = "It broke.";
    message.language = row.language;
    auto parts = mail::split_reply("Can you help?\n\n" + conversations::forwarded_text({message}, true));
    CHECK(parts.visible == "Can you help?");
    CHECK(parts.quoted.find("It broke.") != std::string::npos);
  }
}
