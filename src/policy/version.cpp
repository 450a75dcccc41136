#include "policy/version.h"

#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "policy/document.h"

namespace answerable::policy {
namespace {

VersionHead read_head(const store::Row& row) {
  return {.number = row.integer(0),
          .effective_at = row.maybe_time(1),
          .published_at = row.maybe_time(2),
          .summary = row.string(3)};
}

struct Stored {
  VersionHead head;
  std::string document;
};

Stored read_stored(const store::Row& row) { return {.head = read_head(row), .document = row.string(4)}; }

Result<std::optional<Version>> parsed(Result<std::optional<Stored>> stored) {
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return std::optional<Version>();
  TRY(auto clauses, parse_document((*stored)->document));
  return std::optional(Version{.head = std::move((*stored)->head), .clauses = std::move(clauses)});
}

Result<std::int64_t> last_number(store::Session& session) {
  return session.number("select coalesce(max(number), 0) from policy_versions where published_at is not null");
}

Status enter(store::Transaction& tx, const access::Actor& by, std::string_view action, const Version& version) {
  audit::Act act{.workspace = {},
                 .actor = by.for_ledger(),
                 .action = action,
                 .object_kind = "policy",
                 .object_id = std::to_string(version.head.number),
                 .details = {{"sha256", to_hex(as_bytes(sha256(encode_document(version.clauses))))}}};
  if (version.head.effective_at) act.details.emplace_back("effective_at", to_rfc3339(*version.head.effective_at));
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

std::unexpected<Error> no_draft() {
  return fail(ErrorKind::not_found, "no_draft", "There is no draft: write one first.");
}

}  // namespace

Result<Version> save_draft(store::Transaction& tx, const access::Actor& by, std::string_view summary,
                           const std::vector<Clause>& clauses) {
  TRY_STATUS(access::authorize(by, "oversight", "publish"));
  TRY_STATUS(check_clauses(clauses));
  if (summary.size() > version_summary_bytes_max || !is_valid_utf8(summary) || summary.contains('\0'))
    return fail(ErrorKind::invalid, "bad_summary", "Say what changes in at most 1,000 bytes.");
  TRY(const auto last, last_number(tx));
  if (last >= versions_max)
    return fail(ErrorKind::limited, "too_many_versions", "A policy has at most 1,000 versions.");
  TRY_STATUS(tx.execute("delete from policy_versions where published_at is null", {}));
  Version draft{.head = {.number = last + 1, .summary = std::string(summary)}, .clauses = clauses};
  TRY_STATUS(
      tx.execute("insert into policy_versions (number, effective_at, published_at, summary, document) "
                 "values ($1, null, null, $2, $3)",
                 {draft.head.number, summary, encode_document(clauses)}));
  TRY_STATUS(enter(tx, by, "policy.draft", draft));
  return draft;
}

Status discard_draft(store::Transaction& tx, const access::Actor& by) {
  TRY_STATUS(access::authorize(by, "oversight", "publish"));
  TRY(const auto draft, find_draft(tx));
  if (!draft) return no_draft();
  TRY_STATUS(tx.execute("delete from policy_versions where published_at is null", {}));
  return enter(tx, by, "policy.discard", *draft);
}

Result<VersionHead> publish_draft(store::Transaction& tx, const access::Actor& by, std::optional<Time> effective_at) {
  TRY_STATUS(access::authorize(by, "oversight", "publish"));
  TRY(auto draft, find_draft(tx));
  if (!draft) return no_draft();
  TRY(const auto latest, tx.number("select coalesce(max(effective_at), 0) from policy_versions", {}));
  const auto now = tx.now();  // once: the clock moves meanwhile
  const auto from = effective_at.value_or(now);
  if (from < now || from.ms <= latest)
    return fail(ErrorKind::invalid, "bad_effective_at",
                "A version is in force from now or later, and after every version before it.");
  draft->head.effective_at = from;
  draft->head.published_at = now;
  TRY_STATUS(tx.execute("update policy_versions set effective_at = $1, published_at = $2 where published_at is null",
                        {from, now}));
  TRY_STATUS(enter(tx, by, "policy.publish", *draft));
  return draft->head;
}

Status publish_default(store::Transaction& tx) {
  TRY(const auto versions, tx.number("select count(*) from policy_versions", {}));
  if (versions > 0) return {};
  TRY(const auto clauses, parse_document(default_document()));
  const auto actor = access::system_actor({});
  TRY_STATUS(save_draft(tx, actor, "", clauses));
  TRY_STATUS(publish_draft(tx, actor, std::nullopt));
  return {};
}

Result<std::vector<VersionHead>> published_versions(store::Session& session) {
  return session.all(
      "select number, effective_at, published_at, summary from policy_versions where published_at is not null "
      "order by number desc",
      {}, read_head);
}

Result<std::optional<Version>> find_draft(store::Session& session) {
  return parsed(session.find(
      "select number, effective_at, published_at, summary, document from policy_versions where published_at is null",
      {}, read_stored));
}

Result<std::optional<Version>> find_version(store::Session& session, std::int64_t number) {
  return parsed(
      session.find("select number, effective_at, published_at, summary, document from policy_versions "
                   "where number = $1 and published_at is not null",
                   {number}, read_stored));
}

Result<Version> load_version(store::Session& session, std::int64_t number) {
  TRY(auto found, find_version(session, number));
  if (!found) return fail(ErrorKind::not_found, "version_unknown", "There is no such version of the policy.");
  return *std::move(found);
}

Result<std::int64_t> version_in_force(store::Session& session, Time at) {
  return session.number(
      "select coalesce(max(number), 0) from policy_versions where published_at is not null and effective_at <= $1",
      {at});
}

Result<std::int64_t> first_version(store::Session& session) {
  return session.number("select coalesce(min(number), 0) from policy_versions where published_at is not null", {});
}

}  // namespace answerable::policy
