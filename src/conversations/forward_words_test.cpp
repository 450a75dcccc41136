#include "conversations/forward_words.h"

#include <doctest/doctest.h>

#include <set>

#include "conversations/forward_text.h"

namespace answerable::conversations {

namespace {

Message said(std::string language) {
  Message message;
  message.author.name = "Anna";
  message.from_address = "anna@example.org";
  message.subject = "Pot";
  message.reply_text = "It broke.";
  message.language = std::move(language);
  return message;
}

}  // namespace

TEST_CASE("a forward is introduced in the language of the last message that has one") {
  CHECK(forwarded_text({said("fr")}, false) ==
        "---------- Message transféré ----------\nDe: Anna <anna@example.org>\nDate: 1970-01-01 00:00 UTC\n"
        "Objet: Pot\n\nIt broke.");
  CHECK(forwarded_text({said("de"), said("nl"), said("")}, false).starts_with("---------- Doorgestuurd bericht -"));
}

TEST_CASE("a forward is introduced in English where no language is known") {
  for (const auto* language : {"", "xx"})
    CHECK(forwarded_text({said(language)}, false).starts_with("---------- Forwarded message ----------\nFrom: Anna"));
}

TEST_CASE("each language of forwards has one row, and all of its words") {
  std::set<std::string_view> seen;
  for (const auto& row : all_forward_words()) {
    CAPTURE(row.language);
    CHECK(seen.insert(row.language).second);
    for (auto word : {row.above, row.from, row.date, row.subject}) CHECK_FALSE(word.empty());
    CHECK(&forward_words(row.language) == &row);
  }
}

}  // namespace answerable::conversations
