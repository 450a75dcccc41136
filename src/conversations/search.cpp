#include "conversations/search.h"

#include <algorithm>
#include <array>
#include <limits>

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"
#include "conversations/search_index.h"
#include "conversations/search_query.h"
#include "conversations/snippet.h"

// What read_found() reads, after the position in the index.
#define ANSWERABLE_HIT_COLUMNS                                                                           \
  "m.id, m.direction, m.author_kind, m.author_id, m.author_name, m.sent_at, m.from_address, m.subject, " \
  "m.body, " ANSWERABLE_ITEM_COLUMNS
#define ANSWERABLE_HIT_JOINS                                                    \
  "join search_documents d on d.workspace_id = $1 and d.seq = k.seq "           \
  "join messages m on m.workspace_id = d.workspace_id and m.id = d.message_id " \
  "join conversations c on c.workspace_id = d.workspace_id and c.id = m.conversation_id order by k.seq desc"

// Of who sees only what is assigned: what stands for a hit k leads to a conversation of theirs.
#define ANSWERABLE_HIT_IS_OF(user)                                                                           \
  "exists (select 1 from search_documents d join messages m on m.workspace_id = d.workspace_id and m.id = "  \
  "d.message_id join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id where " \
  "d.workspace_id = $1 and d.seq = k.seq and c.assignee_id = " user ")"

namespace answerable::conversations {
namespace {

constexpr std::int64_t seq_end = std::int64_t{1} << slot_shift;

struct Found {
  std::int64_t seq = 0;
  Hit hit;
  bool is_shown = true;
};

std::string snippet_of(const store::Row& row, const std::vector<Clause>& clauses, bool hides_personal) {
  for (int column : {9, 8, 5, 7}) {  // body, subject, author, address
    if (column == 7 && hides_personal) continue;
    if (auto snippet = find_snippet(row.text(column), clauses)) return *snippet;
  }
  return plain_snippet(row.text(9));
}

// Whether it would also have been found without the sender's address, which some may not learn by asking for it.
bool is_found_without_address(const store::Row& row, const std::vector<Clause>& clauses) {
  return std::ranges::all_of(clauses, [&](const Clause& clause) {
    return std::ranges::any_of(std::array{9, 8, 5}, [&](int column) {
      const bool is_address = column == 5 && row.text(5).contains('@');
      return !is_address && find_snippet(row.text(column), {clause}).has_value();
    });
  });
}

Found read_found(const store::Row& row, const std::vector<Clause>& clauses, bool hides_personal) {
  auto name = row.string(row.text(5).empty() ? 7 : 5);
  if (hides_personal && name.contains('@')) name.clear();
  return {.seq = row.integer(0),
          .hit = {.conversation = read_item(row, 10),
                  .message = row.id<MessageId>(1),
                  .direction = static_cast<Direction>(row.integer(2)),
                  .author = {.kind = row.string(3), .id = row.string(4), .name = std::move(name)},
                  .sent_at = row.time(6),
                  .snippet = snippet_of(row, clauses, hides_personal)},
          .is_shown = !hides_personal || is_found_without_address(row, clauses)};
}

struct Wanted {
  WorkspaceId workspace;
  std::int64_t slot = 0;  // SQLite
  std::vector<Clause> clauses;
  std::int64_t before = seq_end;
  int limit = 0;
  UserId confined_to = {};  // not nil: only what is assigned to this person
  bool hides_personal = false;
};

// At most one more than counted_total_max.
Result<std::int64_t> count_seen_hits(store::Session& session, const Wanted& wanted) {
  if (session.engine() == store::Engine::postgres)
    return session.number(
        "select count(*) from (select 1 from search_terms k where k.workspace_id = $1 "
        "and k.words @@ cast($2 as tsquery) and " ANSWERABLE_HIT_IS_OF("$4") " limit $3) as hits",
        {wanted.workspace, to_tsquery(wanted.clauses), counted_total_max + 1, wanted.confined_to});
  auto first = wanted.slot << slot_shift;
  return session.number(
      "select count(*) from (select 1 from (select rowid - $2 as seq from search_terms where "
      "search_terms match $5 and rowid between $2 and $3) as k where " ANSWERABLE_HIT_IS_OF("$6") " limit $4) as hits",
      {wanted.workspace, first, first + seq_end - 1, counted_total_max + 1, to_fts5(wanted.clauses),
       wanted.confined_to});
}

Result<std::int64_t> count_hits(store::Session& session, const Wanted& wanted) {
  if (!wanted.confined_to.is_nil()) return count_seen_hits(session, wanted);
  if (session.engine() == store::Engine::postgres)
    return session.number(
        "select count(*) from (select 1 from search_terms where workspace_id = $1 "
        "and words @@ cast($2 as tsquery) limit $3) as hits",
        {wanted.workspace, to_tsquery(wanted.clauses), counted_total_max + 1});
  auto first = wanted.slot << slot_shift;
  return session.number(
      "select count(*) from (select 1 from search_terms where search_terms match $1 "
      "and rowid between $2 and $3 limit $4) as hits",
      {to_fts5(wanted.clauses), first, first + seq_end - 1, counted_total_max + 1});
}

// A last word that is common as it stands is not taken as a beginning: to join the lists of all words that begin so
// would cost more than it would tell.
Status settle_beginning(store::Session& session, Wanted& wanted) {
  if (!wanted.clauses.back().is_beginning) return {};
  wanted.clauses.back().is_beginning = false;
  TRY(auto whole, count_hits(session, wanted));
  wanted.clauses.back().is_beginning = whole <= counted_total_max;
  return {};
}

Result<std::vector<Found>> find_seen_hits(store::Session& session, const Wanted& wanted) {
  auto read = [&](const store::Row& row) { return read_found(row, wanted.clauses, wanted.hides_personal); };
  if (session.engine() == store::Engine::postgres)
    return session.all(
        "select k.seq, " ANSWERABLE_HIT_COLUMNS
        " from (select k.seq from search_terms k where k.workspace_id = $1 and k.words @@ "
        "cast($2 as tsquery) and k.seq < $3 and " ANSWERABLE_HIT_IS_OF(
            "$5") " order by k.seq desc limit $4) as k " ANSWERABLE_HIT_JOINS,
        {wanted.workspace, to_tsquery(wanted.clauses), wanted.before, wanted.limit + 1, wanted.confined_to}, read);
  auto first = wanted.slot << slot_shift;
  return session.all("select k.seq, " ANSWERABLE_HIT_COLUMNS
                     " from (select k.seq from (select rowid - $2 as seq from search_terms where search_terms match $5 "
                     "and rowid between $2 and $3 order by rowid desc) as k where " ANSWERABLE_HIT_IS_OF(
                         "$6") " order by k.seq desc limit $4) as k " ANSWERABLE_HIT_JOINS,
                     {wanted.workspace, first, first + wanted.before - 1, wanted.limit + 1, to_fts5(wanted.clauses),
                      wanted.confined_to},
                     read);
}

Result<std::vector<Found>> find_hits(store::Session& session, const Wanted& wanted) {
  if (!wanted.confined_to.is_nil()) return find_seen_hits(session, wanted);
  auto read = [&](const store::Row& row) { return read_found(row, wanted.clauses, wanted.hides_personal); };
  if (session.engine() == store::Engine::postgres)
    return session.all("select k.seq, " ANSWERABLE_HIT_COLUMNS
                       " from (select seq from search_terms where workspace_id = $1 and words @@ cast($2 as tsquery) "
                       "and seq < $3 order by seq desc limit $4) as k " ANSWERABLE_HIT_JOINS,
                       {wanted.workspace, to_tsquery(wanted.clauses), wanted.before, wanted.limit + 1}, read);
  auto first = wanted.slot << slot_shift;
  return session.all(
      "select k.seq, " ANSWERABLE_HIT_COLUMNS
      " from (select rowid - $2 as seq from search_terms where search_terms match $5 and rowid between $2 "
      "and $3 order by rowid desc limit $4) as k " ANSWERABLE_HIT_JOINS,
      {wanted.workspace, first, first + wanted.before - 1, wanted.limit + 1, to_fts5(wanted.clauses)}, read);
}

Status add_completeness(store::Session& session, WorkspaceId workspace, SearchPage& page) {
  TRY(auto seen, cluster::load_cursor(session, search_reader, workspace));
  TRY(auto last, cluster::last_seq(session, workspace));
  page.lag = std::max<std::int64_t>(0, last - seen);
  page.is_complete = page.lag == 0;
  return {};
}

}  // namespace

Result<SearchPage> search(store::Session& session, const access::Actor& actor, std::string_view query,
                          std::optional<std::int64_t> before, int limit) {
  TRY_STATUS(access::authorize(actor, "search", "read"));
  if (query.size() > query_max_bytes)
    return fail(ErrorKind::invalid, "query_too_long", "A query has at most 400 bytes.");
  if (limit < 1 || limit > search_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 100.");
  SearchPage page;
  TRY_STATUS(add_completeness(session, actor.workspace, page));
  Wanted wanted{.workspace = actor.workspace,
                .clauses = parse_query(query),
                .before = std::clamp<std::int64_t>(before.value_or(seq_end), 0, seq_end),
                .limit = limit,
                .confined_to = actor.sees_only_assigned() ? actor.user : UserId{},
                .hides_personal = actor.hides_personal()};
  if (wanted.clauses.empty() || (actor.sees_only_assigned() && actor.user.is_nil())) return page;
  if (session.engine() == store::Engine::sqlite) {
    TRY(auto slot, find_slot(session, wanted.workspace));
    if (!slot) return page;
    wanted.slot = *slot;
  }
  TRY_STATUS(settle_beginning(session, wanted));
  TRY(page.total, count_hits(session, wanted));
  TRY(auto found, find_hits(session, wanted));
  page.total_is_exact = page.total <= counted_total_max;
  page.total = std::min(page.total, counted_total_max);
  if (static_cast<int>(found.size()) > limit) {
    found.pop_back();
    page.next = found.back().seq;
  }
  for (auto& one : found) {
    if (one.is_shown) page.hits.push_back(std::move(one.hit));
  }
  if (actor.hides_personal()) {  // the count knows of hits by address: nothing of it but what is shown
    page.total = static_cast<std::int64_t>(page.hits.size());
    page.total_is_exact = !before && !page.next;
  }
  return page;
}

}  // namespace answerable::conversations
