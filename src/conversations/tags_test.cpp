#include "conversations/tags.h"

#include <doctest/doctest.h>

#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE_FIXTURE(CompanyBed, "tags are sorted and each stands once, and the workspace counts them") {
  const auto id = company.receive().conversation;
  auto tag = [&](const std::vector<std::string>& tags) {
    return company.write([&](store::Transaction& tx) { return set_tags(tx, company.alice, id, tags); }).tags;
  };
  auto counts = [&] {
    return company.read([&](store::Session& session) { return list_tags(session, company.alice); });
  };
  CHECK(tag({" b ", "a", "a", ""}) == std::vector<std::string>{"a", "b"});
  REQUIRE(counts().size() == 2);
  CHECK(counts()[0].tag == "a");
  CHECK(counts()[0].count == 1);
  CHECK(tag({"b"}) == std::vector<std::string>{"b"});
  CHECK(counts().size() == 1);
}

TEST_CASE_FIXTURE(CompanyBed, "a tag has at most 64 bytes and no control characters, a conversation at most 20 tags") {
  const auto id = company.receive().conversation;
  auto refused = [&](const std::vector<std::string>& tags) {
    return company.error_of([&](store::Transaction& tx) { return set_tags(tx, company.alice, id, tags); });
  };
  CHECK(refused({std::string(tag_max_bytes, 'x')}) == "");
  CHECK(refused({std::string(tag_max_bytes + 1, 'x')}) == "bad_tag");
  CHECK(refused({"a\nb"}) == "bad_tag");
  std::vector<std::string> many;
  for (std::size_t i = 0; i < tags_max; ++i) many.push_back(std::to_string(i));
  CHECK(refused(many) == "");
  many.push_back("one more");
  CHECK(refused(many) == "too_many_tags");
}
