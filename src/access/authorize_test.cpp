#include "access/authorize.h"

#include <doctest/doctest.h>

#include <string>

namespace answerable::access {
namespace {

Actor person(Role role) {
  Actor actor;
  actor.kind = Actor::Kind::user;
  actor.role = role;
  return actor;
}

TEST_CASE("what the table does not know is denied to everybody, even to the system") {
  CHECK(authorize(person(Role::administrator), "conversation", "burn").error().code == "not_allowed");
  CHECK(authorize(person(Role::operator_), "moon", "read").error().kind == ErrorKind::denied);
  CHECK(authorize(system_actor({}), "moon", "read").error().kind == ErrorKind::denied);
  CHECK(!is_known_pair("moon", "read"));
}

TEST_CASE("each role includes what the former may do, but the operator has only the rules that name him") {
  for (const auto& rule : rules()) {
    CAPTURE(std::string(rule.resource) + " " + std::string(rule.action));
    for (const auto role : {Role::agent, Role::supervisor, Role::administrator}) {
      if (role >= rule.least) CHECK(authorize(person(role), rule.resource, rule.action, true));
    }
    CHECK(authorize(person(Role::operator_), rule.resource, rule.action, true).has_value() == rule.is_for_operator);
    CHECK(authorize(system_actor({}), rule.resource, rule.action));
  }
}

TEST_CASE("the operator runs the installation and reads no conversation") {
  CHECK(!authorize(person(Role::operator_), "conversation", "read", true));
  CHECK(!authorize(person(Role::operator_), "event", "read", true));
  CHECK(authorize(person(Role::operator_), "session", "read", true));
  CHECK(authorize(person(Role::operator_), "workspace", "create"));
  CHECK(!authorize(person(Role::administrator), "workspace", "list"));
}

TEST_CASE("a key with the scope read may read what its role may read and change nothing") {
  auto key = person(Role::administrator);
  key.kind = Actor::Kind::api_key;
  key.may_write = false;
  for (const auto& rule : rules()) {
    CAPTURE(std::string(rule.resource) + " " + std::string(rule.action));
    const bool is_in_reach = rule.least <= key.role;
    CHECK(authorize(key, rule.resource, rule.action, true).has_value() == (is_in_reach && !rule.writes));
  }
  CHECK(authorize(key, "conversation", "reply").error().code == "read_only_key");
}

TEST_CASE("who still has a password that somebody else knows may do nothing but change it and sign out") {
  Actor actor;
  actor.kind = Actor::Kind::user;
  actor.role = Role::administrator;
  actor.must_change_password = true;
  for (const auto& rule : rules()) {
    const bool is_allowed = rule.resource == "session" || rule.resource == "me";
    const auto status = authorize(actor, rule.resource, rule.action, true);
    CHECK_MESSAGE(status.has_value() == is_allowed, rule.resource << " " << rule.action);
    if (!status) CHECK(status.error().code == "password_change_required");
  }
}

TEST_CASE("an agent retries the own message, a supervisor everybody's") {
  CHECK(authorize(person(Role::agent), "message", "retry", true));
  CHECK(!authorize(person(Role::agent), "message", "retry", false));
  CHECK(authorize(person(Role::supervisor), "message", "retry", false));
}

TEST_CASE("nobody undoes what somebody else has sent") {
  CHECK(authorize(person(Role::agent), "message", "undo", true));
  CHECK(!authorize(person(Role::administrator), "message", "undo", false));
}

TEST_CASE("an operator of a program does not exist") {
  auto key = person(Role::operator_);
  key.kind = Actor::Kind::api_key;
  for (const auto& rule : rules()) CHECK(!authorize(key, rule.resource, rule.action, true));
}

}  // namespace
}  // namespace answerable::access
