#include "conversations/list.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "conversations/conversation_table.h"
#include "conversations/rename.h"
#include "conversations/set_status.h"
#include "conversations/snooze.h"
#include "conversations/tags.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

struct Bed : CompanyBed {
  std::vector<ConversationId> made;
  std::vector<ChannelId> channels;

  // `count` conversations over three channels, in every state and with three assignees, some at the same instant.
  void fill(int count) {
    for (int i = 0; i < 3; ++i) channels.push_back(ChannelId::make(clock));
    std::mt19937 random(7);
    for (int i = 0; i < count; ++i) {
      if (i % 3 != 0) clock.advance_ms(1);
      company.channel = channels[random() % 3];
      made.push_back(
          company.receive({.from = "c" + std::to_string(i % 20) + "@example.org", .subject = std::to_string(i)})
              .conversation);
      company.write([&](store::Transaction& tx) { return change(tx, made.back(), random); });
    }
  }
  Result<int> change(store::Transaction& tx, ConversationId id, std::mt19937& random) {
    TRY(auto item, load_item(tx, company.workspace, id));
    UserId assignees[] = {{}, company.alice.user, company.bob.user};
    TRY_STATUS(set_assignee(tx, item, company.workspace, assignees[random() % 3]));
    switch (random() % 4) {
      case 0: TRY_STATUS(close(tx, company.alice, id)); break;
      case 1: TRY_STATUS(snooze(tx, company.alice, id, tx.now() + 1'000'000)); break;
      default: break;
    }
    if (random() % 5 == 0) TRY_STATUS(set_tags(tx, company.alice, id, {"urgent"}));
    return 0;
  }
  std::vector<ConversationItem> all() {
    return company.read([&](store::Session& session) { return load_items(session, company.workspace, made); });
  }
};

bool belongs(const ConversationItem& item, const ListFilter& filter, UserId me) {
  const bool is_open = item.status == ConversationStatus::open;
  if (filter.view == View::mine && !(is_open && item.assignee == me)) return false;
  if (filter.view == View::unassigned && !(is_open && item.assignee.is_nil())) return false;
  if (filter.view == View::snoozed && item.status != ConversationStatus::snoozed) return false;
  if (filter.view == View::closed && item.status != ConversationStatus::closed) return false;
  if (filter.assignee && item.assignee != *filter.assignee) return false;
  if (filter.channel && item.channel != *filter.channel) return false;
  return filter.tag.empty() || std::ranges::find(item.tags, filter.tag) != item.tags.end();
}

std::vector<ConversationId> expected(Bed& bed, const ListFilter& filter) {
  auto items = bed.all();
  std::erase_if(items, [&](const auto& item) { return !belongs(item, filter, bed.company.alice.user); });
  std::ranges::sort(items, [](const auto& a, const auto& b) {
    return std::pair(a.last_message_at, a.id) > std::pair(b.last_message_at, b.id);
  });
  std::vector<ConversationId> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

// Reads page by page, checking the total on each.
std::vector<ConversationId> listed(Bed& bed, const ListFilter& filter, int limit, std::size_t total) {
  std::vector<ConversationId> ids;
  std::optional<ListCursor> cursor;
  do {
    auto page = bed.company.read(
        [&](store::Session& session) { return list_conversations(session, bed.company.alice, filter, cursor, limit); });
    CHECK(static_cast<std::size_t>(page.total) == total);
    CHECK(page.total_is_exact);
    for (const auto& item : page.items) ids.push_back(item.id);
    cursor = page.next;
  } while (cursor);
  return ids;
}

}  // namespace

TEST_CASE("every view with every filter lists what belongs to it, newest first, page by page, with its true total") {
  Bed bed;
  bed.fill(150);
  const View views[] = {View::all, View::mine, View::unassigned, View::snoozed, View::closed};
  const std::optional<ChannelId> channels[] = {std::nullopt, bed.channels[1]};
  const std::optional<UserId> assignees[] = {std::nullopt, UserId{}, bed.company.alice.user, bed.company.bob.user};
  const char* const tags[] = {"", "urgent"};
  for (std::size_t i = 0; i < 5 * 2 * 4 * 2; ++i) {
    ListFilter filter{.view = views[i % 5],
                      .channel = channels[i / 5 % 2],
                      .assignee = assignees[i / 10 % 4],
                      .tag = tags[i / 40 % 2]};
    auto ids = expected(bed, filter);
    CAPTURE(i);
    CHECK(listed(bed, filter, 7, ids.size()) == ids);
  }
}

TEST_CASE("the counters agree with a count of the rows after many changes") {
  Bed bed;
  bed.fill(60);
  std::mt19937 random(11);
  for (int i = 0; i < 200; ++i) {
    auto id = bed.made[random() % bed.made.size()];
    bed.company.write([&](store::Transaction& tx) { return bed.change(tx, id, random); });
    if (random() % 4 == 0) bed.company.receive({.conversation = id});
  }
  auto wrong = bed.company.read([&](store::Session& session) {
    return session.number(
        "select count(*) from (select status, assignee_id, channel_id, count(*) as n from conversations where "
        "workspace_id = $1 "
        "group by status, assignee_id, channel_id) as r full join (select * from conversation_counts where "
        "workspace_id = $1 and "
        "amount <> 0) as k on k.status = r.status and k.assignee_id = r.assignee_id and k.channel_id = r.channel_id "
        "where coalesce(n, 0) <> coalesce(amount, 0)",
        {bed.company.workspace});
  });
  CHECK(wrong == 0);
  auto counts = bed.company.read([&](store::Session& session) { return count_views(session, bed.company.alice); });
  CHECK(counts.all == 60);
  CHECK(static_cast<std::size_t>(counts.mine) == expected(bed, {.view = View::mine}).size());
  CHECK(static_cast<std::size_t>(counts.unassigned) == expected(bed, {.view = View::unassigned}).size());
}

TEST_CASE("a page has 1 to 100 items") {
  Bed bed;
  for (int limit : {1, 100})
    CHECK(bed.company.error_of([&](store::Transaction& tx) {
      return list_conversations(tx, bed.company.alice, {}, std::nullopt, limit);
    }) == "");
  for (int limit : {0, -1, 101})
    CHECK(bed.company.error_of([&](store::Transaction& tx) {
      return list_conversations(tx, bed.company.alice, {}, std::nullopt, limit);
    }) == "bad_limit");
}

TEST_CASE("another workspace sees nothing of it") {
  Bed bed;
  bed.fill(5);
  auto stranger = bed.company.alice;
  stranger.workspace = WorkspaceId::make(bed.clock);
  auto page = bed.company.read(
      [&](store::Session& session) { return list_conversations(session, stranger, {}, std::nullopt, 50); });
  CHECK(page.items.empty());
  CHECK(page.total == 0);
  CHECK(bed.company.error_of([&](store::Transaction& tx) { return close(tx, stranger, bed.made[0]); }) ==
        "no_conversation");
  CHECK(bed.company.error_of([&](store::Transaction& tx) { return rename(tx, stranger, bed.made[0], "x"); }) ==
        "no_conversation");
}
