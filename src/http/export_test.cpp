// Exports: watermarked, whole or saying that they are not, and in the ledger.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "audit/ledger.h"
#include "conversations/search.h"
#include "http/desk_test.h"
#include "http/export_file.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

const ExportedBy ada{.person = "Ada", .workspace = "Acme", .person_id = "u1", .at = Time{0}, .what = "Conversation 1"};
const ExportTable table{
    .columns = {"who", "text"}, .rows = {{"Kim", "=1+1"}, {"Max", "He said \"no\",\r\nand left"}}, .total = 2};

TEST_CASE(
    "a file says who exported it, when, and whether it is whole; every row leads back to it, and no cell is a "
    "formula") {
  const auto marker = export_marker("key", ada, table);
  CHECK(marker.size() == 64);
  const auto csv = export_csv(ada, table, marker);
  CHECK(csv.starts_with("# What: Conversation 1\r\n# Exported by: Ada (u1)\r\n# Workspace: Acme\r\n# At: 1970-01-01"));
  CHECK(csv.contains("# Rows: 2 of 2, complete\r\n# Marker: " + marker + "\r\n\"who\",\"text\",\"export\"\r\n"));
  const auto mark = marker.substr(0, marker_of_row_characters);
  CHECK(csv.contains("\"Kim\",\"'=1+1\",\"" + mark + "\"\r\n"));
  CHECK(csv.contains("\"He said \"\"no\"\",\r\nand left\",\"" + mark + "\"\r\n"));
  const auto object = json::parse(export_json(ada, table, marker)).as_object();
  CHECK(object.at("export").at("marker") == json::value(marker));
  CHECK(object.at("items").at(1).at("export") == json::value(mark));
  CHECK(object.at("items").at(0).at("text") == "=1+1");
}

TEST_CASE("another person, time, content or key gives another marker, and no cell can be moved into the next") {
  const auto marker = export_marker("key", ada, table);
  auto other = ada;
  other.person_id = "u2";
  CHECK(export_marker("key", other, table) != marker);
  other = ada;
  other.at = Time{1};
  CHECK(export_marker("key", other, table) != marker);
  CHECK(export_marker("yek", ada, table) != marker);
  auto moved = table;
  moved.rows[0] = {"Kim=", "1+1"};
  CHECK(export_marker("key", ada, moved) != marker);
}

struct Exporting : Desk {
  std::string cookie = sign_in(add("sue@acme.example", access::Role::supervisor));
  std::string last_act() {
    const auto entries = must(database->query([&](store::Session& session) -> Result<std::vector<audit::Entry>> {
      TRY(const auto count, audit::entry_count(session, workspace.id));
      return audit::entries(session, workspace.id, count - 1, 1);
    }));
    const auto act = must(audit::decode_entry(entries.front().encoded));
    const auto marker = std::ranges::find(act.details, "marker", &std::pair<std::string, std::string>::first);
    return std::string(act.action) + " " + (marker == act.details.end() ? "" : marker->second);
  }
};

TEST_CASE_FIXTURE(Exporting, "a conversation is exported whole, by those who may, and the ledger finds its marker") {
  const auto id = receive("kim@customer.example", "Message 0").conversation;
  for (int i = 1; i < 130; ++i) receive("kim@customer.example", "Message " + std::to_string(i), id);
  const auto target = "/conversations/" + id.text() + "/export";
  CHECK(get(target).status == 403);
  const auto answer = send({.target = target, .cookie = cookie});
  CHECK(answer.status == 200);
  CHECK(answer.headers.find("Content-Disposition")->starts_with("attachment"));
  const auto object = json::parse(answer.content()).as_object();
  CHECK(object.at("total") == 130);
  CHECK(object.at("complete") == true);
  REQUIRE(object.at("items").as_array().size() == 130);
  CHECK(object.at("items").at(0).at("text") == "Message 0");
  CHECK(object.at("items").at(129).at("text") == "Message 129");
  CHECK(object.at("export").at("by") == "sue");
  CHECK(last_act() == "conversation.export " + std::string(object.at("export").at("marker").as_string()));
  const auto csv = send({.target = target + "?format=csv", .cookie = cookie});
  CHECK(csv.headers.find("Content-Type") == "text/csv; charset=utf-8");
  CHECK(send({.target = target + "?format=xml", .cookie = cookie}).status == 400);
}

TEST_CASE_FIXTURE(Exporting,
                  "what a search finds is exported with its total, and what was looked for is not in the ledger") {
  for (int i = 0; i < 3; ++i) receive("c" + std::to_string(i) + "@customer.example", "A refund, please");
  conversations::SearchIndexer indexer;
  cluster::LogReader reader(indexer.options(), *database, *fanout, metrics);
  reader.catch_up();
  const auto object = json::parse(send({.target = "/search/export?q=refund", .cookie = cookie}).content()).as_object();
  CHECK(object.at("total") == 3);
  CHECK(object.at("items").as_array().size() == 3);
  CHECK(object.at("export").at("what") == "Search: refund");
  CHECK(last_act().starts_with("search.export "));
  CHECK(send({.target = "/search/export", .cookie = cookie}).status == 400);
  CHECK(get("/search/export?q=refund").status == 403);
  reader.stop();
}

}  // namespace
}  // namespace answerable::http
