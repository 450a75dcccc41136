#include "http/policy_json.h"

#include "access/user.h"
#include "policy/facts.h"
#include "policy/statement.h"

namespace answerable::http {
namespace {

constexpr TextLimits id_limits{.bytes_min = 1, .bytes_max = policy::clause_id_bytes_max};
constexpr TextLimits value_limits{.bytes_min = 1, .bytes_max = policy::rule_value_bytes_max};
constexpr TextLimits language_limits{.bytes_min = 2, .bytes_max = 2};
constexpr TextLimits title_limits{.bytes_min = 1, .bytes_max = policy::clause_title_bytes_max};
constexpr TextLimits body_limits{.bytes_min = 1, .bytes_max = policy::clause_body_bytes_max};
constexpr TextLimits signatory_limits{.bytes_min = 1, .bytes_max = policy::signatory_bytes_max};
constexpr TextLimits address_limits{.bytes_min = 0, .bytes_max = access::mail_address_bytes_max};

std::vector<JsonReader> objects_of(JsonReader& body, std::string_view name, std::size_t most) {
  auto found = body.objects(name, most);
  return found ? *std::move(found) : std::vector<JsonReader>();
}

std::string place(std::string_view name, std::size_t index) { return std::string(name) + "." + std::to_string(index); }

policy::Clause read_clause(JsonReader& body) {
  policy::Clause clause;
  clause.id = body.need_text("id", id_limits);
  clause.use_class = static_cast<int>(body.integer("class", 0, policy::use_class_max).value_or(0));
  auto rules = objects_of(body, "rules", policy::clause_rules_max);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    clause.rules.push_back(
        {.name = rules[i].need_text("name", id_limits), .value = rules[i].need_text("value", value_limits)});
    body.absorb(place("rules", i), rules[i]);
  }
  auto texts = objects_of(body, "texts", policy::clause_texts_max);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    clause.texts.push_back({.language = texts[i].need_text("language", language_limits),
                            .title = texts[i].need_text("title", title_limits),
                            .body = texts[i].need_text("body", body_limits)});
    body.absorb(place("texts", i), texts[i]);
  }
  return clause;
}

void write_clause(JsonWriter& out, const policy::Clause& clause) {
  out.begin_object().member("id", clause.id).member("class", clause.use_class).key("rules").begin_array();
  for (const auto& rule : clause.rules)
    out.begin_object().member("name", rule.name).member("value", rule.value).end_object();
  out.end_array().key("texts").begin_array();
  for (const auto& text : clause.texts) {
    out.begin_object().member("language", text.language).member("title", text.title);
    out.member("body", text.body).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

void write_head(JsonWriter& out, const policy::VersionHead& head) {
  out.begin_object().member("number", head.number).member("effective_at", head.effective_at);
  out.member("published_at", head.published_at).member("summary", head.summary).end_object();
}

void write_version(JsonWriter& out, const policy::Version& version) {
  const auto& head = version.head;
  out.begin_object().member("number", head.number).member("effective_at", head.effective_at);
  out.member("published_at", head.published_at).member("summary", head.summary).key("clauses").begin_array();
  for (const auto& clause : version.clauses) write_clause(out, clause);
  out.end_array().end_object();
}

std::vector<policy::Clause> read_clauses(JsonReader& body) {
  std::vector<policy::Clause> clauses;
  auto given = objects_of(body, "clauses", policy::clauses_max);
  for (std::size_t i = 0; i < given.size(); ++i) {
    clauses.push_back(read_clause(given[i]));
    body.absorb(place("clauses", i), given[i]);
  }
  return clauses;
}

void write_suspension(JsonWriter& out, const policy::Suspension& suspension, std::string_view language) {
  out.begin_object().member("id", suspension.id).member("scope", policy::to_string(suspension.scope));
  out.member("cause", suspension.cause).member("reason", policy::facts_in(language, suspension.reason));
  out.member("since", suspension.since);
  out.member("until", suspension.until).member("imposed_by", suspension.imposed_by).end_object();
}

void write_agreement(JsonWriter& out, const policy::Agreement& agreement) {
  const auto& entitled = agreement.entitlements;
  out.begin_object().member("signed_at", agreement.signed_at).member("signatory", agreement.signatory);
  out.member("seats", entitled.seats).member("channels", entitled.channels).member("messages", entitled.messages);
  out.member("storage_megabytes", entitled.storage_megabytes);
  out.member("attachment_megabytes", entitled.attachment_megabytes).member("connections", entitled.connections);
  out.member("period_days", entitled.period_days).key("features").begin_array();
  for (const auto& feature : entitled.features) out.text(feature);
  out.end_array().text_or_null("administrator_address", agreement.notices.administrator);
  out.text_or_null("security_address", agreement.notices.security);
  out.text_or_null("privacy_address", agreement.notices.privacy).key("terms").begin_array();
  for (const auto& term : agreement.terms) {
    out.begin_object().member("clause", term.clause).member("name", term.name);
    out.member("value", term.value).end_object();
  }
  out.end_array().member("accepted_version", agreement.accepted_version);
  out.member("accepted_at", agreement.accepted_at).end_object();
}

policy::Agreement read_agreement(JsonReader& body) {
  policy::Agreement given;
  const auto signed_at = body.time("signed_at");
  if (!signed_at) body.refuse("signed_at", "required", "This is needed.");
  given.signed_at = signed_at.value_or(Time{});
  given.signatory = body.need_text("signatory", signatory_limits);
  given.entitlements.seats = body.integer("seats", 0, policy::entitlement_max);
  given.entitlements.channels = body.integer("channels", 0, policy::entitlement_max);
  given.entitlements.messages = body.integer("messages", 0, policy::entitlement_max);
  given.entitlements.storage_megabytes = body.integer("storage_megabytes", 0, policy::entitlement_max);
  given.entitlements.attachment_megabytes = body.integer("attachment_megabytes", 0, policy::entitlement_max);
  given.entitlements.connections = body.integer("connections", 0, policy::entitlement_max);
  given.entitlements.period_days = body.integer("period_days", 1, policy::period_days_max).value_or(30);
  given.entitlements.features =
      body.texts("features", id_limits, policy::known_features.size()).value_or(std::vector<std::string>());
  given.notices = {.administrator = body.text("administrator_address", address_limits).value_or(""),
                   .security = body.text("security_address", address_limits).value_or(""),
                   .privacy = body.text("privacy_address", address_limits).value_or("")};
  auto terms = objects_of(body, "terms", policy::terms_max);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    given.terms.push_back({.clause = terms[i].need_text("clause", id_limits),
                           .name = terms[i].need_text("name", id_limits),
                           .value = terms[i].need_text("value", value_limits)});
    body.absorb(place("terms", i), terms[i]);
  }
  return given;
}

void write_measure(JsonWriter& out, const policy::Measure& measure, const std::vector<policy::Appeal>& appeals,
                   std::string_view language) {
  out.begin_object().member("id", measure.id).member("kind", policy::to_string(measure.kind));
  out.key("scope");
  policy::has_scope(measure.kind) ? out.text(policy::to_string(measure.scope)) : out.null();
  out.member("clause", measure.clause).member("version", measure.version);
  out.member("rests_on", measure.is_term ? "term" : "clause").member("ladder", measure.ladder);
  out.member("count", measure.count)
      .member("control", measure.control)
      .member("object_kind", measure.object_kind)
      .member("object_id", measure.object_id)
      .member("facts", policy::facts_in(language, measure.facts));
  out.member("automated", measure.is_automated).member("cure", policy::cure_of(measure).english);
  out.member("taken_at", measure.taken_at).member("ended_at", measure.ended_at);
  out.text_or_null("ended_as", measure.ended_as).key("appeal");
  for (const auto& one : appeals) {
    if (one.measure != measure.id) continue;
    write_appeal(out, one);
    out.end_object();
    return;
  }
  out.null().end_object();
}

void write_appeal(JsonWriter& out, const policy::Appeal& appeal) {
  out.begin_object().member("id", appeal.id).member("text", appeal.text).member("made_at", appeal.made_at);
  out.member("decided_at", appeal.decided_at).text_or_null("outcome", appeal.outcome);
  out.text_or_null("answer", appeal.answer).end_object();
}

void write_order(JsonWriter& out, const policy::Order& order) {
  out.begin_object().member("id", order.id).member("reference", order.reference).member("amount", order.amount);
  out.member("due_at", order.due_at).member("state", order.state()).member("recorded_at", order.recorded_at);
  out.end_object();
}

void write_request(JsonWriter& out, const policy::TwoPersonRequest& request, std::string_view workspace_name,
                   std::string_view language) {
  out.begin_object().member("id", request.id).key("workspace").begin_object();
  out.member("id", request.workspace).member("name", workspace_name).end_object();
  out.member("act", request.act == policy::TwoPersonAct::kill ? "kill" : "lift");
  out.text_or_null("cause", request.cause).member("reason", policy::facts_in(language, request.reason));
  out.member("asked_by", request.asked_by).member("asked_at", request.asked_at).end_object();
}

}  // namespace answerable::http
