#include "intake/acknowledgement.h"

#include <doctest/doctest.h>

using namespace answerable::intake;

TEST_CASE("placeholders are filled in once, and braces around anything else are text") {
  const Placeholders values{.reference = 12, .workspace = "Lamps {reference} Ltd"};
  CHECK(fill_in("Number {reference} at {workspace}.", values) == "Number 12 at Lamps {reference} Ltd.");
  CHECK(fill_in("{reference}{reference}", values) == "1212");
  CHECK(fill_in("{ {} {reference {12} {Reference} }", values) == "{ {} {reference {12} {Reference} }");
  CHECK(fill_in("", values) == "");
  CHECK(fill_in("{{reference}}", values) == "{12}");
}

TEST_CASE("a placeholder that there is not is refused by its name") {
  CHECK(check_placeholders("{reference} {workspace} { } {} {12}"));
  for (const std::string_view text : {"Dear {name}", "{subject}", "{reference} {sender_address}"}) {
    const auto status = check_placeholders(text);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == "unknown_placeholder");
  }
  CHECK(check_placeholders("Dear {name}").error().detail == "There is no {name}: use {reference} and {workspace}.");
}
