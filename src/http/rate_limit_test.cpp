#include "http/rate_limit.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

access::Actor actor_of(access::Actor::Kind kind, access::Role role, const Clock& clock) {
  access::Actor actor;
  actor.kind = kind;
  actor.role = role;
  actor.workspace = WorkspaceId::make(clock);
  if (kind == access::Actor::Kind::api_key)
    actor.api_key = ApiKeyId::make(clock);
  else
    actor.user = UserId::make(clock);
  return actor;
}

TEST_CASE("a credential has its quota, a workspace as a whole another, and the headers tell both") {
  FakeClock clock;
  RateGuard guard(clock, {.read = 60, .workspace_times = 2});
  auto one = actor_of(access::Actor::Kind::user, access::Role::agent, clock), two = one, three = one;
  two.user = UserId::make(clock);
  three.user = UserId::make(clock);
  const auto take = [&](const access::Actor& who) { return guard.take(RateClass::read, {.actor = &who}, {}); };
  for (int i = 0; i < 60; ++i) CHECK(take(one).is_allowed());
  const auto refused = take(one);
  CHECK_FALSE(refused.is_allowed());
  CHECK(refused.wait_ms() == 1'000);
  CHECK(guard.take(RateClass::write, {.actor = &one}, {}).is_allowed());  // another class
  net::Headers headers;
  for (int i = 0; i < 60; ++i) add_rate_headers(headers, take(two));
  CHECK(headers.find("RateLimit-Policy") == "\"read\";q=60;w=60, \"read_workspace\";q=120;w=60");
  CHECK(headers.find("RateLimit") == "\"read\";r=0;t=60, \"read_workspace\";r=0;t=60");
  const auto of_workspace = take(three);
  CHECK_FALSE(of_workspace.is_allowed());
  CHECK(of_workspace.wait_ms() == 500);
  CHECK(of_workspace.own.is_allowed);  // and what the workspace refuses costs the credential nothing
  clock.advance_ms(60'000);
  for (int i = 0; i < 60; ++i) CHECK(take(three).is_allowed());
}

TEST_CASE("strangers count by address, what was agreed goes before the configuration, and a limit before both") {
  FakeClock clock;
  RateGuard guard(clock, {.read = 60, .sign_in = 3});
  for (int i = 0; i < 3; ++i)
    CHECK(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.1"}, {}).is_allowed());
  CHECK_FALSE(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.1"}, {}).is_allowed());
  CHECK(guard.take(RateClass::sign_in, {.actor = nullptr, .address_key = "192.0.2.2"}, {}).is_allowed());

  const auto program = actor_of(access::Actor::Kind::api_key, access::Role::agent, clock);
  policy::Allowance agreed;
  agreed.read = 5;
  const auto read_as = [&](const access::Actor& who) { return guard.take(RateClass::read, {.actor = &who}, agreed); };
  for (int i = 0; i < 5; ++i) CHECK(read_as(program).is_allowed());
  CHECK_FALSE(read_as(program).is_allowed());

  auto limited = program, person = program, admin = program;
  limited.workspace = person.workspace = admin.workspace = WorkspaceId::make(clock);
  limited.api_key = ApiKeyId::make(clock);
  person.kind = admin.kind = access::Actor::Kind::user;
  person.user = UserId::make(clock);
  admin.user = UserId::make(clock);
  admin.role = access::Role::administrator;
  agreed.programs = policy::Limitation{.scope = policy::Scope::api, .rate = {.quota = 2}, .reason = "So."};
  agreed.people = policy::Limitation{.scope = policy::Scope::sign_in, .rate = {.quota = 1}, .reason = "Why."};
  for (int i = 0; i < 2; ++i) CHECK(read_as(limited).is_allowed());
  CHECK(read_as(limited).refusal == "So.");
  CHECK(read_as(limited).wait_ms() == 30'000);
  CHECK(read_as(person).is_allowed());
  CHECK(read_as(person).refusal == "Why.");
  CHECK(read_as(admin).is_allowed());  // comes in to see why, and to cure it
  CHECK(read_as(admin).is_allowed());
}

}  // namespace
}  // namespace answerable::http
