#include "intake/accept.h"

#include <doctest/doctest.h>

#include <latch>
#include <optional>

#include "intake/mail_fixture.h"

namespace answerable::intake {
namespace {

TEST_CASE("mail that waits for the database stands behind what a person does") {
  Fixture test;
  REQUIRE(test.intake->start());
  std::optional<store::BusyWriter> busy(*test.database);
  test.intake->accept(test.mail("a@example.com|one@x||hello"), nullptr, [](const Status& status) { CHECK(status); });
  std::latch answered(1);
  std::int64_t before = -1;
  auto look = [&before](store::Transaction& tx) -> Status {
    TRY(before, tx.number("select count(*) from spool"));
    return {};
  };
  test.database->submit(look, [&answered](const Status&) { answered.count_down(); });
  busy.reset();
  answered.wait();
  CHECK(before == 0);
  test.intake->wait_until_idle();
  CHECK(test.messages() == 1);
}

}  // namespace
}  // namespace answerable::intake
