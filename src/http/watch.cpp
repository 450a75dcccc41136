#include "http/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "access/api_key.h"
#include "access/known_device.h"
#include "access/user.h"
#include "base/digest.h"
#include "base/log.h"
#include "http/cookies.h"
#include "http/elsewhere.h"
#include "net/address.h"
#include "policy/finding.h"

namespace answerable::http {
namespace {

using access::Attempt;

constexpr std::string_view intrusion = "no_intrusion";
constexpr std::string_view programs = "approved_programs";
constexpr std::size_t session_token_characters = 43;

bool has_bearer(const net::Request& request) { return request.header("Authorization").has_value(); }

bool is_machine_itself(std::string_view address) {
  const auto parsed = net::IpAddress::parse(address);
  return parsed && parsed->is_loopback();
}

// What is refused says what it was. Not counted: a session that has ended (every browser comes with one after two
// weeks, and 256 bits are not guessed), and what a mistake in a form leads to.
std::optional<Attempt> attempt_of(const Call& call, const Guard& guard, const Error& error) {
  constexpr std::array<std::string_view, 4> guesses{"invalid_credentials", "code_wrong", "wrong_password",
                                                    "link_unknown"};
  if (std::ranges::find(guesses, error.code) != guesses.end()) return Attempt::guessing;
  if (error.code == "api_key_invalid") return Attempt::token_misuse;
  if (error.code == "not_signed_in" && !call.token.empty() && call.token.size() != session_token_characters)
    return Attempt::token_misuse;
  if (error.code == "application_not_approved" || error.code == "application_expired")
    return Attempt::unapproved_program;
  if (error.code == "email_unavailable") return Attempt::enumeration;  // of people of other workspaces
  if (error.code == "not_allowed" || error.code == "read_only_key") return Attempt::privilege_probing;
  if (error.kind == ErrorKind::not_found && !guard.needs.is_open() && !call.request.path_parameter("id").empty())
    return Attempt::enumeration;
  return std::nullopt;
}

std::string span_text(std::int64_t ms) {
  const auto seconds = std::max<std::int64_t>(1, (ms + 999) / 1000);
  if (seconds == 1) return "a second";
  if (ms < 120'000) return fmt::format("{} seconds", seconds);
  return fmt::format("{} minutes", ms / 60'000);
}

// One line for each: as many as the limits of a credential let through.
void log_refusal(const Call& call, const Error& error) {
  const auto& actor = call.actor;
  log::info("refused", {{"code", error.code},
                        {"workspace", actor.workspace.text()},
                        {"by", actor.id_text()},
                        {"address", call.request.peer_address},
                        {"asked", std::string(call.request.method) + " " + std::string(call.request.route)},
                        {"request", call.request.request_id}});
}

struct Known {
  WorkspaceId workspace;
  access::ApplicationId application;  // of the key
  std::string more;                   // facts
};

// Whose key it was that came, or whose account was tried last.
Result<Known> who_is_concerned(store::Session& session, const std::string& bearer, const std::string& aimed_at) {
  if (!bearer.empty()) {
    TRY(const auto owner, access::find_key_owner(session, bearer));
    if (owner)
      return Known{.workspace = owner->workspace,
                   .application = owner->application,
                   .more = fmt::format(" The last was the key {}… ({}) of the application {}.", owner->prefix,
                                       owner->name, owner->application_name)};
  }
  if (!aimed_at.empty()) {
    TRY(const auto user, access::find_user_by_email(session, aimed_at));
    if (user)
      return Known{
          .workspace = user->workspace, .application = {}, .more = " The last was for an account of this workspace."};
  }
  return Known{};
}

}  // namespace

struct Watch::Source {
  std::string key;                    // of the counters
  std::string subject_kind, subject;  // of the finding
  std::string called;                 // in its facts, for people
  WorkspaceId workspace;              // nil: a stranger
  bool is_slowed = true;
};

bool is_always_let_in(const Needs& needs) {
  return needs.resource() == "session" && (needs.action() == "read" || needs.action() == "end");
}

std::string network_of(std::string_view address) {
  const auto parsed = net::IpAddress::parse(address);
  if (!parsed) return std::string(address);
  const auto& bytes = parsed->bytes();
  if (parsed->is_v4()) return fmt::format("{}.{}.{}.0/24", bytes[12], bytes[13], bytes[14]);
  std::string text;
  for (std::size_t i = 0; i < 8; i += 2) text += fmt::format("{:x}:", bytes[i] * 256 + bytes[i + 1]);
  return text + ":/64";
}

Watch::Watch(ApiContext& api)
    : api_(api),
      attempts_(api.parts.clock, api.config.attempts_patience),
      code_use_(api.parts.clock),
      reading_(api.parts.clock),
      asked_(api.parts.clock),
      thresholds_(api.parts.database, api.parts.clock) {}

Watch::Source Watch::source_of(const Call& call) {
  const auto& actor = call.actor;
  if (actor.kind == access::Actor::Kind::user)
    return {.key = "s" + actor.session.text(),
            .subject_kind = "user",
            .subject = actor.user.text(),
            .called = actor.name,
            .workspace = actor.workspace};
  if (actor.kind == access::Actor::Kind::api_key)
    return {.key = "k" + actor.api_key.text(),
            .subject_kind = "api_key",
            .subject = actor.api_key.text(),
            .called = "the API key " + actor.name,
            .workspace = actor.workspace};
  const auto& address = call.request.peer_address;
  const auto network = network_of(address);
  return {.key = "n" + network,
          .subject_kind = "network",
          .subject = network.substr(0, policy::finding_subject_bytes_max),
          .called = "the network " + network.substr(0, policy::finding_subject_bytes_max),
          .workspace = {},
          .is_slowed = !is_machine_itself(address)};
}

Status Watch::admit(Call& call, const Guard& guard, bool is_known) {
  const bool is_tried =
      is_known ? !is_always_let_in(guard.needs) : has_bearer(call.request) || guard.rate == RateClass::sign_in;
  if (!is_tried) return {};
  const auto wait_ms = attempts_.wait_ms(source_of(call).key);
  if (wait_ms == 0 && is_known) return follow(call, guard);
  if (wait_ms == 0 || (!is_known && is_on_known_device(call))) return {};
  call.retry_after_ms = wait_ms;
  return fail(ErrorKind::limited, "slowed_down",
              "Too much that is not allowed was tried from here. Wait as long as Retry-After says.");
}

bool Watch::is_on_known_device(const Call& call) {
  const auto token = device_token(call.request, api_.config);
  if (token.empty() || has_bearer(call.request)) return false;
  const auto known =
      api_.database().query([&](store::Session& session) { return access::is_device_of_somebody(session, token); });
  return known && *known;
}

void Watch::refused(const Call& call, const Guard& guard, const Error& error) {
  if (error.kind == ErrorKind::denied || error.kind == ErrorKind::suspended) log_refusal(call, error);
  auto kind = attempt_of(call, guard, error);
  if (!kind) return;
  auto source = source_of(call);
  if (kind == Attempt::unapproved_program) {
    // Known by its key, which holds no longer; nobody else in its network waits for it.
    const auto hash = sha256(call.request.header("Authorization").value_or(""));
    source.key = "p" + std::string(as_bytes(hash));
    source.is_slowed = false;
  }
  if (kind == Attempt::enumeration && !source.workspace.is_nil()) {
    const auto elsewhere = exists_elsewhere(api_, call.request, source.workspace);
    if (elsewhere && *elsewhere) kind = Attempt::cross_workspace;
  }
  note(*kind, source, call);
}

void Watch::asked_about(const Call& call) { note(Attempt::enumeration, source_of(call), call); }

void Watch::asked_for_nothing(const net::Request& request) {
  const Call call{.api = api_, .request = request};
  auto source = source_of(call);
  source.is_slowed = false;  // such a path costs nothing
  note(Attempt::forced_browsing, source, call);
}

void Watch::note(Attempt kind, const Source& source, const Call& call) {
  api_.parts.metrics
      .counter("answerable_access_attempts_total", "Refused requests that count as attempts on restricted access",
               fmt::format("kind=\"{}\"", access::detector(kind).name))
      .add(1);
  if (const auto raised = attempts_.note(kind, source.key, source.is_slowed)) raise(*raised, source, call);
}

// Not waited for: the answer to an attacker does not take longer than to others.
void Watch::raise(const access::Attempts::Raised& raised, const Source& source, const Call& call) {
  const auto& by = access::detector(raised.kind);
  const auto facts = fmt::format("{} times within {}: {}. By: {}. The last was {} {}.", raised.count,
                                 span_text(raised.within_ms), by.what, source.called, call.request.method,
                                 call.request.route.empty() ? "elsewhere" : call.request.route);
  log::warning("access_attempts", {{"kind", by.name}, {"by", source.subject}, {"count", raised.count}});
  const bool is_stranger = source.workspace.is_nil();
  const auto header = call.request.header("Authorization").value_or("");
  policy::NewFinding finding{.workspace = source.workspace,
                             .kind = std::string(by.name),
                             .subject_kind = source.subject_kind,
                             .subject = source.subject,
                             .facts = facts,
                             .clause = std::string(raised.kind == Attempt::unapproved_program ? programs : intrusion),
                             // Who forgot a password is no intruder.
                             .is_violation = !is_stranger && raised.kind != Attempt::guessing,
                             .operator_address = api_.config.security_address};
  const bool is_program = raised.kind == Attempt::unapproved_program;
  auto job = [finding, is_stranger, is_program,
              bearer = std::string(header.substr(0, 7) == "Bearer " ? header.substr(7) : ""),
              aimed_at = call.aimed_at](store::Transaction& tx) mutable -> Status {
    if (is_stranger) {
      TRY(const auto known, who_is_concerned(tx, bearer, aimed_at));
      finding.workspace = known.workspace;
      finding.facts += known.more;
      if (is_program && !known.application.is_nil()) {
        finding.subject_kind = "application";
        finding.subject = known.application.text();
        finding.is_violation = true;
      }
    }
    TRY_STATUS(policy::report_finding(tx, finding));
    return {};
  };
  api_.database().submit(std::move(job), [](const Status& status) {
    if (!status) log::error("finding_not_recorded", status.error());
  });
}

}  // namespace answerable::http
