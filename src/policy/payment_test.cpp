// Orders to pay, and the notices that go with them.
#include "policy/court_test.h"

using namespace answerable;
using namespace answerable::policy;

TEST_CASE("a notice is tried again, later each time, and at last given up") {
  Court at;
  CHECK(at.save(at.agreement()) == "");
  at.report(at.bulk());
  const auto attempt = [&](bool is_sent) {
    const auto due = at.notices();
    for (const auto& notice : due)
      CHECK(at.error_of([&](store::Transaction& tx) { return record_notice(tx, notice, is_sent, "no"); }) == "");
    return due.size();
  };
  CHECK(attempt(false) == 2);
  CHECK(attempt(false) == 0);
  at.clock.advance_ms(60'000 - 1);
  CHECK(attempt(false) == 0);
  at.clock.advance_ms(1);
  for (std::int64_t i = 1; i < notice_attempts_max; ++i) {
    CHECK(attempt(false) == 2);
    at.clock.advance_ms(4LL * 3'600'000);
  }
  CHECK(attempt(false) == 0);
  at.report(at.bulk());
  CHECK(attempt(true) == 2);
  CHECK(attempt(true) == 0);
}

TEST_CASE("an order to pay: notice at the deadline, suspension after the days of notice, resumption when paid") {
  Court at;
  CHECK(at.save(at.agreement()) == "");
  const NewOrder given{
      .workspace = at.shop, .reference = "2026-1", .amount = "120.00 EUR", .due_at = at.clock.now() + day_ms};
  const auto record = [&](const NewOrder& order) {
    return at.db->write([&](store::Transaction& tx) { return record_order(tx, at.op, order); });
  };
  const auto order = must(record(given));
  CHECK(record(given).error().code == "order_known");
  auto wrong = given;
  wrong.reference = std::string(order_text_bytes_max + 1, 'x');
  CHECK(record(wrong).error().code == "bad_order");
  const auto advance = [&] {
    const bool is_due = at.read([](store::Session& session) { return is_any_order_due(session); });
    const int advanced = at.write([](store::Transaction& tx) { return advance_orders(tx); });
    CHECK(is_due == (advanced > 0));
    return advanced;
  };
  at.clock.advance_ms(day_ms - 1);
  CHECK(advance() == 0);
  at.clock.advance_ms(1);
  CHECK(advance() == 1);
  CHECK(at.notices().size() == 2);
  CHECK(advance() == 0);
  at.clock.advance_ms(7 * day_ms - 1);
  CHECK(advance() == 0);
  at.clock.advance_ms(1);
  CHECK(advance() == 1);
  CHECK(at.is_suspended());
  CHECK(at.resume() == 0);
  const auto settle = [&](OrderId id) {
    return at.db->write([&](store::Transaction& tx) { return settle_order(tx, at.op, at.shop, id, true); });
  };
  CHECK(must(settle(order.id)).state() == "paid");
  CHECK(settle(order.id).error().code == "order_settled");
  CHECK(at.resume() == 1);
  CHECK_FALSE(at.is_suspended());
}

TEST_CASE("two orders that stop a workspace both must be paid") {
  Court at;
  std::vector<Order> both;
  for (const auto* reference : {"a", "b"})
    both.push_back(at.write([&](store::Transaction& tx) {
      return record_order(tx, at.op,
                          {.workspace = at.shop, .reference = reference, .amount = "1", .due_at = at.clock.now()});
    }));
  const auto advance = [&] { return at.write([](store::Transaction& tx) { return advance_orders(tx); }); };
  CHECK(advance() == 2);
  at.clock.advance_ms(7 * day_ms);
  CHECK(advance() == 2);
  for (const auto& order : both) {
    CHECK(at.resume() == 0);
    at.write([&](store::Transaction& tx) { return settle_order(tx, at.op, at.shop, order.id, true); });
  }
  CHECK(at.resume() == 1);
}
