#include "policy/content_rules.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "access/authorize.h"
#include "access/overwritten.h"
#include "audit/ledger.h"
#include "policy/near_identical.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

using access::RevisionId;

std::string to_lines(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& one : list) out += one + "\n";
  return out;
}

std::vector<std::string> from_lines(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

ContentRule read_rule(const store::Row& row) {
  return {.id = row.id<ContentRuleId>(0),
          .workspace = row.id<WorkspaceId>(1),
          .name = row.string(2),
          .clause = row.string(3),
          .kind = parse_content_kind(row.text(4)).value_or(ContentKind::words),
          .way = parse_content_way(row.text(5)).value_or(ContentWay::both),
          .action = parse_content_action(row.text(6)).value_or(ContentAction::note),
          .channels = from_lines(row.text(7)),
          .values = from_lines(row.text(8)),
          .is_active = row.flag(9)};
}

Result<std::vector<ContentRule>> load_rules(store::Session& session, WorkspaceId owner) {
  return session.all(
      "select id, workspace_id, name, clause, kind, way, action, channels, sought, is_active from content_rules "
      "where workspace_id = $1 order by id",
      {owner}, read_rule);
}

// An administrator of the workspace, or the operator where it is nobody's.
Status may_change(const access::Actor& by, WorkspaceId owner) {
  if (owner.is_nil()) return access::authorize(by, "oversight", "publish");
  TRY_STATUS(access::authorize(by, "content_rule", "change"));
  if (by.kind == access::Actor::Kind::system || by.workspace == owner) return {};
  return fail(ErrorKind::denied, "not_allowed", "This workspace is not yours.");
}

// A name of what the rules are now: whoever has made them ready under it need not do so again. Never used twice, so
// that what a transaction that failed has left in memory is never found.
Status renew(store::Transaction& tx, WorkspaceId owner) {
  TRY_STATUS(
      tx.execute("insert into content_rule_sets (workspace_id, revision_id) values ($1, $2) on conflict (workspace_id) "
                 "do update set revision_id = excluded.revision_id",
                 {owner, RevisionId::make(tx.clock())}));
  return {};
}

// `rule` as it is now, or as it was deleted.
Status enter(store::Transaction& tx, const access::Actor& by, std::string_view action, const ContentRule& rule,
             const std::vector<access::Overwritten>& overwritten) {
  return access::enter_overwriting(tx,
                                   {.workspace = rule.workspace,
                                    .actor = by.for_ledger(),
                                    .action = action,
                                    .object_kind = "content_rule",
                                    .object_id = rule.id.text(),
                                    .details = {{"kind", std::string(to_string(rule.kind))},
                                                {"way", std::string(to_string(rule.way))},
                                                {"action", std::string(to_string(rule.action))},
                                                {"active", rule.is_active ? "true" : "false"}}},
                                   overwritten);
}

Status upsert(store::Transaction& tx, const ContentRule& rule) {
  TRY_STATUS(tx.execute(
      "insert into content_rules (workspace_id, id, name, clause, kind, way, action, channels, sought, is_active, "
      "changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (workspace_id, id) do update set "
      "name = excluded.name, clause = excluded.clause, kind = excluded.kind, way = excluded.way, action = "
      "excluded.action, channels = excluded.channels, sought = excluded.sought, is_active = excluded.is_active, "
      "changed_at = excluded.changed_at",
      {rule.workspace, rule.id, rule.name, rule.clause, to_string(rule.kind), to_string(rule.way),
       to_string(rule.action), to_lines(rule.channels), to_lines(rule.values), rule.is_active, tx.now()}));
  return renew(tx, rule.workspace);
}

std::unexpected<Error> unknown() {
  return fail(ErrorKind::not_found, "content_rule_unknown", "There is no such rule (any more).");
}

// Of all workspaces of this process, newest first to be kept.
class Matchers {
 public:
  std::shared_ptr<const ContentMatcher> find(RevisionId revision) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(revision);
    return found == kept_.end() ? nullptr : found->second;
  }
  void keep(RevisionId revision, std::shared_ptr<const ContentMatcher> matcher) {
    const std::lock_guard lock(mutex_);
    // Revisions are UUIDs of version 7: the first is the oldest.
    if (kept_.size() >= matchers_kept) kept_.erase(kept_.begin());
    kept_[revision] = std::move(matcher);
  }

 private:
  std::mutex mutex_;
  std::map<RevisionId, std::shared_ptr<const ContentMatcher>> kept_;
};

Matchers& matchers() {
  static Matchers all;
  return all;
}

}  // namespace

access::Fields to_fields(const ContentRule& rule) {
  return {{"name", rule.name},
          {"clause", rule.clause},
          {"kind", std::string(to_string(rule.kind))},
          {"way", std::string(to_string(rule.way))},
          {"action", std::string(to_string(rule.action))},
          {"channels", to_lines(rule.channels)},
          {"values", to_lines(rule.values)},
          {"active", rule.is_active ? "1" : "0"}};
}

void set_field(ContentRule& rule, std::string_view field, std::string_view text) {
  if (field == "name") rule.name = text;
  if (field == "clause") rule.clause = text;
  if (field == "kind") rule.kind = parse_content_kind(text).value_or(rule.kind);
  if (field == "way") rule.way = parse_content_way(text).value_or(rule.way);
  if (field == "action") rule.action = parse_content_action(text).value_or(rule.action);
  if (field == "channels") rule.channels = from_lines(text);
  if (field == "values") rule.values = from_lines(text);
  if (field == "active") rule.is_active = text == "1";
}

Result<std::optional<ContentRule>> find_content_rule(store::Session& session, WorkspaceId owner, ContentRuleId id) {
  TRY(const auto all, load_rules(session, owner));
  const auto found = std::ranges::find(all, id, &ContentRule::id);
  return found == all.end() ? std::optional<ContentRule>() : *found;
}

Result<ContentRule> save_content_rule(store::Transaction& tx, const access::Actor& by, const ContentRule& given) {
  TRY_STATUS(may_change(by, given.workspace));
  TRY_STATUS(check_content_rule(given));
  TRY(auto all, load_rules(tx, given.workspace));
  auto rule = given;
  std::vector<access::Overwritten> overwritten;
  const bool is_new = rule.id.is_nil();
  if (is_new) {
    if (all.size() >= content_rules_max)
      return fail(ErrorKind::limited, "too_many_content_rules", "There are 200 rules already: delete one first.");
    rule.id = ContentRuleId::make(tx.clock());
    all.push_back(rule);
  } else {
    const auto former = std::ranges::find(all, rule.id, &ContentRule::id);
    if (former == all.end()) return unknown();
    overwritten = access::written_over(to_fields(*former), to_fields(rule));
    *former = rule;
  }
  TRY_STATUS(ContentMatcher::make(std::move(all)));
  TRY_STATUS(upsert(tx, rule));
  TRY_STATUS(enter(tx, by, is_new ? "content_rule.create" : "content_rule.change", rule, overwritten));
  return rule;
}

Status delete_content_rule(store::Transaction& tx, const access::Actor& by, WorkspaceId owner, ContentRuleId id) {
  TRY_STATUS(may_change(by, owner));
  TRY(const auto all, load_rules(tx, owner));
  const auto rule = std::ranges::find(all, id, &ContentRule::id);
  if (rule == all.end()) return unknown();
  TRY_STATUS(tx.execute("delete from content_rules where workspace_id = $1 and id = $2", {owner, id}));
  TRY_STATUS(renew(tx, owner));
  return enter(tx, by, "content_rule.delete", *rule, access::written_over(to_fields(*rule), {}));
}

Result<std::vector<CountedRule>> content_rules(store::Session& session, WorkspaceId owner) {
  TRY(auto all, load_rules(session, owner));
  std::vector<CountedRule> counted;
  counted.reserve(all.size());
  for (auto& rule : all) {
    CountedRule one{.rule = std::move(rule)};
    TRY_STATUS(session.each("select count(*), max(hit_at) from content_hits where rule_id = $1 and hit_at > $2",
                            {one.rule.id, session.now() - content_hit_days * day_ms}, [&](const store::Row& row) {
                              one.hits = row.integer(0);
                              one.last_hit_at = row.maybe_time(1);
                            }));
    counted.push_back(std::move(one));
  }
  return counted;
}

Result<std::optional<std::string>> try_content_rule(ContentRule rule, const Content& example, const OwnSenders& own) {
  TRY_STATUS(check_content_rule(rule));
  rule.is_active = true;
  if (rule.kind == ContentKind::identical) {
    const auto middle = std::min(example.text.find("\n\n"), example.text.size());
    const auto one = fingerprint_of(example.text.substr(0, middle));
    const auto other = fingerprint_of(example.text.substr(middle));
    const bool is_same = one && other && is_near(*one, *other);
    return is_same ? std::optional<std::string>("1 = 2") : std::nullopt;
  }
  TRY(const auto matcher, ContentMatcher::make({rule}));
  auto hits = matcher->find(example, own);
  if (hits.empty()) return std::optional<std::string>();
  return std::optional(std::move(hits.front().excerpt));
}

Result<std::shared_ptr<const ContentMatcher>> matcher_of(store::Session& session, WorkspaceId owner, RevisionId state) {
  if (state.is_nil()) return nullptr;
  if (auto kept = matchers().find(state)) return kept;
  TRY(auto rules, load_rules(session, owner));
  std::erase_if(rules, [](const ContentRule& rule) { return !rule.is_active; });
  TRY(auto made, ContentMatcher::make(std::move(rules)));
  matchers().keep(state, made);
  return made;
}

Status save_default_content_rules(store::Transaction& tx) {
  TRY(const auto former, tx.number("select count(*) from content_rule_sets where workspace_id = $1", {WorkspaceId{}}));
  if (former > 0) return {};
  // Nobody's act, so not in the ledger.
  const auto add = [&](ContentRule rule) -> Status {
    rule.id = ContentRuleId::make(tx.clock());
    TRY_STATUS(check_content_rule(rule));
    return upsert(tx, rule);
  };
  TRY_STATUS(add({.name = "Payment card numbers",
                  .clause = "confidential_data",
                  .kind = ContentKind::card_numbers,
                  .way = ContentWay::outbound,
                  .action = ContentAction::warn}));
  TRY_STATUS(add({.name = "Keys and passwords",
                  .clause = "confidential_data",
                  .kind = ContentKind::secrets,
                  .way = ContentWay::outbound,
                  .action = ContentAction::warn}));
  TRY_STATUS(add({.name = "The same text to many",
                  .clause = "no_bulk",
                  .kind = ContentKind::identical,
                  .way = ContentWay::outbound,
                  .action = ContentAction::note,
                  .values = {"50", "60"}}));
  TRY_STATUS(add({.name = "In the name of our people",
                  .clause = "honest_sender",
                  .kind = ContentKind::impersonation,
                  .way = ContentWay::inbound,
                  .action = ContentAction::note,
                  .channels = {"email"}}));
  return {};
}

}  // namespace answerable::policy
