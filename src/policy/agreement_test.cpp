// What binds a workspace, and what it is entitled to.
#include "policy/court_test.h"
#include "policy/entitlement.h"

using namespace answerable;
using namespace answerable::policy;

TEST_CASE("the version of the signature binds until the workspace accepts a newer one") {
  Court at;
  CHECK(at.binding() == 1);
  CHECK(at.save(at.agreement()) == "");
  at.clock.advance_ms(1'000);
  const auto second = at.publish_next();
  CHECK(second == 2);
  CHECK(at.binding() == 1);
  const auto accept = [&](const access::Actor& who, std::int64_t number) {
    return at.error_of([&](store::Transaction& tx) { return accept_version(tx, who, number); });
  };
  CHECK(accept(at.person(access::Role::supervisor), 2) == "not_allowed");
  CHECK(accept(at.admin, 3) == "version_unknown");
  CHECK(accept(at.admin, 1) == "version_not_newer");
  CHECK(accept(at.admin, 2) == "");
  CHECK(at.binding() == 2);
  CHECK(at.save(at.agreement()) == "");  // the operator's corrections leave what was accepted
  CHECK(at.binding() == 2);
  at.clock.advance_ms(1'000);
  CHECK(at.publish_next() == 3);
  CHECK(at.binding() == 2);
  at.clock.advance_ms(1'000);
  CHECK(at.save(at.agreement()) == "");  // a new one, signed now: what was accepted went with the former
  CHECK(at.binding() == 3);
}

TEST_CASE("a workspace without an agreement is bound by the version in force, and may not accept one") {
  Court at;
  at.clock.advance_ms(1);
  at.publish_next();
  CHECK(at.binding() == 2);
  CHECK(at.error_of([&](store::Transaction& tx) { return accept_version(tx, at.admin, 2); }) == "no_agreement");
}

TEST_CASE("one who signed before there was a policy is bound by the first") {
  Court at;
  auto early = at.agreement();
  early.signed_at = early.signed_at - day_ms;
  CHECK(at.save(early) == "");
  CHECK(at.binding() == 1);
}

TEST_CASE("an agreement is checked at its bounds") {
  Court at;
  const auto with = [&](auto change) {
    auto given = at.agreement();
    change(given);
    return at.save(given);
  };
  CHECK(with([](Agreement& one) { one.signatory = std::string(signatory_bytes_max, 'x'); }) == "");
  CHECK(with([](Agreement& one) { one.signatory = std::string(signatory_bytes_max + 1, 'x'); }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.signed_at = one.signed_at + 1; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.entitlements.seats = entitlement_max; }) == "");
  CHECK(with([](Agreement& one) { one.entitlements.seats = entitlement_max + 1; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.entitlements.messages = -1; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.entitlements.period_days = period_days_max; }) == "");
  CHECK(with([](Agreement& one) { one.entitlements.period_days = period_days_max + 1; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.entitlements.features = {known_features.begin(), known_features.end()}; }) == "");
  CHECK(with([](Agreement& one) { one.entitlements.features = {"email", "moon"}; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.notices.security = "nobody"; }) == "bad_agreement");
  CHECK(with([](Agreement& one) { one.terms.push_back({"no_bulk", "ladder", "1 scold"}); }) == "bad_rule");
  CHECK(with([](Agreement& one) { one.terms.assign(2, {"no_bulk", "x", "1"}); }) == "bad_agreement");
  CHECK(with([](Agreement& one) {
          for (std::size_t i = 0; i < terms_max; ++i) one.terms.push_back({"c" + std::to_string(i), "x", "1"});
        }) == "");
  CHECK(with([](Agreement& one) {
          for (std::size_t i = 0; i <= terms_max; ++i) one.terms.push_back({"c" + std::to_string(i), "x", "1"});
        }) == "bad_agreement");
  CHECK(at.error_of([&](store::Transaction& tx) { return save_agreement(tx, at.admin, at.agreement()); }) ==
        "not_allowed");
}

TEST_CASE("the ledger has numbers and ladders of what was agreed, and commitments to what somebody wrote") {
  Court at;
  auto given = at.agreement();
  given.terms = {{"no_bulk", "ladder", "1 warn, 3 suspend sending"},
                 {"no_bulk", "identical_replies", "90"},
                 {"no_bulk", "agreed_with", "ann of the shop"}};
  CHECK(at.save(given) == "");
  at.write([&](store::Transaction& tx) {
    return record_order(tx, at.op,
                        {.workspace = at.shop, .reference = "bill of ann", .amount = "1", .due_at = at.clock.now()});
  });
  std::string all;
  for (const auto& entry : at.read([&](store::Session& s) { return audit::entries(s, at.shop, 0, 100); }))
    all += entry.encoded;
  const auto key = at.read([&](store::Session& s) { return access::load_commitment_key(s, at.shop); });
  CHECK(all.contains("=no_bulk ladder = 1 warn, 3 suspend sending\n"));
  CHECK(all.contains("=no_bulk identical_replies = 90\n"));
  CHECK(all.contains("=no_bulk agreed_with = " + audit::commit_to(key, "ann of the shop") + "\n"));
  CHECK(all.contains("detail.reference_commitment=" + audit::commit_to(key, "bill of ann") + "\n"));
  for (const auto* personal : {"ann", "Ada", "shop.example"}) CHECK(!all.contains(personal));
}

TEST_CASE("messages of a period are counted to the bound, and the next period begins anew") {
  Court at;
  auto given = at.agreement();
  given.entitlements.messages = 2;
  given.entitlements.period_days = 30;
  CHECK(at.save(given) == "");
  const auto send = [&] { return at.error_of([&](store::Transaction& tx) { return judge_message(tx, at.shop); }); };
  CHECK(send() == "");
  CHECK(send() == "");
  CHECK(send() == "messages_used_up");
  CHECK(at.read([&](store::Session& session) { return usage(session, at.shop); }).messages == 2);
  at.clock.advance_ms(30 * day_ms - 1);
  CHECK(send() == "messages_used_up");
  at.clock.advance_ms(1);
  CHECK(send() == "");
}

TEST_CASE("seats are people who are active, to the bound") {
  Court at;
  auto given = at.agreement();
  given.entitlements.seats = 2;
  CHECK(at.save(given) == "");
  const auto add = [&](std::string email) {
    return at.db->write([&](store::Transaction& tx) {
      return add_person(tx, access::system_actor(at.shop),
                        {.workspace = at.shop, .name = "P", .email = std::move(email), .password_hash = "x"});
    });
  };
  const auto first = must(add("a@shop.example"));
  must(add("b@shop.example"));
  CHECK(add("c@shop.example").error().code == "seats_used_up");
  const auto set_active = [&](bool is_active) {
    return at.error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(change_person(tx, access::system_actor(at.shop), first.id, {.is_active = is_active}));
      return {};
    });
  };
  CHECK(set_active(false) == "");
  must(add("c@shop.example"));
  CHECK(set_active(true) == "seats_used_up");
}

TEST_CASE("a file that somebody sends must fit; what arrives is kept, and going beyond is told once") {
  Court at;
  auto given = at.agreement();
  given.entitlements.storage_megabytes = 2;
  given.entitlements.attachment_megabytes = 1;
  CHECK(at.save(given) == "");
  const auto found = at.read([&](store::Session& session) { return find_agreement(session, at.shop); });
  CHECK(found->entitlements.storage_megabytes == 2);
  CHECK(found->entitlements.attachment_megabytes == 1);
  CHECK_FALSE(found->entitlements.connections.has_value());
  const auto file = [&](std::int64_t bytes) {
    return at.error_of([&](store::Transaction& tx) { return judge_file(tx, at.shop, bytes); });
  };
  const auto arrive = [&](std::int64_t bytes) {
    return at.error_of([&](store::Transaction& tx) { return count_stored(tx, at.shop, bytes); });
  };
  const auto used = [&] {
    return at.read([&](store::Session& session) { return usage(session, at.shop); }).storage_bytes;
  };
  CHECK(file(1'000'001) == "attachment_too_large");
  CHECK(file(1'000'000) == "");
  CHECK(file(1'000'000) == "");
  CHECK(used() == 2'000'000);
  CHECK(file(1) == "storage_used_up");
  CHECK(used() == 2'000'000);  // what was refused does not count
  CHECK(at.notices().empty());
  CHECK(arrive(10) == "");
  CHECK(arrive(10) == "");
  CHECK(used() == 2'000'020);
  CHECK(at.notices().size() == 2);  // once, to each address
  CHECK(arrive(-1'000'020) == "");
  CHECK(file(1'000'000) == "");
  CHECK(arrive(1) == "");
  CHECK(at.notices().size() == 4);  // there was room between
}

TEST_CASE("without an agreement nothing but the server's own bounds limits files and connections") {
  Court at;
  CHECK(at.error_of([&](store::Transaction& tx) { return judge_file(tx, at.shop, 25'000'000); }) == "");
  CHECK(judge_connection({}, connections_otherwise - 1));
  CHECK(judge_connection({}, connections_otherwise).error().code == "connections_used_up");
  CHECK(judge_connection(2, 1));
  CHECK_FALSE(judge_connection(2, 2));
  CHECK_FALSE(judge_connection(0, 0));
}
