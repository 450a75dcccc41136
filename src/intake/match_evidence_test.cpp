// What the decision where a message belongs leaves behind.
#include "intake/mail_fixture.h"

namespace answerable::intake {
namespace {

TEST_CASE("what might belong to a conversation is suggested, and its evidence is kept with it") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  test.receive("stranger@example.com|two@x|one@x|let me in");
  test.receive("a@example.com|three@x|one@x|unproven: more");
  CHECK(test.conversations() == 3);
  CHECK(test.count("select count(*) from join_suggestions where found_by = 'reference' and weakness = 'stranger'") ==
        1);
  CHECK(test.count("select count(*) from join_suggestions where found_by = 'reference' and weakness = 'unproven'") ==
        1);
  CHECK(test.count("select count(*) from conversations where suggested_id is not null") == 2);
  test.receive("a@example.com|four@x|one@x|and more");
  CHECK(test.count("select count(*) from messages where joined_by = 'reference' and joined_detail = 'one@x' and "
                   "authentication = 'pass' and evidence = 'dkim=pass header.d=example.com'") == 1);
  CHECK(test.count("select count(*) from messages where joined_by = 'first'") == 3);
}

TEST_CASE("the same Message-ID with other bytes is a new message that names the first") {
  Fixture test;
  REQUIRE(test.intake->start());
  test.receive("a@example.com|one@x||hello");
  test.receive("b@example.com|one@x||other words");
  CHECK(test.count("select count(*) from messages m where same_as_id = (select id from messages o where o.body = "
                   "'hello') and m.body = 'other words'") == 1);
  CHECK(test.count("select count(*) from messages where same_as_id is not null") == 1);
}

TEST_CASE("a reply to two channels is in its conversation once, and one that only looks so is there") {
  Fixture test;
  const auto other = test.add_channel("email", "sales@example.org");
  REQUIRE(test.intake->start());
  auto receive_by = [&](const Channel& channel, const std::string& raw) {
    auto arrival = test.mail(raw);
    arrival.channel = channel.id;
    REQUIRE(test.accept(std::move(arrival)));
    test.intake->wait_until_idle();
  };
  receive_by(test.channel, "a@example.com|one@x||hello");
  receive_by(other, "a@example.com|one@x||hello");
  CHECK(test.conversations() == 2);
  receive_by(test.channel, "a@example.com|two@x|one@x|more");
  receive_by(other, "a@example.com|two@x|one@x|more");
  CHECK(test.messages() == 3);
  CHECK(test.count("select count(*) from channel_counters where duplicates = 1 and appended = 1") == 1);
  receive_by(other, "a@example.com|two@x|one@x|more, and not the same");
  CHECK(test.messages() == 4);
}

}  // namespace
}  // namespace answerable::intake
