// Who is signed in: signs that a code is shared, and how much is read. Nobody is locked out: a person is asked again
// who it is, once a session, and told why; only reading far beyond the norm waits for the next hour.
#include <fmt/format.h>

#include <array>

#include "access/geo_database.h"
#include "base/log.h"
#include "http/watch.h"

namespace answerable::http {
namespace {

using access::Actor;
using access::BulkReading;

constexpr double page_weight = 5;
constexpr double attachment_weight = 0.25;

struct Pair {
  std::string_view resource, action;
};

// What a page does by itself. All other writing is done by hand.
bool is_by_hand(const Call& call, const Needs& needs) {
  constexpr std::array<Pair, 4> by_itself{
      {{"conversation", "mark_read"}, {"conversation", "signal"}, {"draft", "save"}, {"attachment", "upload"}}};
  if (call.request.method == "GET" || call.request.method == "HEAD" || needs.resource() == "session") return false;
  for (const auto& [resource, action] : by_itself) {
    if (needs.resource() == resource && needs.action() == action) return false;
  }
  return true;
}

// What is opened, and how much of the workspace that is; nothing for all else.
struct Opened {
  std::string thing;
  double weight = 0;
};
Opened opened_by(const net::Request& request) {
  if (request.method != "GET") return {};
  for (const auto* thing : {"/api/v1/conversations/{id}", "/api/v1/contacts/{id}"}) {
    if (request.route.starts_with(thing))
      return {.thing = std::string(thing).append(request.path_parameter("id")), .weight = 1};
  }
  if (request.route == "/api/v1/attachments/{id}") return {.thing = request.path, .weight = attachment_weight};
  for (const auto* list : {"/api/v1/conversations", "/api/v1/contacts", "/api/v1/search"}) {
    // The first page is what a screen shows by itself.
    if (request.route == list && request.query_parameter("cursor"))
      return {.thing = request.target, .weight = page_weight};
  }
  return {};
}

std::string reading_facts(const BulkReading::Read& read, bool is_program) {
  return fmt::format(
      "{:.0f} different things were opened within this hour and {:.0f} within a day; usual for this {} are up to {} an "
      "hour and {} a day.",
      read.this_hour, read.this_day, is_program ? "kind of program" : "role", read.per_hour, read.per_day);
}

std::string sharing_facts(const access::CodeUse::Suspicion& seen, const access::CodeUseLimits& limits) {
  if (seen.sign == "overlap")
    return fmt::format(
        "{} times within a day two sessions of this person were used by hand within {} seconds, from different "
        "networks and with different browsers. The person was asked to confirm before.",
        seen.times, limits.overlap_ms / 1'000);
  if (seen.sign == "travel")
    return fmt::format(
        "{} times within a day two sessions of this person were used by hand at places too far apart for the time "
        "between them, the last time {} km within {} minutes. The person was asked to confirm before.",
        seen.times, seen.kilometres, seen.minutes);
  return fmt::format(
      "{} times within an hour one session went back and forth between two networks and browsers. The person was asked "
      "to confirm before.",
      seen.times);
}

policy::NewFinding finding_about(const Actor& actor, std::string kind, std::string clause, std::string_view facts) {
  const bool is_person = actor.kind == Actor::Kind::user;
  return {.workspace = actor.workspace,
          .kind = std::move(kind),
          .subject_kind = is_person ? "user" : "api_key",
          .subject = is_person ? actor.user.text() : actor.api_key.text(),
          .facts = fmt::format("{} {}: {}", is_person ? "By" : "By the API key", actor.name, facts),
          .clause = std::move(clause)};
}

}  // namespace

Status Watch::follow(Call& call, const Guard& guard) {
  if (call.actor.workspace.is_nil()) return {};  // operators read no conversations
  const auto limits = thresholds_.of(call.actor.workspace);
  if (call.actor.kind == Actor::Kind::user) {
    const bool is_answer = guard.needs.resource() == "session" && guard.needs.action() == "confirm";
    if (!is_answer && asked_.must_confirm(call.actor))
      return fail(ErrorKind::denied, "step_up_required", "Show again that it is you: your password, and your code.");
    follow_code(call, guard, limits);
  }
  return follow_reading(call, limits);
}

void Watch::follow_code(const Call& call, const Guard& guard, const WatchLimits& limits) {
  const auto network = network_of(call.request.peer_address);
  const bool by_hand = is_by_hand(call, guard.needs);
  const auto& map = api_.config.geo_database;
  const auto suspicion =
      code_use_.note({.user = call.actor.user,
                      .session = call.actor.session,
                      .network = network,
                      .browser = call.request.header("User-Agent").value_or(""),
                      .is_by_hand = by_hand,
                      .location = by_hand && map ? map->find(call.request.peer_address) : std::nullopt},
                     limits.code_use);
  if (!suspicion) return;
  if (suspicion->raised == 1) return ask_again(call, access::LetterKind::shared_code, std::nullopt);
  // Asked already, and it goes on: a person looks at it.
  const auto facts = sharing_facts(*suspicion, limits.code_use);
  ask_again(call, access::LetterKind::shared_code, finding_about(call.actor, "shared_code", "agreed_limits", facts));
}

Status Watch::follow_reading(Call& call, const WatchLimits& limits) {
  const auto opened = opened_by(call.request);
  if (opened.weight == 0) return {};
  const auto& actor = call.actor;
  const bool is_program = actor.kind == Actor::Kind::api_key;
  const auto role = actor.workspace.text() + (is_program ? std::string("program") : std::string(to_string(actor.role)));
  auto usual = is_program ? limits.program : limits.person;
  for (auto* floor : {&usual.an_hour, &usual.a_day})
    *floor = static_cast<std::int64_t>(static_cast<double>(*floor) * api_.config.attempts_patience);
  const auto read = reading_.note({.credential = actor.id_text(), .role = role}, opened.thing, opened.weight, usual);
  if (read.is_first) {
    ask_again(call, access::LetterKind::much_read,
              finding_about(actor, "bulk_reading", "approved_programs", reading_facts(read, is_program)));
  }
  if (read.pace != BulkReading::Pace::excessive) return {};
  call.retry_after_ms = read.until_ms;
  return fail(ErrorKind::limited, "reading_limited",
              "Far more was opened than this role needs. Wait as long as Retry-After says, or ask an administrator.");
}

// Not waited for. A program cannot be asked: there is the finding alone.
void Watch::ask_again(const Call& call, access::LetterKind letter, std::optional<policy::NewFinding> finding) {
  const bool is_person = call.actor.kind == Actor::Kind::user;
  if (is_person) asked_.ask(call.actor.user);
  if (finding) finding->operator_address = api_.config.security_address;
  auto job = [actor = call.actor, letter, finding = std::move(finding), is_person](store::Transaction& tx) -> Status {
    if (is_person) TRY_STATUS(access::ask_again(tx, actor.workspace, actor.user, letter));
    if (finding) TRY_STATUS(policy::report_finding(tx, *finding));
    return {};
  };
  api_.database().submit(std::move(job), [](const Status& status) {
    if (!status) log::error("finding_not_recorded", status.error());
  });
}

}  // namespace answerable::http
