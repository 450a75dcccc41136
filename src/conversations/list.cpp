#include "conversations/list.h"

#include <limits>

#include "access/authorize.h"
#include "conversations/conversation_table.h"

// A page in keyset order: $1 workspace, $2 and $3 the last item of the former page, $4 how many.
#define ANSWERABLE_PAGE_OF(where)                                                                \
  "select " ANSWERABLE_ITEM_COLUMNS " from conversations c where c.workspace_id = $1 and " where \
  " and (c.last_message_at, c.id) < ($2, $3) order by c.last_message_at desc, c.id desc limit $4"
// One of the three statuses of an assignee; keys only, out of the index.
#define ANSWERABLE_KEYS_OF_STATUS(status)                                                                             \
  "select * from (select k.last_message_at, k.id from conversations k where k.workspace_id = $1 and k.assignee_id = " \
  "$5 "                                                                                                               \
  "and k.status = " status                                                                                            \
  " and ($6 = 0 or k.channel_id = $7) and (k.last_message_at, k.id) < ($2, $3) "                                      \
  "order by k.last_message_at desc, k.id desc limit $4) as s" status

namespace answerable::conversations {
namespace {

struct Query {
  WorkspaceId workspace;
  std::optional<ConversationStatus> status;
  std::optional<UserId> assignee;
  std::optional<ChannelId> channel;
  std::string tag;
  Time before;
  ConversationId before_id;
  int limit = 0;
};
using Items = Result<std::vector<ConversationItem>>;

ConversationItem read_one(const store::Row& row) { return read_item(row); }

Items of_assignee(store::Session& session, const Query& q) {
  auto channel = q.channel.value_or(ChannelId{});
  if (q.status)
    return session.all(ANSWERABLE_PAGE_OF("c.assignee_id = $5 and c.status = $8 and ($6 = 0 or c.channel_id = $7)"),
                       {q.workspace, q.before, q.before_id, q.limit, *q.assignee, q.channel.has_value(), channel,
                        static_cast<int>(*q.status)},
                       read_one);
  return session.all(
      "select " ANSWERABLE_ITEM_COLUMNS " from (" ANSWERABLE_KEYS_OF_STATUS("0") " union all "
      ANSWERABLE_KEYS_OF_STATUS("1") " union all " ANSWERABLE_KEYS_OF_STATUS("2")
      " order by 1 desc, 2 desc limit $4) as keys join conversations c on c.workspace_id = $1 and c.id = keys.id "
      "order by c.last_message_at desc, c.id desc",
      {q.workspace, q.before, q.before_id, q.limit, *q.assignee, q.channel.has_value(), channel}, read_one);
}

Items of_channel(store::Session& session, const Query& q) {
  if (!q.status)
    return session.all(ANSWERABLE_PAGE_OF("c.channel_id = $5"),
                       {q.workspace, q.before, q.before_id, q.limit, *q.channel}, read_one);
  if (*q.status == ConversationStatus::closed)
    return session.all(ANSWERABLE_PAGE_OF("c.channel_id = $5 and c.status = 2"),
                       {q.workspace, q.before, q.before_id, q.limit, *q.channel}, read_one);
  return session.all(ANSWERABLE_PAGE_OF("c.channel_id = $5 and c.status = 1"),
                     {q.workspace, q.before, q.before_id, q.limit, *q.channel}, read_one);
}

Items of_everything(store::Session& session, const Query& q) {
  if (!q.status)
    return session.all(ANSWERABLE_PAGE_OF("1 = 1"), {q.workspace, q.before, q.before_id, q.limit}, read_one);
  if (*q.status == ConversationStatus::closed)
    return session.all(ANSWERABLE_PAGE_OF("c.status = 2"), {q.workspace, q.before, q.before_id, q.limit}, read_one);
  return session.all(ANSWERABLE_PAGE_OF("c.status = 1"), {q.workspace, q.before, q.before_id, q.limit}, read_one);
}

#define ANSWERABLE_TAGGED                                                                                           \
  " from conversation_tags t join conversations c on c.workspace_id = t.workspace_id and c.id = t.conversation_id " \
  "where t.workspace_id = $1 and t.tag = $2 and ($3 = 0 or c.status = $4) and ($5 = 0 or c.assignee_id = $6) "      \
  "and ($7 = 0 or c.channel_id = $8) "

// Few conversations bear a tag, compared with all: they are looked at one by one.
Items of_tag(store::Session& session, const Query& q) {
  auto status = static_cast<int>(q.status.value_or(ConversationStatus::open));
  return session.all(
      "select " ANSWERABLE_ITEM_COLUMNS ANSWERABLE_TAGGED
      "and (c.last_message_at, c.id) < ($9, $10) order by c.last_message_at desc, c.id desc limit $11",
      {q.workspace, q.tag, q.status.has_value(), status, q.assignee.has_value(), q.assignee.value_or(UserId{}),
       q.channel.has_value(), q.channel.value_or(ChannelId{}), q.before, q.before_id, q.limit},
      read_one);
}

Status count_tagged(store::Session& session, const Query& q, ConversationPage& page) {
  auto status = static_cast<int>(q.status.value_or(ConversationStatus::open));
  TRY(page.total, session.number("select count(*) from (select 1" ANSWERABLE_TAGGED "limit $9) as tagged",
                                 {q.workspace, q.tag, q.status.has_value(), status, q.assignee.has_value(),
                                  q.assignee.value_or(UserId{}), q.channel.has_value(), q.channel.value_or(ChannelId{}),
                                  counted_total_max + 1}));
  page.total_is_exact = page.total <= counted_total_max;
  page.total = std::min(page.total, counted_total_max);
  return {};
}

Result<std::int64_t> count_places(store::Session& session, const Query& q) {
  return session.number(
      "select cast(coalesce(sum(amount), 0) as bigint) from conversation_counts where workspace_id = $1 "
      "and ($2 = 0 or status = $3) and ($4 = 0 or assignee_id = $5) and ($6 = 0 or channel_id = $7)",
      {q.workspace, q.status.has_value(), static_cast<int>(q.status.value_or(ConversationStatus::open)),
       q.assignee.has_value(), q.assignee.value_or(UserId{}), q.channel.has_value(), q.channel.value_or(ChannelId{})});
}

ConversationId greatest() {
  ConversationId id;
  id.uuid.bytes.fill(0xff);
  return id;
}

// Nothing: the filter contradicts the view, or what the actor sees, so the list is empty.
std::optional<Query> to_query(const access::Actor& actor, ListFilter filter) {
  if (actor.sees_only_assigned()) {
    if (actor.user.is_nil() || filter.assignee.value_or(actor.user) != actor.user) return std::nullopt;
    filter.assignee = actor.user;
  }
  Query query{.workspace = actor.workspace,
              .status = {},
              .assignee = filter.assignee,
              .channel = filter.channel,
              .tag = filter.tag};
  std::optional<UserId> asked;
  switch (filter.view) {
    case View::all: return query;
    case View::mine: asked = actor.user; break;
    case View::unassigned: asked = UserId{}; break;
    case View::snoozed: query.status = ConversationStatus::snoozed; return query;
    case View::closed: query.status = ConversationStatus::closed; return query;
  }
  if (filter.view == View::mine && actor.user.is_nil()) return std::nullopt;  // a program has none
  if (filter.assignee && *filter.assignee != *asked) return std::nullopt;
  query.status = ConversationStatus::open;
  query.assignee = asked;
  return query;
}

}  // namespace

std::optional<View> parse_view(std::string_view text) {
  if (text == "all") return View::all;
  if (text == "mine") return View::mine;
  if (text == "unassigned") return View::unassigned;
  if (text == "snoozed") return View::snoozed;
  if (text == "closed") return View::closed;
  return std::nullopt;
}

Result<ConversationPage> list_conversations(store::Session& session, const access::Actor& actor,
                                            const ListFilter& filter, std::optional<ListCursor> after, int limit) {
  TRY_STATUS(access::authorize(actor, "conversation", "list"));
  if (limit < 1 || limit > list_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 100.");
  ConversationPage page;
  auto query = to_query(actor, filter);
  if (!query) return page;
  query->before = after ? after->last_message_at : Time{std::numeric_limits<std::int64_t>::max()};
  query->before_id = after ? after->id : greatest();
  query->limit = limit + 1;
  auto items = !query->tag.empty() ? of_tag(session, *query)
               : query->assignee   ? of_assignee(session, *query)
               : query->channel    ? of_channel(session, *query)
                                   : of_everything(session, *query);
  TRY(page.items, std::move(items));
  if (static_cast<int>(page.items.size()) > limit) {
    page.items.pop_back();
    page.next = ListCursor{.last_message_at = page.items.back().last_message_at, .id = page.items.back().id};
  }
  if (!query->tag.empty()) {
    TRY_STATUS(count_tagged(session, *query, page));
  } else {
    TRY(page.total, count_places(session, *query));
  }
  return page;
}

Result<ViewCounts> count_views(store::Session& session, const access::Actor& actor) {
  TRY_STATUS(access::authorize(actor, "conversation", "list"));
  ViewCounts counts;
  const UserId nobody;
  TRY_STATUS(session.each("select status, assignee_id, amount from conversation_counts where workspace_id = $1",
                          {actor.workspace}, [&](const store::Row& row) {
                            auto status = static_cast<ConversationStatus>(row.integer(0));
                            auto assignee = row.id<UserId>(1);
                            auto amount = row.integer(2);
                            if (actor.sees_only_assigned() && assignee != actor.user) return;
                            counts.all += amount;
                            if (status == ConversationStatus::snoozed) counts.snoozed += amount;
                            if (status == ConversationStatus::closed) counts.closed += amount;
                            if (status != ConversationStatus::open) return;
                            if (assignee == nobody) counts.unassigned += amount;
                            if (assignee != nobody && assignee == actor.user) counts.mine += amount;
                          }));
  return counts;
}

}  // namespace answerable::conversations
