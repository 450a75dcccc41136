#include "conversations/thread.h"

#include <doctest/doctest.h>

#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE_FIXTURE(CompanyBed,
                  "a long thread opens with its newest fifty messages, and the older ones follow page by page") {
  auto first = company.receive({.text = "1"});
  for (int i = 2; i <= 120; ++i) company.receive({.text = std::to_string(i), .conversation = first.conversation});
  auto opened = company.read(
      [&](store::Session& session) { return open_conversation(session, company.alice, first.conversation); });
  REQUIRE(opened.newest.messages.size() == 50);
  CHECK(opened.newest.messages.front().text == "71");
  CHECK(opened.newest.messages.back().text == "120");
  auto page = company.read([&](store::Session& session) {
    return messages_before(session, company.alice, first.conversation, *opened.newest.next, 100);
  });
  REQUIRE(page.messages.size() == 70);
  CHECK(page.messages.front().text == "1");
  CHECK_FALSE(page.next);
  for (int limit : {0, 101})
    CHECK(company.error_of([&](store::Transaction& tx) {
      return messages_before(tx, company.alice, first.conversation, 5, limit);
    }) == "bad_limit");
}

TEST_CASE_FIXTURE(CompanyBed,
                  "a page of a thread ends where its text is enough for one answer, and the next goes on there") {
  const std::string large(page_bytes_max / 8, 'x');  // twice: the text and the visible reply
  auto id = company.receive({.text = large}).conversation;
  for (int i = 0; i < 9; ++i) company.receive({.text = large, .conversation = id});
  auto opened = company.read([&](store::Session& session) { return open_conversation(session, company.alice, id); });
  CHECK(opened.newest.messages.size() == 5);
  REQUIRE(opened.newest.next.has_value());
  auto older = company.read([&](store::Session& session) {
    return messages_before(session, company.alice, id, *opened.newest.next, thread_page_max);
  });
  CHECK(older.messages.size() == 5);
  CHECK(older.messages.back().position + 1 == opened.newest.messages.front().position);
  CHECK_FALSE(older.next.has_value());
}
