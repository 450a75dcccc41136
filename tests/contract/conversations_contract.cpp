// Conversations, search and assignment on both engines.
#include <doctest/doctest.h>

#include <thread>

#include "access/overwritten.h"
#include "contract/engines.h"
#include "conversations/add_note.h"
#include "conversations/attachments.h"
#include "conversations/contacts.h"
#include "conversations/drafts.h"
#include "conversations/list.h"
#include "conversations/mark_read.h"
#include "conversations/match.h"
#include "conversations/rename.h"
#include "conversations/search.h"
#include "conversations/send_reply.h"
#include "conversations/set_status.h"
#include "conversations/snooze.h"
#include "conversations/start_conversation.h"
#include "conversations/tags.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/payload.h"
#include "policy/suspend.h"
#include "routing/assign.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

void on_each(const std::function<void(Company&)>& test) {
  contract::on_each_engine(ANSWERABLE_CONVERSATION_SCHEMAS, [&](contract::Bed& bed) {
    Company company(bed.db(), bed.clock);
    test(company);
  });
}

std::vector<std::string> subjects(Company& company, const ListFilter& filter, int limit = 50) {
  std::vector<std::string> found;
  std::optional<ListCursor> cursor;
  do {
    auto page = company.read(
        [&](store::Session& session) { return list_conversations(session, company.alice, filter, cursor, limit); });
    for (const auto& item : page.items) found.push_back(item.subject);
    if (!page.next) CHECK(page.total == static_cast<std::int64_t>(found.size()));
    cursor = page.next;
  } while (cursor);
  return found;
}
using Subjects = std::vector<std::string>;

void index_all(Company& company, SearchIndexer& indexer) {
  auto events = company.events();
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

std::size_t hits(Company& company, std::string_view query) {
  auto page =
      company.read([&](store::Session& session) { return search(session, company.alice, query, std::nullopt, 25); });
  CHECK(page.total == static_cast<std::int64_t>(page.hits.size()));
  CHECK(page.is_complete);
  return page.hits.size();
}

}  // namespace

TEST_CASE("lists follow the keyset through every view and filter on both engines") {
  on_each([](Company& company) {
    std::vector<ConversationId> ids;
    for (const char* subject : {"a", "b", "c", "d", "e", "f"}) {
      company.clock().advance_ms(1);
      ids.push_back(company.receive({.subject = subject}).conversation);
    }
    company.write([&](store::Transaction& tx) { return close(tx, company.alice, ids[0]); });
    company.write([&](store::Transaction& tx) { return snooze(tx, company.alice, ids[1], tx.now() + 1'000); });
    company.write([&](store::Transaction& tx) { return routing::take(tx, company.alice, ids[2]); });
    company.write(
        [&](store::Transaction& tx) { return routing::assign(tx, company.alice, ids[0], company.alice.user); });
    company.write([&](store::Transaction& tx) { return set_tags(tx, company.alice, ids[3], {"x"}); });
    CHECK(subjects(company, {}, 2) == Subjects{"f", "e", "d", "c", "b", "a"});
    CHECK(subjects(company, {.view = View::mine}) == Subjects{"c"});
    CHECK(subjects(company, {.view = View::unassigned}, 2) == Subjects{"f", "e", "d"});
    CHECK(subjects(company, {.view = View::closed}) == Subjects{"a"});
    CHECK(subjects(company, {.view = View::snoozed}) == Subjects{"b"});
    CHECK(subjects(company, {.assignee = company.alice.user}, 1) == Subjects{"c", "a"});
    CHECK(subjects(company, {.view = View::closed, .assignee = company.alice.user}) == Subjects{"a"});
    CHECK(subjects(company, {.channel = company.channel}, 4) == Subjects{"f", "e", "d", "c", "b", "a"});
    CHECK(subjects(company, {.view = View::snoozed, .channel = company.channel}) == Subjects{"b"});
    CHECK(subjects(company, {.view = View::closed, .channel = company.channel}) == Subjects{"a"});
    CHECK(subjects(company, {.assignee = company.alice.user, .tag = "x"}).empty());
    CHECK(subjects(company, {.view = View::unassigned, .channel = company.channel, .tag = "x"}) == Subjects{"d"});
    auto counts = company.read([&](store::Session& session) { return count_views(session, company.alice); });
    CHECK(counts.all == 6);
    CHECK(counts.unassigned == 3);
    company.clock().advance_ms(2'000);
    CHECK(company.write([](store::Transaction& tx) { return wake_snoozed(tx, 10); }) == 1);
  });
}

TEST_CASE("mail arrives, is matched, answered, taken back and read on both engines") {
  on_each([](Company& company) {
    auto first = company.receive({.subject = "Late", .external_id = "q@x"});
    auto known = company.read([&](store::Session& session) {
      std::vector<std::string> ids{"q@x"};
      return find_by_external_ids(session, company.workspace, ids);
    });
    REQUIRE(known.size() == 1);
    auto there = company.read([&](store::Session& session) {
      return find_in_conversation(session, company.workspace, first.conversation, "q@x");
    });
    CHECK(there == std::vector{known[0].message});
    CHECK(company.read([&](store::Session& session) {
      return takes_part(session, company.workspace, first.conversation, "ANNA@example.org");
    }));
    CHECK_FALSE(company.read([&](store::Session& session) {
      return find_by_thread(session, company.workspace, company.channel, "thread");
    }));
    company.receive({.text = "Anything new?", .conversation = known[0].conversation});
    auto upload = company.write([&](store::Transaction& tx) {
      return create_upload(tx, company.alice, {.filename = "ü.txt", .content_type = "text/plain", .size = 1});
    });
    auto reply = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice,
                        {.conversation = first.conversation,
                         .text = "Soon",
                         .attachments = {upload.id},
                         .undo_seconds = 10,
                         .should_close = true});
    });
    CHECK(reply.state == "queued");
    company.write([&](store::Transaction& tx) { return undo_send(tx, company.alice, reply.id); });
    company.write([&](store::Transaction& tx) {
      return add_note(tx, company.alice, {.conversation = first.conversation, .text = "Call them"});
    });
    auto opened = company.read(
        [&](store::Session& session) { return open_conversation(session, company.alice, first.conversation); });
    REQUIRE(opened.newest.messages.size() == 4);
    CHECK(opened.newest.messages[2].state == "cancelled");
    CHECK(opened.newest.messages[2].attachments.empty());  // they are the author's again
    CHECK(opened.newest.messages[3].state == "note");
    CHECK_FALSE(opened.draft);  // the note ended it
    CHECK(opened.item.status == ConversationStatus::open);
  });
}

TEST_CASE("a reply leaves with what it answers and with the pictures of its text, on both engines") {
  on_each([](Company& company) {
    auto asked = company.receive({.text = "How does it look?"});
    auto upload = company.write([&](store::Transaction& tx) {
      return create_upload(tx, company.alice, {.filename = "a.png", .content_type = "image/png", .size = 1});
    });
    auto reply = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice,
                        {.conversation = asked.conversation, .text = "So: [a.png]", .attachments = {upload.id}});
    });
    REQUIRE(reply.attachments.size() == 1);
    CHECK(reply.attachments[0].is_inline);
    auto alone = company.write([&](store::Transaction& tx) {
      return send_reply(tx, company.alice, {.conversation = asked.conversation, .text = "Also", .quotes = false});
    });
    const auto left = [&](MessageId message) {
      const auto bytes = company.read([&](store::Session& session) {
        return session.find("select payload from deliveries where workspace_id = $1 and message_id = $2",
                            {company.workspace, message},
                            [](const store::Row& row) { return std::string(row.bytes(0)); });
      });
      return outbox::decode_payload(bytes.value_or("")).value();
    };
    const auto first = left(reply.id);
    CHECK(first.attachments.at(0).content_id == reply.attachments[0].content_id);
    REQUIRE(first.quoted);
    CHECK(first.quoted->text == "How does it look?");
    CHECK(first.quoted->from_address == "anna@example.org");
    CHECK(first.quoted->author_name == "Anna");
    CHECK_FALSE(left(alone.id).quoted);
  });
}

TEST_CASE("subjects, read marks and contacts change, and an agent writes first, on both engines") {
  on_each([](Company& company) {
    auto first = company.receive({.subject = "Late"});
    auto opened = company.read(
        [&](store::Session& session) { return open_conversation(session, company.alice, first.conversation); });
    company.write([&](store::Transaction& tx) { return rename(tx, company.alice, first.conversation, "Very late"); });
    company.write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(mark_read(tx, company.alice, first.conversation, true));
      return 0;
    });
    company.write([&](store::Transaction& tx) {
      return update_contact(tx, company.alice, opened.item.contact,
                            {.name = "Anna B.", .note = "VIP", .shows_quotes = true});
    });
    auto contacts = company.read(
        [&](store::Session& session) { return list_contacts(session, company.alice, "anna", std::nullopt, 10); });
    REQUIRE(contacts.items.size() == 1);
    CHECK(contacts.items[0].conversation_count == 1);
    CHECK(contacts.items[0].shows_quotes);
    CHECK(contacts.total == 1);
    company.write([&](store::Transaction& tx) {
      return start_conversation(tx, company.alice,
                                {.channel = company.channel,
                                 .channel_kind = "email",
                                 .address_key = "b@x.example",
                                 .address = "b@x.example",
                                 .subject = "Hello",
                                 .text = "Hello"});
    });
  });
}

TEST_CASE("both engines find the same words") {
  on_each([](Company& company) {
    company.receive({.from = "zoe@shop.example",
                     .name = "Zoë",
                     .subject = "Größe XL",
                     .text = "L'été à Łódź: teapots & 東京タワー"});
    company.receive({.subject = "Quotes", .text = "it's 'quoted' \\ \"double\" : * & | ! ( ) <-> a:b"});
    Company other(company.db(), company.clock());
    other.receive({.text = "teapots elsewhere"});
    SearchIndexer indexer;
    index_all(company, indexer);
    index_all(other, indexer);
    for (const char* query :
         {"teapot", "grosse", "GRÖSSE", "lodz", "ete", "タワー", "京タ", "zoe@shop.example", "\"xl l ete\"", "zo shop"})
      CHECK_MESSAGE(hits(company, query) == (std::string(query) == "zo shop" ? 0U : 1U), query);
    for (const char* query : {"teapot ", "\"ete l\"", "nothing", "", "&", "' OR 1=1 --"})
      CHECK_MESSAGE(hits(company, query) == 0, query);
    for (const char* query : {"quoted'", "a:b", "\\", "double \"it s\"", "'quoted' & (a)"})
      CHECK_MESSAGE(hits(company, query) == (std::string(query) == "\\" ? 0U : 1U), query);
  });
}

TEST_CASE("of two nodes that write to one conversation none loses the other's message") {
  contract::on_postgres(ANSWERABLE_CONVERSATION_SCHEMAS, [](contract::Bed& bed) {
    Company company(bed.db(), bed.clock);
    auto node = bed.another_node();
    auto first = company.receive();
    constexpr int each = 20;
    auto write_from = [&](store::Database& db) {
      for (int i = 0; i < each; ++i) {
        auto done = db.write([&](store::Transaction& tx) {
          return company.receive(tx, {.text = "more", .conversation = first.conversation});
        });
        CHECK_MESSAGE(done.has_value(), done.error().code);
      }
    };
    std::thread other([&] { write_from(*node); });
    write_from(bed.db());
    other.join();
    auto opened = company.read(
        [&](store::Session& session) { return open_conversation(session, company.alice, first.conversation); });
    CHECK(opened.item.message_count == 2 * each + 1);
    CHECK(opened.newest.messages.size() == 2 * each + 1);
    CHECK(company.last_seq() == static_cast<std::int64_t>(company.events().size()));
  });
}

TEST_CASE("what an act wrote over is kept beside its entry for thirty days on both engines") {
  on_each([](Company& company) {
    const auto id = company.receive({.subject = "Before"}).conversation;
    company.write([&](store::Transaction& tx) { return rename(tx, company.alice, id, "After"); });
    const auto renamed = company.read([&](store::Session& session) -> Result<std::int64_t> {
      TRY(const auto count, audit::entry_count(session, company.workspace));
      return count - 1;
    });
    const auto kept = [&] {
      return company.read(
          [&](store::Session& session) { return access::overwritten_by(session, company.workspace, renamed); });
    };
    REQUIRE(kept().size() == 1);
    CHECK(kept()[0].field == "subject");
    CHECK(kept()[0].before == "Before");
    CHECK(kept()[0].after == "After");
    const auto collect = [&] {
      return company.write([](store::Transaction& tx) { return access::delete_old_overwritten(tx, 500); });
    };
    company.clock().advance_ms(access::overwritten_kept_ms);
    CHECK(collect() == 0);
    company.clock().advance_ms(1);
    CHECK(collect() == 1);
    CHECK(kept().empty());
  });
}
