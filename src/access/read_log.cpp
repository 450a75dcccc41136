#include "access/read_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>

#include "access/authorize.h"
#include "access/record.h"
#include "base/encoding.h"
#include "base/sha256_stream.h"

#define ANSWERABLE_READING_COLUMNS \
  "seq, at, kind, actor_kind, actor_id, contact_id, conversation_id, object, reason from read_log "

namespace answerable::access {
namespace {

constexpr std::array kinds{ReadKind::conversation, ReadKind::attachment, ReadKind::contact, ReadKind::raw_mail,
                           ReadKind::search,       ReadKind::read_log,   ReadKind::evidence};

ReadKind parse_kind(std::string_view text) {
  const auto* const found = std::ranges::find(kinds, text, [](ReadKind kind) { return to_string(kind); });
  return found == kinds.end() ? ReadKind::conversation : *found;
}

StoredReading read_row(const store::Row& row) {
  StoredReading one;
  one.seq = row.integer(0);
  one.at = row.time(1);
  one.kind = parse_kind(row.text(2));
  one.actor_kind = row.string(3);
  one.actor_id = row.string(4);
  one.contact = row.id<ContactId>(5);
  one.conversation = row.id<ConversationId>(6);
  one.object = row.string(7);
  one.reason = row.string(8);
  return one;
}

// Netstrings, so that no two rows have the same bytes: docs/formats/read-log.md.
void add_row(Sha256Stream& stream, const StoredReading& one) {
  for (const auto& field :
       {std::to_string(one.seq), std::to_string(one.at.ms), std::string(to_string(one.kind)), one.actor_kind,
        one.actor_id, one.contact.text(), one.conversation.text(), one.object, one.reason})
    stream.add(fmt::format("{}:{},", field.size(), field));
}

struct Rows {
  std::int64_t first = 0, last = 0;
};

Result<std::string> digest_of(store::Session& session, WorkspaceId workspace, Rows rows, std::int64_t& count) {
  Sha256Stream stream;
  TRY_STATUS(session.each("select " ANSWERABLE_READING_COLUMNS
                          "where workspace_id = $1 and seq between $2 and $3 order by seq",
                          {workspace, rows.first, rows.last}, [&](const store::Row& row) {
                            add_row(stream, read_row(row));
                            ++count;
                          }));
  return to_hex(as_bytes(stream.finish()));
}

Status append_one(store::Transaction& tx, const Reading& one, std::int64_t seq) {
  return run(tx,
             "insert into read_log (workspace_id, seq, at, kind, actor_kind, actor_id, contact_id, conversation_id, "
             "object, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
             {one.workspace, seq, one.at, to_string(one.kind), one.actor_kind, one.actor_id, one.contact,
              one.conversation, one.object, one.reason});
}

struct Unsealed {
  WorkspaceId workspace;
  Rows rows;
};

Result<std::vector<Unsealed>> unsealed(store::Session& session) {
  return session.all(
      "select workspace_id, sealed_seq + 1, last_seq from read_log_heads where last_seq > sealed_seq and "
      "sealed_at <= $1 order by workspace_id limit 100",
      {session.now() - seal_reads_every_ms}, [](const store::Row& row) {
        return Unsealed{.workspace = row.id<WorkspaceId>(0), .rows = {.first = row.integer(1), .last = row.integer(2)}};
      });
}

Status seal(store::Transaction& tx, const Unsealed& one, Rows rows) {
  std::int64_t count = 0;
  TRY(auto digest, digest_of(tx, one.workspace, rows, count));
  TRY_STATUS(run(tx, "update read_log_heads set sealed_seq = $2, sealed_at = $3 where workspace_id = $1",
                 {one.workspace, rows.last, tx.now()}));
  return record(tx, {.workspace = one.workspace,
                     .actor = system_actor(one.workspace).for_ledger(),
                     .action = "read_log.seal",
                     .object_kind = "read_log",
                     .object_id = one.workspace.text(),
                     .details = {{"first", std::to_string(rows.first)},
                                 {"last", std::to_string(rows.last)},
                                 {"sha256", std::move(digest)}}});
}

std::string detail(const audit::Act& act, std::string_view name) {
  for (const auto& [key, value] : act.details) {
    if (key == name) return value;
  }
  return {};
}

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// One entry of the ledger against the rows that it names, when they are all there.
Status check_seal(store::Session& session, WorkspaceId workspace, const audit::Act& act, ReadVerdict& verdict) {
  const Rows rows{.first = number_of(detail(act, "first")), .last = number_of(detail(act, "last"))};
  TRY(const auto head, session.number("select first_seq from read_log_heads where workspace_id = $1", {workspace}));
  if (rows.first < head) return {};  // their time was over
  std::int64_t count = 0;
  TRY(const auto digest, digest_of(session, workspace, rows, count));
  ++verdict.seals;
  const bool is_right = count == rows.last - rows.first + 1 && digest == detail(act, "sha256");
  if (!is_right && !verdict.first_bad) verdict.first_bad = rows.first;
  return {};
}

}  // namespace

std::string_view to_string(ReadKind kind) {
  switch (kind) {
    case ReadKind::conversation: return "conversation";
    case ReadKind::attachment: return "attachment";
    case ReadKind::contact: return "contact";
    case ReadKind::raw_mail: return "raw_mail";
    case ReadKind::search: return "search";
    case ReadKind::read_log: return "read_log";
    case ReadKind::evidence: return "evidence";
  }
  return "conversation";
}

Status append_readings(store::Transaction& tx, const std::vector<Reading>& readings) {
  std::map<WorkspaceId, std::vector<const Reading*>> by_workspace;
  for (const auto& one : readings) by_workspace[one.workspace].push_back(&one);
  for (const auto& [workspace, rows] : by_workspace) {
    TRY(const auto last, tx.number("insert into read_log_heads (workspace_id, last_seq, sealed_seq, sealed_at, "
                                   "first_seq) values ($1, $2, 0, $3, 1) on conflict (workspace_id) do update set "
                                   "last_seq = read_log_heads.last_seq + excluded.last_seq returning last_seq",
                                   {workspace, static_cast<std::int64_t>(rows.size()), tx.now()}));
    auto seq = last - static_cast<std::int64_t>(rows.size());
    for (const auto* row : rows) TRY_STATUS(append_one(tx, *row, ++seq));
  }
  return {};
}

Result<bool> is_seal_due(store::Session& session) {
  TRY(const auto due, unsealed(session));
  return !due.empty();
}

Result<bool> seal_reads(store::Transaction& tx) {
  TRY(const auto due, unsealed(tx));
  bool has_more = false;
  for (const auto& one : due) {
    const auto last = std::min(one.rows.last, one.rows.first + reads_sealed_at_once_max - 1);
    has_more = has_more || last < one.rows.last;
    TRY_STATUS(seal(tx, one, {.first = one.rows.first, .last = last}));
  }
  return has_more;
}

Result<ReadPage> readings(store::Session& session, const Actor& by, const ReadFilter& filter,
                          std::optional<std::int64_t> before, int limit) {
  TRY_STATUS(authorize(by, "read_log", "read"));
  if (limit < 1 || limit > reads_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 200.");
  const auto reader = filter.reader ? filter.reader->text() : std::string();
  const auto contact = filter.contact.value_or(ContactId{});
  ReadPage page;
  TRY(page.items, session.all("select " ANSWERABLE_READING_COLUMNS
                              "where workspace_id = $1 and ($2 = '' or actor_id = $2) and ($3 = 0 or contact_id = $4) "
                              "and seq < $5 order by seq desc limit $6",
                              {by.workspace, reader, filter.contact.has_value(), contact,
                               before.value_or(std::numeric_limits<std::int64_t>::max()), limit + 1},
                              read_row));
  TRY(page.total, session.number("select count(*) from read_log where workspace_id = $1 and ($2 = '' or actor_id = $2) "
                                 "and ($3 = 0 or contact_id = $4)",
                                 {by.workspace, reader, filter.contact.has_value(), contact}));
  if (static_cast<int>(page.items.size()) > limit) {
    page.items.pop_back();
    page.next = page.items.back().seq;
  }
  return page;
}

Status each_reading(store::Session& session, WorkspaceId workspace, Time from, Time until,
                    const std::function<void(const StoredReading&)>& take) {
  return session.each("select " ANSWERABLE_READING_COLUMNS
                      "where workspace_id = $1 and at >= $2 and at <= $3 order by seq",
                      {workspace, from, until}, [&](const store::Row& row) { take(read_row(row)); });
}

Result<ReadVerdict> check_readings(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "read_log", "read"));
  ReadVerdict verdict;
  TRY(verdict.rows, session.number("select count(*) from read_log where workspace_id = $1", {by.workspace}));
  TRY(verdict.unsealed,
      session.number("select last_seq - sealed_seq from read_log_heads where workspace_id = $1", {by.workspace}));
  std::int64_t first = 0;
  while (true) {
    TRY(const auto entries, audit::entries(session, by.workspace, first, audit::entries_max));
    for (const auto& entry : entries) {
      TRY(const auto act, audit::decode_entry(entry.encoded));
      if (act.action == "read_log.seal") TRY_STATUS(check_seal(session, by.workspace, act, verdict));
    }
    if (entries.empty()) return verdict;
    first = entries.back().seq + 1;
  }
}

Result<std::int64_t> delete_old_readings(store::Transaction& tx, int limit) {
  TRY(const auto heads,
      tx.all("select h.workspace_id, h.first_seq, h.sealed_seq, coalesce(r.kept_days, 365) from read_log_heads h "
             "left join read_rules r on r.workspace_id = h.workspace_id",
             {}, [](const store::Row& row) {
               return std::tuple{row.id<WorkspaceId>(0), row.integer(1), row.integer(2), row.integer(3)};
             }));
  std::int64_t deleted = 0;
  for (const auto& [workspace, first, sealed, kept_days] : heads) {
    if (deleted >= limit) break;
    const auto before = tx.now() - kept_days * 86'400'000;
    TRY(const auto last,
        tx.number("select coalesce(max(seq), 0) from (select seq from read_log where workspace_id = $1 and seq <= $2 "
                  "and at < $3 order by seq limit $4) as old",
                  {workspace, sealed, before, limit - deleted}));
    if (last < first) continue;
    TRY(const auto rows, tx.execute("delete from read_log where workspace_id = $1 and seq <= $2", {workspace, last}));
    TRY_STATUS(run(tx, "update read_log_heads set first_seq = $2 where workspace_id = $1", {workspace, last + 1}));
    deleted += rows;
  }
  return deleted;
}

}  // namespace answerable::access
