#include "audit/entry_kind.h"

#include <algorithm>
#include <array>

#include "audit/entry.h"
#include "base/id.h"

namespace answerable::audit {
namespace {

// Details that several kinds have in common.
constexpr std::string_view written =
    "channel id, conversation id, text_commitment commitment, forwarded id, recipients number, recipients_commitment "
    "commitment";
constexpr std::string_view of_application = "scope codes, state code";
constexpr std::string_view of_channel = "kind code, version number";
constexpr std::string_view of_content_rule = "kind code, way code, action code, active code";
constexpr std::string_view of_role = "permissions codes, only_assigned code, hides_personal code";
constexpr std::string_view of_measure =
    "clause code, version number, rule code, control code, measure code, violations number";
constexpr std::string_view of_suspension = "scope code, cause code, until time";
constexpr std::string_view of_finding = "kind code, clause code, subject code";
constexpr std::string_view of_order = "reference_commitment commitment, due_at time";
constexpr std::string_view of_version = "sha256 digest, effective_at time";
constexpr std::string_view of_request = "act code, suspension id";
constexpr std::string_view of_export = "marker digest, rows number, complete code";

constexpr std::array kinds{
    EntryKind{"agreement.save", "agreement",
              "signed_at time, signatory commitment, notices commitment, period_days number, seats number, channels "
              "number, messages number, storage_megabytes number, attachment_megabytes number, connections number, "
              "features codes, term.* term"},
    EntryKind{"api_key.create", "api_key", "role code, scope codes, application id"},
    EntryKind{"api_key.revoke", "api_key", ""},
    EntryKind{"application.approve", "application", of_application},
    EntryKind{"application.end", "application", of_application},
    EntryKind{"application.refuse", "application", of_application},
    EntryKind{"application.register", "application", of_application},
    EntryKind{"channel.authorise", "channel", of_channel},
    EntryKind{"channel.create", "channel", of_channel},
    EntryKind{"channel.disable", "channel", of_channel},
    EntryKind{"channel.needs_reauthorisation", "channel", of_channel},
    EntryKind{"channel.update", "channel", of_channel},
    EntryKind{"complaint.decide", "complaint", "number number, outcome code"},
    EntryKind{"complaint.receive", "complaint", "number number"},
    EntryKind{"contact.update", "contact", "fields codes"},
    EntryKind{"content_rule.change", "content_rule", of_content_rule},
    EntryKind{"content_rule.create", "content_rule", of_content_rule},
    EntryKind{"content_rule.delete", "content_rule", of_content_rule},
    EntryKind{"conversation.assign", "conversation", "from id, to id"},
    EntryKind{"conversation.close", "conversation", ""},
    EntryKind{"conversation.export", "conversation", of_export},
    EntryKind{"conversation.join", "conversation", "into id, first_position number, messages number"},
    EntryKind{"conversation.keep_apart", "conversation", "from id"},
    EntryKind{"conversation.rename", "conversation", ""},
    EntryKind{"conversation.reopen", "conversation", ""},
    EntryKind{"conversation.snooze", "conversation", "until time"},
    EntryKind{"conversation.start", "conversation", "channel id"},
    EntryKind{"conversation.tag", "conversation", "tags number"},
    EntryKind{"conversation.take", "conversation", "from id, to id"},
    EntryKind{"conversation.undelivered", "conversation", ""},
    EntryKind{"conversation.wake", "conversation", ""},
    EntryKind{"delivery.bounced", "delivery", "channel id, message id"},
    EntryKind{"delivery.dead", "delivery", "channel id, message id, attempts number"},
    EntryKind{"delivery.failed", "delivery", "channel id, message id, attempts number, reason code"},
    EntryKind{"delivery.resolve", "delivery", "channel id, message id, as code"},
    EntryKind{"delivery.retry", "delivery", "channel id, message id, was code"},
    EntryKind{"delivery.sent", "delivery", "channel id, message id, attempts number"},
    EntryKind{"delivery.unknown", "delivery", "channel id, message id, attempts number, reason code"},
    EntryKind{"incident.alarm", "incident", "percent number"},
    EntryKind{"incident.close", "incident", ""},
    EntryKind{"incident.decide_subjects", "incident", "decision code"},
    EntryKind{"incident.evidence", "incident", "sha256 digest"},
    EntryKind{"incident.note", "incident", ""},
    EntryKind{"incident.notify", "incident", "phase number"},
    EntryKind{"incident.personal_data", "incident", "deadline_at number"},
    EntryKind{"incident.report", "incident", ""},
    EntryKind{"incident.set_rules", "workspace", "deadline_hours number, alarms codes, threshold number"},
    EntryKind{"incident.write_notification", "incident", "phase number"},
    EntryKind{"installation.replace_key", "key", ""},
    EntryKind{"ledger.checkpoint", "ledger", "checkpoint note"},
    EntryKind{"ledger.epoch", "ledger", "abandoned note, epoch number"},
    EntryKind{"ledger.export", "ledger", "system_user number, way code"},
    EntryKind{"ledger.key", "ledger", "announcement note"},
    EntryKind{"message.acknowledge", "message", written},
    EntryKind{"message.fold", "message", "conversation id, shown_lines code"},
    EntryKind{"message.forward", "message", written},
    EntryKind{"message.note", "message", written},
    EntryKind{"message.put_back", "message", "reason_commitment commitment"},
    EntryKind{"message.receive", "message", "channel id, conversation id"},
    EntryKind{"message.reject", "message", "conversation id, reason_commitment commitment"},
    EntryKind{"message.release", "message", "conversation id, reason_commitment commitment"},
    EntryKind{"message.reply", "message", written},
    EntryKind{"message.take_down", "message", "reason_commitment commitment"},
    EntryKind{"message.undo", "message", "conversation id"},
    EntryKind{"payment.cancelled", "payment_order", of_order},
    EntryKind{"payment.notice", "payment_order", of_order},
    EntryKind{"payment.order", "payment_order", of_order},
    EntryKind{"payment.paid", "payment_order", of_order},
    EntryKind{"policy.accept", "policy", "before number"},
    EntryKind{"policy.appeal", "appeal", "measure id, outcome code"},
    EntryKind{"policy.ask", "two_person_request", of_request},
    EntryKind{"policy.confirm", "two_person_request", of_request},
    EntryKind{"policy.cured", "measure", of_measure},
    EntryKind{"policy.decide", "appeal", "measure id, outcome code"},
    EntryKind{"policy.discard", "policy", of_version},
    EntryKind{"policy.dismissed", "measure", of_measure},
    EntryKind{"policy.draft", "policy", of_version},
    EntryKind{"policy.end", "workspace", of_suspension},
    EntryKind{"policy.finding", "finding", of_finding},
    EntryKind{"policy.finding_dismissed", "finding", of_finding},
    EntryKind{"policy.finding_seen", "finding", of_finding},
    EntryKind{"policy.finding_violation", "finding", of_finding},
    EntryKind{"policy.lift", "workspace", of_suspension},
    EntryKind{"policy.measure", "measure", of_measure},
    EntryKind{"policy.publish", "policy", of_version},
    EntryKind{"policy.report", "channel conversation message user", "clause code"},
    EntryKind{"policy.resume", "workspace", of_suspension},
    EntryKind{"policy.suspend", "workspace", of_suspension},
    EntryKind{"policy.withdraw", "two_person_request", of_request},
    EntryKind{"quarantine.read", "arrival", "reason code"},
    EntryKind{"quarantine.release", "arrival", "reason code, why_commitment commitment"},
    EntryKind{"quarantine.replay", "arrival", "reason code"},
    EntryKind{"read_log.seal", "read_log", "first number, last number, sha256 digest"},
    EntryKind{"read_log.set_rules", "workspace",
              "of_others code, closed_days number, many_per_hour number, kept_days number"},
    EntryKind{"role.change", "role", of_role},
    EntryKind{"role.create", "role", of_role},
    EntryKind{"role.delete", "role", of_role},
    EntryKind{"scim_token.create", "scim_token", ""},
    EntryKind{"scim_token.revoke", "scim_token", ""},
    EntryKind{"search.export", "search", of_export},
    EntryKind{"session.ask_again", "user", "why code"},
    EntryKind{"session.confirm", "session", "by code"},
    EntryKind{"session.end", "session", ""},
    EntryKind{"session.end_by_provider", "user", ""},
    EntryKind{"session.sign_in", "session", "by code"},
    EntryKind{"session.sign_in_refused", "session", ""},
    EntryKind{"session.sign_out", "session", ""},
    EntryKind{"session.sign_out_everywhere", "session", ""},
    EntryKind{"user.accept_invitation", "user", ""},
    EntryKind{"user.add_passkey", "user", ""},
    EntryKind{"user.add_second_factor", "user", ""},
    EntryKind{"user.change_address", "user", ""},
    EntryKind{"user.change_password", "user", ""},
    EntryKind{"user.create", "user", "role code"},
    EntryKind{"user.end_sessions", "user", ""},
    EntryKind{"user.forget_device", "user", ""},
    EntryKind{"user.invite", "user", ""},
    EntryKind{"user.link_single_sign_on", "user", ""},
    EntryKind{"user.remove_passkey", "user", ""},
    EntryKind{"user.remove_second_factor", "user", ""},
    EntryKind{"user.renew_recovery_codes", "user", ""},
    EntryKind{"user.report_exposed", "user", "incident id"},
    EntryKind{"user.reset_link", "user", ""},
    EntryKind{"user.reset_password", "user", ""},
    EntryKind{"user.reset_second_factor", "user", ""},
    EntryKind{"user.revoke_keys", "user", "keys number"},
    EntryKind{"user.update", "user", "name code, role code, role_from code, state code"},
    EntryKind{"user.use_recovery_code", "user", ""},
    EntryKind{"workspace.create", "workspace", ""},
    EntryKind{"workspace.second_factor_roles", "workspace", "roles codes"},
    EntryKind{"workspace.single_sign_on", "workspace", "state code, issuer url"},
};
static_assert(std::ranges::is_sorted(kinds, {}, &EntryKind::action));

std::string_view take(std::string_view& rest, std::string_view until) {
  const auto part = rest.substr(0, rest.find(until));
  rest.remove_prefix(std::min(rest.size(), part.size() + until.size()));
  return part;
}

bool is_made_of(std::string_view text, bool (*fits)(char)) { return std::ranges::all_of(text, fits); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_of_code(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c == ':' || c == '-';
}

constexpr std::size_t digest_characters = 64;
constexpr std::size_t id_characters = 36;

bool is_id(std::string_view text) { return text.size() == id_characters && parse_uuid(text).has_value(); }
bool is_number(std::string_view text) { return !text.empty() && is_made_of(text, is_digit); }
bool is_time(std::string_view text) { return parse_rfc3339(text).has_value(); }
bool is_code(std::string_view text) { return text.size() <= name_bytes_max && is_made_of(text, is_of_code); }
bool is_digest(std::string_view text) { return text.size() <= digest_characters && is_made_of(text, is_hex_digit); }
bool is_commitment(std::string_view text) { return text.size() == digest_characters && is_digest(text); }
bool is_url(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }
bool is_note(std::string_view text) { return text.contains("\n\n\u2014 "); }

bool is_codes(std::string_view text) {
  return is_made_of(text, [](char c) { return is_of_code(c) || c == ' ' || c == ','; });
}

// The ladder and the numbers of a term are of a few characters; all else is free text, and committed to.
bool is_term(std::string_view text) {
  return is_made_of(text, [](char c) { return is_of_code(c) || c == ' ' || c == '=' || c == ',' || c == ';'; });
}

using Form = std::pair<std::string_view, bool (*)(std::string_view)>;
constexpr std::array forms{Form{"id", is_id},     Form{"number", is_number},         Form{"time", is_time},
                           Form{"code", is_code}, Form{"codes", is_codes},           Form{"digest", is_digest},
                           Form{"term", is_term}, Form{"commitment", is_commitment}, Form{"url", is_url},
                           Form{"note", is_note}};

bool is_of_form(std::string_view form, std::string_view value) {
  const auto found = std::ranges::find(forms, form, &Form::first);
  return found != forms.end() && found->second(value);
}

bool is_named(std::string_view name, std::string_view as) {
  return as.ends_with('*') ? name.starts_with(as.substr(0, as.size() - 1)) : name == as;
}

bool holds(const EntryKind& kind, std::string_view name, std::string_view value) {
  for (auto rest = kind.details; !rest.empty();) {
    auto detail = take(rest, ", ");
    if (is_named(name, take(detail, " "))) return is_of_form(detail, value);
  }
  return false;
}

bool is_done_to(const EntryKind& kind, std::string_view object) {
  for (auto rest = kind.objects; !rest.empty();) {
    if (take(rest, " ") == object) return true;
  }
  return false;
}

bool is_object_id(std::string_view text) {
  return text.size() <= id_characters && is_made_of(text, [](char c) { return is_hex_digit(c) || c == '-'; });
}

std::unexpected<Error> unknown(const Act& act, std::string_view what) {
  return fail(ErrorKind::invalid, "entry_unknown",
              std::string(act.action) + ": " + std::string(what) + " is not in the table of src/audit/entry_kind.cpp.");
}

}  // namespace

std::span<const EntryKind> entry_kinds() { return kinds; }

Status check_entry(const Act& act) {
  const auto kind = std::ranges::lower_bound(kinds, act.action, {}, &EntryKind::action);
  if (kind == kinds.end() || kind->action != act.action) return unknown(act, "the kind");
  if (!is_done_to(*kind, act.object_kind) || !is_object_id(act.object_id)) return unknown(act, "the object");
  for (const auto& [name, value] : act.details) {
    if (!holds(*kind, name, value)) return unknown(act, "the detail " + name + ", or its form,");
  }
  return {};
}

}  // namespace answerable::audit
