#include "intake/quarantine.h"

#include <algorithm>

#include "access/authorize.h"
#include "audit/ledger.h"
#include "cluster/event_log.h"
#include "intake/scan.h"
#include "intake/spool.h"
#include "store/like_pattern.h"

namespace answerable::intake {

namespace {

Quarantined from_row(const store::Row& row) {
  Quarantined entry;
  entry.id = row.id<SpoolId>(0);
  entry.channel = row.id<ChannelId>(1);
  entry.received_at = row.time(2);
  entry.quarantined_at = row.time(3);
  entry.size = row.integer(4);
  entry.reason = row.string(5);
  entry.detail = row.string(6);
  entry.sender = row.string(7);
  entry.subject = row.string(8);
  return entry;
}

SpoolId last_id() {
  SpoolId id;
  id.uuid.bytes.fill(0xFF);
  return id;
}

Result<Quarantined> load_entry(store::Session& session, WorkspaceId workspace, SpoolId id) {
  TRY(auto entry, session.find("select id, channel_id, received_at, quarantined_at, size, reason, detail, sender, "
                               "subject from quarantine where workspace_id = $1 and id = $2",
                               {workspace, id}, from_row));
  if (entry) return *std::move(entry);
  return fail(ErrorKind::not_found, "quarantine_entry_not_found",
              "There is no such entry in the quarantine (any more).");
}

Status check_release(const Quarantined& entry, std::string_view why) {
  if (why.empty()) return fail(ErrorKind::invalid, "reason_missing", "Say why it is let through: it goes on record.");
  if (why.size() > release_reason_bytes_max)
    return fail(ErrorKind::invalid, "reason_too_long", "Say it in at most 500 bytes.");
  if (entry.reason != reason_malware && entry.reason != reason_not_scannable && entry.reason != reason_disguise)
    return fail(ErrorKind::invalid, "not_malware", "It is not here because of malware: try it again instead.");
  return {};
}

}  // namespace

Result<QuarantinePage> list_quarantine(store::Session& session, WorkspaceId workspace, std::optional<SpoolId> before,
                                       int limit) {
  limit = std::clamp(limit, 1, 100);
  QuarantinePage page;
  TRY(page.total, session.number("select count(*) from quarantine where workspace_id = $1", {workspace}));
  if (before) {
    TRY(page.items,
        session.all("select id, channel_id, received_at, quarantined_at, size, reason, detail, sender, subject "
                    "from quarantine where workspace_id = $1 and id < $2 order by id desc limit $3",
                    {workspace, *before, limit}, from_row));
    return page;
  }
  TRY(page.items,
      session.all("select id, channel_id, received_at, quarantined_at, size, reason, detail, sender, subject "
                  "from quarantine where workspace_id = $1 order by id desc limit $2",
                  {workspace, limit}, from_row));
  return page;
}

Result<QuarantinePage> search_quarantine(store::Session& session, WorkspaceId workspace, const std::string& words,
                                         std::optional<SpoolId> before, int limit) {
  if (words.size() > quarantine_words_bytes_max)
    return fail(ErrorKind::invalid, "search_too_long", "Search for fewer words.");
  if (words.empty()) return list_quarantine(session, workspace, before, limit);
  const auto pattern = store::like_containing(words);
  // Ids are UUIDv7: none is greater than this one.
  const SpoolId from = before.value_or(last_id());
  QuarantinePage page;
  TRY(page.total, session.number("select count(*) from quarantine where workspace_id = $1 and (lower(sender) like $2 "
                                 "escape '!' or lower(subject) like $2 escape '!' or lower(reason) like $2 escape "
                                 "'!' or lower(detail) like $2 escape '!')",
                                 {workspace, pattern}));
  TRY(page.items,
      session.all("select id, channel_id, received_at, quarantined_at, size, reason, detail, sender, subject from "
                  "quarantine where workspace_id = $1 and (lower(sender) like $2 escape '!' or lower(subject) like $2 "
                  "escape '!' or lower(reason) like $2 escape '!' or lower(detail) like $2 escape '!') and id < $3 "
                  "order by id desc limit $4",
                  {workspace, pattern, from, std::clamp(limit, 1, 100)}, from_row));
  return page;
}

Result<std::string> read_quarantined_raw(store::Database& database, store::Blobs& blobs, const access::Actor& actor,
                                         SpoolId id) {
  TRY_STATUS(access::authorize(actor, "quarantine", "read"));
  TRY(auto arrival, database.query([&](store::Session& session) -> Result<Arrival> {
    TRY_STATUS(load_entry(session, actor.workspace, id));
    return load_arrival(session, blobs, actor.workspace, id);
  }));
  // Nobody gets the bytes before it is durable that he did.
  TRY_STATUS(database.write([&](store::Transaction& tx) -> Status {
    TRY(auto entry, load_entry(tx, actor.workspace, id));
    TRY_STATUS(audit::append_entry(tx, {.workspace = actor.workspace,
                                        .actor = actor.for_ledger(),
                                        .action = "quarantine.read",
                                        .object_kind = "arrival",
                                        .object_id = id.text(),
                                        .details = {{"reason", entry.reason}}}));
    return {};
  }));
  return std::move(arrival.raw);
}

Status insert_quarantine(store::Transaction& tx, WorkspaceId workspace, const Quarantined& entry) {
  TRY_STATUS(tx.execute(
      "insert into quarantine (workspace_id, id, channel_id, received_at, quarantined_at, size, reason, detail, "
      "sender, subject) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
      {workspace, entry.id, entry.channel, entry.received_at, tx.now(), entry.size, entry.reason, entry.detail,
       entry.sender, entry.subject}));
  TRY_STATUS(cluster::append_event(tx, {.workspace = workspace,
                                        .kind = "arrival_quarantined",
                                        .conversation = std::nullopt,
                                        .message = std::nullopt,
                                        .actor_kind = "system",
                                        .actor_id = ""}));
  return {};
}

Status release_quarantined(store::Transaction& tx, const access::Actor& actor, SpoolId id, Insistence insistence,
                           std::string_view why) {
  const bool is_release = insistence == Insistence::despite_malware;
  TRY_STATUS(access::authorize(actor, "quarantine", is_release ? "release" : "replay"));
  TRY(auto entry, load_entry(tx, actor.workspace, id));
  if (is_release) TRY_STATUS(check_release(entry, why));
  TRY_STATUS(tx.execute("delete from quarantine where workspace_id = $1 and id = $2", {actor.workspace, id}));
  const bool was_loop = entry.reason.starts_with("loop_");
  TRY_STATUS(
      tx.execute("update channel_counters set loops = loops - $3, quarantined = quarantined - $4 "
                 "where workspace_id = $1 and channel_id = $2",
                 {actor.workspace, entry.channel, was_loop, !was_loop}));
  TRY_STATUS(put_back(tx, actor.workspace, entry.channel, id, insistence));
  audit::Act act{.workspace = actor.workspace,
                 .actor = actor.for_ledger(),
                 .action = "quarantine.replay",
                 .object_kind = "arrival",
                 .object_id = id.text(),
                 .details = {{"reason", entry.reason}}};
  if (!is_release) {
    TRY_STATUS(audit::append_entry(tx, act));
    return {};
  }
  // Why somebody trusts it may tell of its sender: erased with what came of it, the message of the same id.
  act.action = "quarantine.release";
  TRY_STATUS(audit::append_entry_with(tx, act, {.detail = "why_commitment", .subject = id.text(), .text = why}));
  return {};
}

}  // namespace answerable::intake
