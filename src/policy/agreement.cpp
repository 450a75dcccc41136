#include "policy/agreement.h"

#include <algorithm>
#include <charconv>

#include "access/authorize.h"
#include "access/user.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/utf8.h"
#include "policy/tell_changed.h"

namespace answerable::policy {
namespace {

std::unexpected<Error> bad(std::string detail) { return fail(ErrorKind::invalid, "bad_agreement", std::move(detail)); }

Status check_number(const std::optional<std::int64_t>& number) {
  if (!number || (*number >= 0 && *number <= entitlement_max)) return {};
  return fail(ErrorKind::invalid, "bad_agreement", "An entitlement is a number from 0 to 1,000,000,000.");
}

Status check_terms(const std::vector<Term>& terms) {
  if (terms.size() > terms_max) return fail(ErrorKind::invalid, "bad_agreement", "An agreement has at most 100 terms.");
  for (const auto& term : terms) {
    if (!is_snake_case(term.clause)) return bad(term.clause + ": a term names the id of a clause.");
    TRY_STATUS(check_rule(term.name, term.value));
    for (const auto& other : terms) {
      if (&other != &term && other.clause == term.clause && other.name == term.name)
        return bad(term.clause + ", " + term.name + ": a term stands once.");
    }
  }
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += text.empty() ? word : " " + word;
  return text;
}

Status check(const Agreement& agreement, Time now) {
  const auto& signatory = agreement.signatory;
  if (signatory.empty() || signatory.size() > signatory_bytes_max ||
      one_line(signatory, signatory_bytes_max) != signatory)
    return fail(ErrorKind::invalid, "bad_agreement", "Who signed is one line of at most 200 bytes.");
  if (agreement.signed_at > now)
    return fail(ErrorKind::invalid, "bad_agreement", "The date of the signature is not in the future.");
  const auto& entitled = agreement.entitlements;
  for (const auto& number : {entitled.seats, entitled.channels, entitled.messages, entitled.storage_megabytes,
                             entitled.attachment_megabytes, entitled.connections})
    TRY_STATUS(check_number(number));
  if (entitled.period_days < 1 || entitled.period_days > period_days_max)
    return fail(ErrorKind::invalid, "bad_agreement", "A period has 1 to 366 days.");
  for (const auto& feature : entitled.features) {
    if (std::ranges::find(known_features, feature) == known_features.end())
      return bad(feature + ": the features are " + joined({known_features.begin(), known_features.end()}) + ".");
  }
  const auto& notices = agreement.notices;
  for (const auto& address : {notices.administrator, notices.security, notices.privacy}) {
    if (!address.empty() && !access::is_mail_address(address)) return bad(address + ": this is not a mail address.");
  }
  return check_terms(agreement.terms);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

std::optional<std::int64_t> maybe_number(const store::Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

Status write_terms(store::Transaction& tx, const Agreement& agreement) {
  TRY_STATUS(tx.execute("delete from agreement_terms where workspace_id = $1", {agreement.workspace}));
  for (const auto& term : agreement.terms) {
    TRY_STATUS(tx.execute("insert into agreement_terms (workspace_id, clause, name, value) values ($1, $2, $3, $4)",
                          {agreement.workspace, term.clause, term.name, term.value}));
  }
  return {};
}

// People, addresses and what somebody wrote are personal data: the ledger has commitments to them.
Status enter_saved(store::Transaction& tx, const access::Actor& by, const Agreement& agreement) {
  TRY(const auto key, access::load_commitment_key(tx, agreement.workspace));
  const auto& notices = agreement.notices;
  audit::Act act{.workspace = agreement.workspace,
                 .actor = by.for_ledger(),
                 .action = "agreement.save",
                 .object_kind = "agreement",
                 .object_id = agreement.workspace.text(),
                 .details = {{"signed_at", to_rfc3339(agreement.signed_at)},
                             {"signatory", audit::commit_to(key, agreement.signatory)},
                             {"notices", audit::commit_to(key, notices.administrator + "\n" + notices.security + "\n" +
                                                                   notices.privacy)},
                             {"period_days", std::to_string(agreement.entitlements.period_days)}}};
  const auto add = [&](std::string name, const std::optional<std::int64_t>& number) {
    if (number) act.details.emplace_back(std::move(name), std::to_string(*number));
  };
  add("seats", agreement.entitlements.seats);
  add("channels", agreement.entitlements.channels);
  add("messages", agreement.entitlements.messages);
  add("storage_megabytes", agreement.entitlements.storage_megabytes);
  add("attachment_megabytes", agreement.entitlements.attachment_megabytes);
  add("connections", agreement.entitlements.connections);
  if (!agreement.entitlements.features.empty())
    act.details.emplace_back("features", joined(agreement.entitlements.features));
  for (std::size_t i = 0; i < agreement.terms.size(); ++i) {
    const auto& term = agreement.terms[i];
    const auto value = is_free_text(term.name) ? audit::commit_to(key, term.value) : term.value;
    act.details.emplace_back("term." + std::to_string(i), term.clause + " " + term.name + " = " + value);
  }
  TRY_STATUS(audit::append_entry(tx, act));
  return {};
}

}  // namespace

Status save_agreement(store::Transaction& tx, const access::Actor& by, const Agreement& agreement) {
  TRY_STATUS(access::authorize(by, "oversight", "agree"));
  TRY_STATUS(check(agreement, tx.now()));
  TRY(const auto workspace, access::find_workspace(tx, agreement.workspace));
  if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  const auto& entitled = agreement.entitlements;
  TRY_STATUS(tx.execute(
      "insert into agreements (workspace_id, signed_at, signatory, seats, channels, messages, period_days, features, "
      "administrator_address, security_address, privacy_address, storage_megabytes, attachment_megabytes, connections) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "on conflict (workspace_id) do update set signed_at = excluded.signed_at, signatory = excluded.signatory, "
      "seats = excluded.seats, channels = excluded.channels, messages = excluded.messages, "
      "period_days = excluded.period_days, features = excluded.features, "
      "administrator_address = excluded.administrator_address, security_address = excluded.security_address, "
      "privacy_address = excluded.privacy_address, storage_megabytes = excluded.storage_megabytes, "
      "attachment_megabytes = excluded.attachment_megabytes, connections = excluded.connections",
      {agreement.workspace, agreement.signed_at, agreement.signatory, entitled.seats, entitled.channels,
       entitled.messages, entitled.period_days, joined(entitled.features), agreement.notices.administrator,
       agreement.notices.security, agreement.notices.privacy, entitled.storage_megabytes, entitled.attachment_megabytes,
       entitled.connections}));
  TRY_STATUS(write_terms(tx, agreement));
  TRY_STATUS(enter_saved(tx, by, agreement));
  return tell_changed(tx, by, agreement.workspace);
}

Result<std::optional<Agreement>> find_agreement(store::Session& session, WorkspaceId workspace) {
  TRY(auto found,
      session.find("select signed_at, signatory, seats, channels, messages, period_days, features, "
                   "administrator_address, security_address, privacy_address, accepted_version, accepted_at, "
                   "storage_megabytes, attachment_megabytes, connections "
                   "from agreements where workspace_id = $1",
                   {workspace}, [&](const store::Row& row) {
                     return Agreement{.workspace = workspace,
                                      .signed_at = row.time(0),
                                      .signatory = row.string(1),
                                      .entitlements = {.seats = maybe_number(row, 2),
                                                       .channels = maybe_number(row, 3),
                                                       .messages = maybe_number(row, 4),
                                                       .storage_megabytes = maybe_number(row, 12),
                                                       .attachment_megabytes = maybe_number(row, 13),
                                                       .connections = maybe_number(row, 14),
                                                       .period_days = row.integer(5),
                                                       .features = split(row.text(6))},
                                      .notices = {row.string(7), row.string(8), row.string(9)},
                                      .terms = {},
                                      .accepted_version = maybe_number(row, 10),
                                      .accepted_at = row.maybe_time(11)};
                   }));
  if (!found) return found;
  TRY(found->terms,
      session.all("select clause, name, value from agreement_terms where workspace_id = $1 order by clause, name",
                  {workspace}, [](const store::Row& row) {
                    return Term{.clause = row.string(0), .name = row.string(1), .value = row.string(2)};
                  }));
  return found;
}

Result<std::string> privacy_address(store::Session& session, WorkspaceId workspace) {
  TRY(const auto agreement, find_agreement(session, workspace));
  return agreement ? agreement->notices.privacy : std::string();
}

Status accept_version(store::Transaction& tx, const access::Actor& by, std::int64_t number) {
  TRY_STATUS(access::authorize(by, "policy", "accept"));
  const auto workspace = by.workspace;
  TRY_STATUS(load_version(tx, number));
  TRY(const auto agreement, find_agreement(tx, workspace));
  if (!agreement) return fail(ErrorKind::not_found, "no_agreement", "No agreement is recorded yet: ask the operator.");
  TRY(const auto binding, binding_version(tx, workspace));
  if (number <= binding)
    return fail(ErrorKind::conflict, "version_not_newer", "This version, or a newer one, binds you already.");
  TRY_STATUS(tx.execute("update agreements set accepted_version = $2, accepted_at = $3 where workspace_id = $1",
                        {workspace, number, tx.now()}));
  TRY_STATUS(audit::append_entry(tx, {.workspace = workspace,
                                      .actor = by.for_ledger(),
                                      .action = "policy.accept",
                                      .object_kind = "policy",
                                      .object_id = std::to_string(number),
                                      .details = {{"before", std::to_string(binding)}}}));
  return tell_changed(tx, by, workspace);
}

Result<std::int64_t> binding_version(store::Session& session, WorkspaceId workspace) {
  struct Agreed {
    Time signed_at;
    std::optional<std::int64_t> accepted;
  };
  // What was accepted before a new agreement was signed went with the former one.
  TRY(const auto agreed,
      session.find("select signed_at, case when accepted_at >= signed_at then accepted_version end from agreements "
                   "where workspace_id = $1",
                   {workspace}, [](const store::Row& row) { return Agreed{row.time(0), maybe_number(row, 1)}; }));
  if (!agreed) return version_in_force(session, session.now());
  if (agreed->accepted) return *agreed->accepted;
  TRY(const auto signed_for, version_in_force(session, agreed->signed_at));
  if (signed_for > 0) return signed_for;
  return first_version(session);  // signed before there was any
}

std::string AppliedRule::citation() const {
  const auto number_text = std::to_string(version);
  return is_term ? clause + ", term of the agreement (version " + number_text + ")"
                 : clause + ", version " + number_text;
}

std::int64_t AppliedRule::number(std::int64_t otherwise) const {
  std::int64_t read = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
  return error == std::errc() && end == value.data() + value.size() ? read : otherwise;
}

Result<AppliedRule> rule_for(store::Session& session, WorkspaceId workspace, std::string_view clause,
                             std::string_view name) {
  AppliedRule rule{.clause = std::string(clause), .name = std::string(name), .value = {}};
  TRY(rule.version, binding_version(session, workspace));
  TRY(auto term, session.find("select value from agreement_terms where workspace_id = $1 and clause = $2 and name = $3",
                              {workspace, clause, name}, [](const store::Row& row) { return row.string(0); }));
  if (term) {
    rule.value = *std::move(term);
    rule.is_term = true;
    return rule;
  }
  TRY(const auto version, find_version(session, rule.version));
  if (!version) return rule;
  if (const auto* found = find_clause(version->clauses, clause)) rule.value = std::string(find_rule(*found, name));
  return rule;
}

Result<std::vector<AppliedRule>> rules_for(store::Session& session, WorkspaceId workspace, std::string_view clause) {
  TRY(const auto number, binding_version(session, workspace));
  const auto rule = [&](std::string name, std::string value, bool is_term) {
    return AppliedRule{.clause = std::string(clause),
                       .name = std::move(name),
                       .value = std::move(value),
                       .version = number,
                       .is_term = is_term};
  };
  TRY(auto rules, session.all("select name, value from agreement_terms where workspace_id = $1 and clause = $2",
                              {workspace, clause},
                              [&](const store::Row& row) { return rule(row.string(0), row.string(1), true); }));
  TRY(const auto version, find_version(session, number));
  const auto* found = version ? find_clause(version->clauses, clause) : nullptr;
  if (found == nullptr) return rules;
  for (const auto& own : found->rules) {
    if (std::ranges::find(rules, own.name, &AppliedRule::name) == rules.end())
      rules.push_back(rule(own.name, own.value, false));
  }
  return rules;
}

}  // namespace answerable::policy
