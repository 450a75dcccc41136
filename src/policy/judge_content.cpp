#include "policy/judge_content.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <set>

#include "access/user.h"
#include "policy/link_host.h"
#include "policy/near_identical.h"

namespace answerable::policy {
namespace {

using HitId = Id<struct HitTag>;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t fingerprints_kept_ms = 24 * 60 * minute_ms;
constexpr std::int64_t identical_minutes_max = 24 * 60;

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

RuleHit finding_of(const ContentRule& rule, std::string excerpt) {
  return {.rule = rule.id,
          .name = rule.name,
          .clause = rule.clause,
          .control = std::string(to_string(rule.kind)),
          .action = rule.action,
          .asks_first = rule.action == ContentAction::warn,
          .excerpt = std::move(excerpt)};
}

struct IdenticalLimit {
  std::int64_t replies = 0, minutes = 0;
};
// The operator's rule says how many; the clause, or the agreement's term, goes before it.
Result<IdenticalLimit> limit_of(store::Session& session, WorkspaceId workspace, const ContentRule& rule) {
  IdenticalLimit limit{.replies = number_in(rule.values[0], 1), .minutes = number_in(rule.values[1], 1)};
  if (rule.is_operators()) {
    TRY(const auto replies, rule_for(session, workspace, rule.clause, "identical_replies"));
    TRY(const auto minutes, rule_for(session, workspace, rule.clause, "identical_minutes"));
    limit = {.replies = replies.number(limit.replies), .minutes = minutes.number(limit.minutes)};
  }
  limit.minutes = std::min(limit.minutes, identical_minutes_max);
  return limit;
}

// In how many other conversations almost the same was said within that time.
Result<std::int64_t> count_near(store::Session& session, const ContentOrigin& origin, std::uint64_t fingerprint,
                                std::int64_t minutes) {
  std::set<ConversationId> near;
  TRY_STATUS(session.each(
      "select conversation_id, fingerprint from reply_fingerprints where workspace_id = $1 and sent_at > $2 "
      "order by sent_at desc, message_id desc limit $3",
      {origin.workspace, session.now() - minutes * minute_ms, fingerprints_looked_at_max}, [&](const store::Row& row) {
        const auto conversation = row.id<ConversationId>(0);
        if (conversation != origin.conversation && is_near(fingerprint, std::bit_cast<std::uint64_t>(row.integer(1))))
          near.insert(conversation);
      }));
  return static_cast<std::int64_t>(near.size());
}

struct Asking {
  store::Session& session;
  const ContentOrigin& origin;
  const Content& content;
  std::vector<RuleHit>& findings;
};

Status ask_identical(const Asking& asking, const ContentRule& rule, std::optional<std::uint64_t>& fingerprint) {
  if (rule.kind != ContentKind::identical) return {};
  if (!rule.applies_to(asking.content.is_outbound, asking.content.channel_kind)) return {};
  if (!fingerprint) fingerprint = fingerprint_of(asking.content.text);
  if (!fingerprint) return {};
  // Most texts are said once: for those the policy needs not be read.
  TRY(const auto ever, count_near(asking.session, asking.origin, *fingerprint, identical_minutes_max));
  if (ever == 0) return {};
  TRY(const auto limit, limit_of(asking.session, asking.origin.workspace, rule));
  TRY(const auto near, count_near(asking.session, asking.origin, *fingerprint, limit.minutes));
  if (near + 1 < limit.replies) return {};
  asking.findings.push_back(
      finding_of(rule, std::to_string(near + 1) + " / " + std::to_string(limit.minutes) + " min"));
  return {};
}

Status ask_rules(const Asking& asking, const ContentMatcher* matcher, const OwnSenders* own,
                 std::optional<std::uint64_t>& fingerprint) {
  if (matcher == nullptr) return {};
  static const OwnSenders nobody;
  const auto& known = own == nullptr ? nobody : *own;  // as it is: it may hold thousands of names
  for (auto& hit : matcher->find(asking.content, known))
    asking.findings.push_back(finding_of(*hit.rule, std::move(hit.excerpt)));
  for (const auto& rule : matcher->rules()) TRY_STATUS(ask_identical(asking, rule, fingerprint));
  return {};
}

bool concerns(const Restriction& standing, const Asking& asking) {
  const auto& content = asking.content;
  if (standing.object_kind == "channel") return standing.object_id == asking.origin.channel.text();
  if (standing.object_kind == "user") return content.is_outbound && standing.object_id == asking.origin.author;
  if (standing.object_kind == "link") {
    bool is_there = false;
    const std::unordered_set<std::string> listed{host_of(standing.object_id)};
    const auto look = [&](const std::string& host, std::size_t) {
      is_there = !listed_as(listed, host).empty();
      return !is_there;
    };
    each_host(readable(content), look);
    if (!is_there) each_host(content.html, look);
    return is_there;
  }
  if (standing.object_kind == "sender") {
    // An address, or a whole domain. Nobody compares addresses by the case of their letters.
    const auto address = access::email_key(content.from_address);
    const auto object = access::email_key(standing.object_id);
    const auto at = address.rfind('@');
    return !content.is_outbound && !object.empty() &&
           (address == object || (at != std::string::npos && address.substr(at + 1) == object));
  }
  // Without an object a hold is for all that the workspace sends; what a block was for was refused then.
  return standing.object_kind.empty() && standing.kind == "hold" && content.is_outbound;
}

void ask_measures(const Asking& asking, const std::vector<Restriction>& standing) {
  for (const auto& one : standing) {
    if (!concerns(one, asking)) continue;
    asking.findings.push_back({.rule = {},
                               .name = one.clause,
                               .clause = {},
                               .control = {},
                               .action = one.kind == "block" ? ContentAction::refuse : ContentAction::hold,
                               .excerpt = one.object_kind == "user" ? "everything by this person" : one.object_id});
  }
}

NewViolation violation_of(const ContentOrigin& origin, const RuleHit& finding, MessageId message) {
  return {.workspace = origin.workspace,
          .clause = finding.clause,
          .control = finding.control,
          .object_kind = "message",
          .object_id = message.is_nil() ? std::string() : message.text(),
          .facts = "The rule \"" + finding.name + "\" found in an outgoing message: " + finding.excerpt};
}

// What the ladder of the clause makes of the finding goes before the rule's own action when it takes more.
Status foresee(const Asking& asking) {
  if (!asking.content.is_outbound) return {};
  for (auto& finding : asking.findings) {
    if (finding.clause.empty()) continue;
    TRY(const auto kind, foresee_measure(asking.session, violation_of(asking.origin, finding, {})));
    if (kind == MeasureKind::hold) finding.action = std::max(finding.action, ContentAction::hold);
    if (kind == MeasureKind::block) finding.action = std::max(finding.action, ContentAction::refuse);
  }
  return {};
}

Result<MeasureId> report(store::Transaction& tx, const ContentOrigin& origin, const RuleHit& finding,
                         MessageId message) {
  const auto violation = violation_of(origin, finding, message);
  TRY(const auto kind, foresee_measure(tx, violation));
  if (!kind) return MeasureId{};
  const auto measure = report_violation(tx, access::system_actor(origin.workspace), violation);
  // A thousand a day are enough to know of: the message itself is judged as before.
  if (!measure && measure.error().code == "too_many_violations") return MeasureId{};
  if (!measure) return std::unexpected(measure.error());
  return measure->id;
}

}  // namespace

ContentAction ContentJudgement::action() const {
  auto strongest = ContentAction::note;
  for (const auto& one : findings_) strongest = std::max(strongest, one.action);
  return strongest;
}

void ContentJudgement::at_most(ContentAction most) {
  for (auto& one : findings_) one.action = std::min(one.action, most);
}

Result<ContentJudgement> judge_content(store::Session& session, const ContentOrigin& origin, const Content& content,
                                       FindAddresses own_addresses) {
  ContentJudgement judgement;
  const Asking asking{session, origin, content, judgement.findings_};
  TRY(const auto by, judging_of(session, origin.workspace, content, own_addresses));
  TRY_STATUS(ask_rules(asking, by.operators.get(), by.senders.get(), judgement.fingerprint_));
  TRY_STATUS(ask_rules(asking, by.own.get(), by.senders.get(), judgement.fingerprint_));
  TRY_STATUS(foresee(asking));
  ask_measures(asking, *by.restrictions);
  return judgement;
}

Status may_leave(const ContentJudgement& judgement, bool is_confirmed) {
  const auto& findings = judgement.findings();
  const auto end = findings.end();
  if (const auto refused = std::ranges::find(findings, ContentAction::refuse, &RuleHit::action); refused != end)
    return fail(ErrorKind::denied, "content_refused",
                "The rule \"" + refused->name + "\" does not let this leave: " + refused->excerpt);
  if (const auto warned = std::ranges::find(findings, true, &RuleHit::asks_first); warned != end && !is_confirmed)
    return fail(ErrorKind::conflict, "content_warning",
                "The rule \"" + warned->name + "\" asks you to look again: " + warned->excerpt);
  return {};
}

Status record_content(store::Transaction& tx, const ContentOrigin& origin, const ContentJudgement& judgement,
                      bool is_outbound, MessageId message) {
  for (const auto& one : judgement.findings()) {
    MeasureId measure;
    if (is_outbound && !one.clause.empty()) {
      TRY(measure, report(tx, origin, one, message));
    }
    TRY_STATUS(tx.execute(
        "insert into content_hits (workspace_id, id, rule_id, rule_name, clause, is_outbound, action, excerpt, "
        "message_id, measure_id, hit_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {origin.workspace, HitId::make(tx.clock()), one.rule, one.name, one.clause, is_outbound, to_string(one.action),
         one.excerpt, message, measure, tx.now()}));
  }
  if (!judgement.fingerprint_ || message.is_nil()) return {};
  TRY_STATUS(tx.execute("delete from reply_fingerprints where workspace_id = $1 and sent_at < $2",
                        {origin.workspace, tx.now() - fingerprints_kept_ms}));
  TRY_STATUS(
      tx.execute("insert into reply_fingerprints (workspace_id, sent_at, message_id, conversation_id, fingerprint) "
                 "values ($1, $2, $3, $4, $5)",
                 {origin.workspace, tx.now(), message, origin.conversation,
                  std::bit_cast<std::int64_t>(*judgement.fingerprint_)}));
  return {};
}

Result<std::vector<KeptFinding>> findings_of(store::Session& session, WorkspaceId workspace, MessageId message) {
  return session.all(
      "select rule_name, excerpt, action from content_hits where workspace_id = $1 and message_id = $2 order by id "
      "limit $3",
      {workspace, message, findings_shown_max}, [](const store::Row& row) {
        return KeptFinding{.name = row.string(0),
                           .excerpt = row.string(1),
                           .action = parse_content_action(row.text(2)).value_or(ContentAction::note)};
      });
}

}  // namespace answerable::policy
