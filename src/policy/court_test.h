// For the tests of what leads to what: a workspace, its administrator, and two operators.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "access/testing.h"
#include "policy/appeal.h"
#include "policy/cure.h"
#include "policy/payment.h"
#include "policy/statement.h"
#include "policy/suspend.h"
#include "policy/two_person.h"
#include "store/error_of_test.h"

namespace answerable::policy {

using access::must;

inline constexpr std::int64_t day_ms = 86'400'000;

struct Court {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db =
      store::open_temporary(clock, metrics, {cluster::schema(), audit::schema(), access::schema(), schema()});
  WorkspaceId shop = must(db->write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Shop"));
    return made.id;
  }));
  access::Actor op = person(access::Role::operator_), other_op = person(access::Role::operator_);
  access::Actor admin = person(access::Role::administrator);
  access::Actor system = access::system_actor({});

  access::Actor person(access::Role role) {
    access::Actor one;
    one.kind = access::Actor::Kind::user;
    one.role = role;
    one.user = UserId::make(clock);
    if (role != access::Role::operator_) one.workspace = shop;
    return one;
  }
  template <class F>
  auto write(F&& job) {
    return must(db->write(std::forward<F>(job)));
  }
  template <class F>
  std::string error_of(F&& job) {
    return store::error_of(*db, std::forward<F>(job));
  }
  template <class F>
  auto read(F&& job) {
    return must(db->query(std::forward<F>(job)));
  }
  Agreement agreement() const {
    return {.workspace = shop,
            .signed_at = clock.now(),
            .signatory = "Ada Buyer",
            .entitlements = {},
            .notices = {"admin@shop.example", "security@shop.example", "admin@shop.example"},
            .terms = {},
            .accepted_version = {},
            .accepted_at = {}};
  }
  std::string save(const Agreement& given) {
    return error_of([&](store::Transaction& tx) { return save_agreement(tx, op, given); });
  }
  NewViolation bulk() const {
    return {.workspace = shop,
            .clause = "no_bulk",
            .control = "identical_replies",
            .object_kind = "message",
            .object_id = "m",
            .facts = "60 identical replies."};
  }
  Measure report(const NewViolation& what) { return report_as(system, what); }
  Measure report_as(const access::Actor& who, const NewViolation& what) {
    return write([&](store::Transaction& tx) { return report_violation(tx, who, what); });
  }
  std::int64_t publish_next() {
    return write([&](store::Transaction& tx) -> Result<std::int64_t> {
      TRY(const auto now, load_version(tx, 1));
      TRY_STATUS(save_draft(tx, op, "", now.clauses));
      TRY(const auto head, publish_draft(tx, op, std::nullopt));
      return head.number;
    });
  }
  std::int64_t binding() {
    return read([&](store::Session& session) { return binding_version(session, shop); });
  }
  int resume() {
    return write([](store::Transaction& tx) { return resume_cured(tx); });
  }
  bool is_suspended() {
    return read([&](store::Session& session) { return suspensions(session, shop); }).size() > 0;
  }
  std::vector<Notice> notices() {
    return read([](store::Session& session) { return due_notices(session, 100); });
  }
};

}  // namespace answerable::policy
