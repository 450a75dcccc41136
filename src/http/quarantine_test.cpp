#include <doctest/doctest.h>

#include "audit/ledger.h"
#include "http/desk_test.h"

namespace answerable::http {
namespace {

TEST_CASE_FIXTURE(Desk, "who reads raw mail in the quarantine stands in the ledger, who may not read does not") {
  const auto id = quarantine("From: kim@customer.example\r\n\r\nHello\r\n");
  const auto target = "/quarantine/" + id.text() + "/raw";
  auto reads = [&] {
    auto entries = must(database->query(
        [&](store::Session& session) { return audit::entries(session, workspace.id, 0, audit::entries_max); }));
    std::vector<std::string> found;
    for (const auto& entry : entries)
      if (entry.encoded.find("action=quarantine.read\n") != std::string::npos) found.push_back(entry.encoded);
    return found;
  };
  CHECK(get(target).status == 403);
  CHECK(send({.target = "/quarantine/" + SpoolId::make(clock).text() + "/raw", .cookie = admin_cookie}).status == 404);
  CHECK(reads().empty());
  const auto answer = send({.target = target, .cookie = admin_cookie});
  CHECK(answer.status == 200);
  CHECK(answer.content() == "From: kim@customer.example\r\n\r\nHello\r\n");
  REQUIRE(reads().size() == 1);
  CHECK(reads()[0].find("actor_id=" + admin.id.text() + "\n") != std::string::npos);
  CHECK(reads()[0].find("object_id=" + id.text() + "\n") != std::string::npos);
}

}  // namespace
}  // namespace answerable::http
