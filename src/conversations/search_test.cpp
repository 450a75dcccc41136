#include "conversations/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "conversations/search_query.h"
#include "conversations/search_words.h"
#include "conversations/snippet.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  SearchIndexer indexer;

  void index() {
    auto after = company.read(
        [&](store::Session& session) { return cluster::load_cursor(session, search_reader, company.workspace); });
    auto events = company.events(after);
    if (events.empty()) return;
    company.read([&](store::Session& session) -> Result<int> {
      TRY_STATUS(indexer.prepare(session, company.workspace, events));
      return 0;
    });
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(indexer.handle(tx, company.workspace, events));
      TRY_STATUS(cluster::save_cursor(tx, search_reader, company.workspace, events.back().seq));
      return 0;
    });
  }
  SearchPage find(std::string_view query, int limit = 25, std::optional<std::int64_t> before = {}) {
    return company.read([&](store::Session& session) { return search(session, company.alice, query, before, limit); });
  }
};

std::vector<Clause> clauses(std::string_view query) { return parse_query(query); }

}  // namespace

TEST_CASE("words are folded: case, accents, ligatures, scripts without blanks") {
  CHECK(fold_words("Größe, ŒUVRE & Łódź!") == "grosse oeuvre lodz");
  CHECK(fold_words("e\xCC\x81t\xC3\xA9") == "ete");  // one accent combining, one composed
  CHECK(fold_words("ΆΝΘΡΩΠΟΣ Ёлка Ấ ﬁn ＡＢ１") == "ανθρωποσ елка a fin ab1");
  CHECK(fold_words("東京タワー") == "東 京 タ ワ ー");
  CHECK(fold_words("anna.berg@example.org") == "anna berg example org");
  CHECK(fold_words("شُكْرًا") == fold_words("شكرا"));
  CHECK(fold_words("") == "");
  CHECK(fold_words("\xff\xfe ok \xc3") == "ok");
  CHECK(fold_words("…—–“”") == "");
}

TEST_CASE("a very long word is cut into words of at most word_max_bytes") {
  for (const auto& word : words_of(std::string(word_max_bytes * 2 + 1, 'x')))
    CHECK(word.folded.size() <= word_max_bytes);
  CHECK(words_of(std::string(word_max_bytes, 'x')).size() == 1);
  CHECK(words_of(std::string(word_max_bytes + 1, 'x')).size() == 2);
}

TEST_CASE("any query becomes a valid expression") {
  CHECK(to_fts5(clauses("red cup")) == "\"red\" AND \"cup\" *");
  CHECK(to_fts5(clauses("red cup ")) == "\"red\" AND \"cup\"");
  CHECK(to_fts5(clauses("\"red cup\" x")) == "\"red cup\" AND \"x\"");
  CHECK(to_fts5(clauses("\"red cup")) == "\"red cup\"");
  CHECK(to_fts5(clauses("a AND OR NOT NEAR(b) c*")) ==
        "\"a\" AND \"and\" AND \"or\" AND \"not\" AND \"near b\" AND \"c\"");
  CHECK(to_tsquery(clauses("anna@example.org")) == "('anna' <-> 'example' <-> 'org':*)");
  CHECK(to_fts5(clauses("re")) == "\"re\"");
  CHECK(to_fts5(clauses("red")) == "\"red\" *");
  CHECK(clauses("").empty());
  CHECK(clauses("\"\" ' -- ; ()").empty());
  std::string many;
  for (std::size_t i = 0; i < query_words_max + 5; ++i) many += "w" + std::to_string(i) + " ";
  CHECK(clauses(many).size() == query_words_max);
}

TEST_CASE("a snippet escapes what strangers wrote and marks the hits") {
  CHECK(find_snippet("<b>Red</b> cup & saucer", clauses("red cup ")) ==
        "&lt;b&gt;<mark>Red</mark>&lt;/b&gt; <mark>cup</mark> &amp; saucer");
  CHECK(find_snippet("a Größenangabe here", clauses("grosse")) == "a <mark>Größenangabe</mark> here");
  CHECK_FALSE(find_snippet("nothing", clauses("else")));
  CHECK(find_snippet("one two, one three", clauses("\"one three\"")) == "one two, <mark>one three</mark>");
  auto late = find_snippet(std::string(1'000, 'x') + " " + std::string(500, 'y') + " needle " + std::string(1'000, 'z'),
                           clauses("needle "));
  REQUIRE(late);
  CHECK(late->find("<mark>needle</mark>") != std::string::npos);
  CHECK(late->size() < 400);
  CHECK(plain_snippet("<script>") == "&lt;script&gt;");
}

TEST_CASE("all messages are found by text, subject, author and address, newest first") {
  Bed bed;
  auto first = bed.company.receive({.subject = "Blue teapot", .text = "The lid is missing"});
  auto second =
      bed.company.receive({.from = "zoe@shop.example", .name = "Zoë", .subject = "Cups", .text = "The teapot is fine"});
  bed.index();
  auto found = bed.find("teapot");
  REQUIRE(found.hits.size() == 2);
  CHECK(found.total == 2);
  CHECK(found.is_complete);
  CHECK(found.hits[0].message == second.message);
  CHECK(found.hits[0].snippet == "The <mark>teapot</mark> is fine");
  CHECK(found.hits[1].message == first.message);
  CHECK(found.hits[1].snippet == "Blue <mark>teapot</mark>");
  CHECK(bed.find("zoe").hits.size() == 1);
  CHECK(bed.find("zoe@shop.example").hits.size() == 1);
  CHECK(bed.find("miss").hits.size() == 1);
  CHECK(bed.find("miss ").hits.empty());
  CHECK(bed.find("\"teapot is\"").hits.size() == 1);
  CHECK(bed.find("\"is teapot\"").hits.empty());
  CHECK(bed.find("teapot lid").hits.size() == 1);
  CHECK(bed.find("").hits.empty());
}

TEST_CASE("search says how far behind its index is") {
  Bed bed;
  bed.company.receive();
  bed.index();
  bed.company.receive({.text = "unseen"});
  auto page = bed.find("unseen");
  CHECK(page.hits.empty());
  CHECK_FALSE(page.is_complete);
  CHECK(page.lag == 2);
  bed.index();
  CHECK(bed.find("unseen").is_complete);
}

TEST_CASE("search never leaves the workspace") {
  Bed bed;
  Company other(*bed.db, bed.clock);
  bed.company.receive({.text = "canary one"});
  other.receive({.text = "canary two"});
  bed.index();
  std::swap(bed.company.workspace, other.workspace);
  bed.index();
  std::swap(bed.company.workspace, other.workspace);
  auto page = bed.find("canary");
  REQUIRE(page.hits.size() == 1);
  CHECK(page.total == 1);
  CHECK(page.hits[0].snippet == "<mark>canary</mark> one");
}

TEST_CASE("hits follow page by page without gap or double") {
  Bed bed;
  for (int i = 0; i < 25; ++i) bed.company.receive({.text = "needle " + std::to_string(i)});
  bed.index();
  std::vector<MessageId> seen;
  std::optional<std::int64_t> cursor;
  do {
    auto page = bed.find("needle", 10, cursor);
    CHECK(page.total == 25);
    for (const auto& hit : page.hits) seen.push_back(hit.message);
    cursor = page.next;
  } while (cursor);
  CHECK(seen.size() == 25);
  CHECK(std::ranges::is_sorted(seen, std::greater{}));
}

TEST_CASE("a query has at most query_max_bytes") {
  Bed bed;
  auto error = [&](std::size_t bytes) {
    return bed.company.error_of([&](store::Transaction& tx) {
      return search(tx, bed.company.alice, std::string(bytes, 'x'), std::nullopt, 25);
    });
  };
  CHECK(error(query_max_bytes) == "");
  CHECK(error(query_max_bytes + 1) == "query_too_long");
}
