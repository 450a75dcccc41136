#include "app/watch_self_tests.h"

#include <algorithm>

#include "access/api_key.h"
#include "access/attempts.h"
#include "access/authenticator.h"
#include "access/bulk_reading.h"
#include "access/code_use.h"
#include "access/user.h"
#include "access/workspace.h"
#include "http/every_answer.h"
#include "http/html.h"
#include "http/origin.h"
#include "policy/finding.h"
#include "policy/version.h"

namespace answerable::app {
namespace {

using access::Attempt;

constexpr int much = 10'000;  // what is not noticed by then never is

std::unexpected<Error> broken(std::string what) { return fail(ErrorKind::internal, "control_broken", std::move(what)); }

Result<WorkspaceId> make_workspace(policy::Scratch& scratch) {
  return scratch.database.write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Self-test"));
    return made.id;
  });
}

access::Actor person(WorkspaceId workspace, access::Role role, UserId user) {
  access::Actor one;
  one.kind = access::Actor::Kind::user;
  one.workspace = workspace;
  one.role = role;
  one.user = user;
  return one;
}

Result<policy::Finding> report(policy::Scratch& scratch, const policy::NewFinding& finding) {
  return scratch.database.write([&](store::Transaction& tx) { return policy::report_finding(tx, finding); });
}

Result<std::size_t> count_measures(policy::Scratch& scratch, WorkspaceId workspace, std::string_view control) {
  return scratch.database.query([&](store::Session& session) -> Result<std::size_t> {
    TRY(const auto all, policy::measures(session, workspace));
    return static_cast<std::size_t>(std::ranges::count(all, control, &policy::Measure::control));
  });
}

// Where a reviewer must look first, nothing follows until one has.
Status test_review(policy::Scratch& scratch, const policy::NewFinding& finding) {
  TRY(const auto found, report(scratch, finding));
  TRY(const auto before, count_measures(scratch, finding.workspace, finding.kind));
  if (before != 0) return broken(finding.kind + ": what is only likely leads to nothing by itself.");
  const auto reviewer = person({}, access::Role::operator_, UserId::make(scratch.clock));
  TRY_STATUS(scratch.database.write([&](store::Transaction& tx) {
    return policy::review_finding(tx, reviewer, found.id, "violation", "A self-test.");
  }));
  TRY(const auto after, count_measures(scratch, finding.workspace, finding.kind));
  if (after != 1) return broken(finding.kind + ": what a reviewer calls a violation leads to a measure.");
  return {};
}

Status test_attempt(policy::Scratch& scratch, Attempt kind) {
  const auto& by = access::detector(kind);
  const std::string name(by.name);
  access::Attempts attempts(scratch.clock);
  int tried = 1;
  while (tried < much && !attempts.note(kind, "somebody")) ++tried;
  if (tried != static_cast<int>(by.slowed_from)) return broken(name + " is not noticed at its threshold.");
  const auto wait_ms = attempts.wait_ms("somebody");
  if (wait_ms <= 0) return broken(name + ": who goes on is not slowed down.");
  if (attempts.wait_ms("somebody else") != 0) return broken(name + " slows down somebody else.");
  scratch.clock.advance_ms(wait_ms);
  if (attempts.wait_ms("somebody") != 0) return broken(name + ": who stops is not free again.");
  return {};
}

}  // namespace

Status test_attempts(policy::Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  for (const auto kind : {Attempt::guessing, Attempt::enumeration, Attempt::forced_browsing, Attempt::cross_workspace,
                          Attempt::token_misuse, Attempt::privilege_probing})
    TRY_STATUS(test_attempt(scratch, kind));
  policy::NewFinding finding{.workspace = workspace,
                             .kind = "privilege_probing",
                             .subject_kind = "user",
                             .subject = "self-test",
                             .facts = "A self-test.",
                             .clause = "no_intrusion",
                             .is_violation = true};
  TRY_STATUS(report(scratch, finding));
  TRY(const auto taken, count_measures(scratch, workspace, finding.kind));
  if (taken != 1) return broken("An attempt by somebody of a workspace is not recorded as a violation.");
  finding.workspace = {};
  finding.subject_kind = "network";
  TRY(const auto from_outside, report(scratch, finding));
  if (from_outside.is_violation) return broken("An attack from outside is called somebody's violation.");
  return {};
}

Status test_shared_code(policy::Scratch& scratch) {
  const access::CodeUseLimits limits;
  const auto one = SessionId::make(scratch.clock), other = SessionId::make(scratch.clock);
  // How many rounds until it is noticed; the second session acts so long after the first.
  const auto work = [&](std::int64_t apart_ms) {
    access::CodeUse codes(scratch.clock);
    const auto user = UserId::make(scratch.clock);
    for (std::int64_t round = 1; round <= 2 * limits.overlaps_a_day; ++round) {
      codes.note({.user = user, .session = one, .network = "a", .browser = "x", .is_by_hand = true}, limits);
      scratch.clock.advance_ms(apart_ms);
      if (codes.note({.user = user, .session = other, .network = "b", .browser = "y", .is_by_hand = true}, limits))
        return round;
      scratch.clock.advance_ms(600'000);
    }
    return std::int64_t{0};
  };
  if (work(limits.overlap_ms - 1) != limits.overlaps_a_day)
    return broken("Two who work at the same time with one code are not noticed.");
  if (work(limits.overlap_ms) != 0) return broken("One person with two devices is taken for two.");
  TRY(const auto workspace, make_workspace(scratch));
  return test_review(scratch, {.workspace = workspace,
                               .kind = "shared_code",
                               .subject_kind = "user",
                               .subject = "self-test",
                               .facts = "A self-test.",
                               .clause = "agreed_limits"});
}

Status test_bulk_reading(policy::Scratch& scratch) {
  using Pace = access::BulkReading::Pace;
  const access::ReadingLimits limits;
  access::BulkReading reading(scratch.clock);
  // How many things are opened within the hour until the pace is this one.
  const auto open_until = [&](std::string_view who, Pace pace, std::int64_t most) {
    std::int64_t opened = 1;
    const auto open = [&] {
      return reading.note({.credential = who, .role = "agent"}, "thing " + std::to_string(opened), 1, limits).pace;
    };
    while (opened <= most && open() != pace) ++opened;
    return opened;
  };
  if (open_until("worker", Pace::unusual, limits.an_hour) <= limits.an_hour)
    return broken("Who reads what is usual is noticed.");
  if (open_until("scraper", Pace::unusual, much) != limits.an_hour + 1)
    return broken("Who reads more than is usual is not noticed.");
  if (open_until("grabber", Pace::excessive, much) != 2 * limits.an_hour + 1)
    return broken("Who reads twice as much as is usual is not held back.");
  TRY(const auto workspace, make_workspace(scratch));
  return test_review(scratch, {.workspace = workspace,
                               .kind = "bulk_reading",
                               .subject_kind = "user",
                               .subject = "self-test",
                               .facts = "A self-test.",
                               .clause = "approved_programs"});
}

Status test_programs(policy::Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  TRY(const auto owner, scratch.database.write([&](store::Transaction& tx) {
    return access::create_user(tx, access::system_actor(workspace),
                               {.workspace = workspace,
                                .name = "Self-test",
                                .email = "self-test@localhost.invalid",
                                .role = access::Role::administrator,
                                .password_hash = "x"});
  }));
  const auto by = person(workspace, access::Role::administrator, owner.id);
  TRY(const auto asked, scratch.database.write([&](store::Transaction& tx) {
    return access::register_application(tx, by, {.name = "Self-test", .purpose = "A self-test."}, false);
  }));
  TRY(const auto key, scratch.database.write([&](store::Transaction& tx) {
    return access::create_api_key(tx, by, {.name = "Self-test", .application = asked.id});
  }));
  access::Authenticator authenticator(scratch.database, scratch.clock);
  const auto is_let_in = [&] {
    authenticator.changed();
    return authenticator.by_api_key(key.secret).has_value();
  };
  if (is_let_in()) return broken("A key works before its program is approved.");
  const auto reviewer = person({}, access::Role::operator_, UserId::make(scratch.clock));
  TRY_STATUS(scratch.database.write(
      [&](store::Transaction& tx) { return access::decide_application(tx, reviewer, asked.id, true); }));
  if (!is_let_in()) return broken("A key does not work although its program is approved.");
  TRY_STATUS(scratch.database.write([&](store::Transaction& tx) { return access::end_application(tx, by, asked.id); }));
  if (is_let_in()) return broken("A key works after its program has ended.");
  TRY_STATUS(test_attempt(scratch, Attempt::unapproved_program));
  TRY_STATUS(report(scratch, {.workspace = workspace,
                              .kind = "unapproved_program",
                              .subject_kind = "application",
                              .subject = asked.id.text(),
                              .facts = "A self-test.",
                              .clause = "approved_programs",
                              .is_violation = true}));
  TRY(const auto taken, count_measures(scratch, workspace, "unapproved_program"));
  if (taken != 1) return broken("The use of a program that is not approved is not recorded as a violation.");
  return {};
}

Status test_framing(policy::Scratch&) {
  constexpr std::string_view nobody = "frame-ancestors 'none'";
  const auto every = http::every_answer("https://desk.example");
  if (!every.find("Content-Security-Policy").value_or("").contains(nobody))
    return broken("An answer of the server may be shown within another site.");
  const auto page = http::html_response({});
  if (!page.headers.find("Content-Security-Policy").value_or("").contains(nobody))
    return broken("A page may be shown within another site.");
  http::ApiConfig config;
  config.public_url = "https://desk.example";
  const auto is_taken_from = [&](std::string_view site, std::string_view origin) {
    net::Request request;
    request.method = "POST";
    request.headers.set("Sec-Fetch-Site", site);
    request.headers.set("Origin", origin);
    request.headers.set("X-Requested-With", "answerable");
    return http::check_same_origin(request, config, true).has_value() &&
           http::check_websocket_origin(request, config).has_value();
  };
  if (!is_taken_from("same-origin", "https://desk.example")) return broken("Our own pages are refused.");
  if (is_taken_from("cross-site", "https://other.example")) return broken("Another site can make a browser act here.");
  return {};
}

}  // namespace answerable::app
