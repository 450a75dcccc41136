#include "mail/format_flowed.h"

#include <doctest/doctest.h>

#include <array>
#include <random>

namespace answerable::mail {
namespace {

TEST_CASE("lines are broken at blanks, quotes keep their marks, and nothing else is changed") {
  CHECK(flow("short\n\nlines\n") == "short\n\nlines\n");
  const std::string half(40, 'x');
  CHECK(flow(half + " " + half + " y\n") == half + " \n" + half + " y\n");
  CHECK(flow("> " + half + " " + half + "\n") == "> " + half + " \n> " + half + "\n");
  CHECK(flow("> > a\n>\n>>b\n") == ">> a\n>\n>> b\n");
  CHECK(flow(half + half + half + "\n") == half + half + half + "\n");
  CHECK(flow("-- \nAnna\n") == "-- \nAnna\n");
  CHECK(flow("end  \n") == "end\n");
  CHECK(flow("From me\n  indented\n") == " From me\n   indented\n");
  const std::string wide(71, 'x');
  CHECK(flow(wide + " \u00FC") == wide + " \n\u00FC\n");
  CHECK(flow(std::string(flowed_columns - 2, 'x') + " \u00FC") == std::string(flowed_columns - 2, 'x') + " \u00FC\n");
}

TEST_CASE("what was made to flow is read as it was written") {
  constexpr std::array<std::string_view, 12> pieces{
      "word", "From", ">", "> ", "--", "-- ", "\u00FC", " ", "    ", "\n", "\n> word", "a-long-word-of-letters"};
  std::mt19937 random(7);
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text.append(pieces[random() % pieces.size()]).append(random() % 2 == 0 ? " " : "");
    text += '\n';
    // The form that flow() keeps: one mark after the other, no blank at a line's end.
    const auto kept = unflow(flow(text), false);
    CAPTURE(text);
    CHECK(unflow(flow(kept), false) == kept);
    std::string letters_before, letters_after;
    for (char c : text) letters_before += c == ' ' ? "" : std::string(1, c);
    for (char c : kept) letters_after += c == ' ' ? "" : std::string(1, c);
    CHECK(letters_after == letters_before);
  }
}

}  // namespace
}  // namespace answerable::mail
