// From a stranger's complaint to the reasons that both sides get.
#include "policy/complaint.h"

#include "policy/court_test.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

struct Bench : Court {
  NewComplaint made(std::string address = "eve@rights.example", std::string peer = "p") const {
    return {.name = "Eve",
            .address = std::move(address),
            .object = "<1@shop.example>",
            .text = "This is my picture.",
            .language = "en",
            .is_in_good_faith = true,
            .peer = std::move(peer)};
  }
  std::string file_error(const NewComplaint& what) {
    return error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(file_complaint(tx, what, "https://x.example/report/"));
      return {};
    });
  }
  Filed file(const NewComplaint& what) {
    return write([&](store::Transaction& tx) { return file_complaint(tx, what, "https://x.example/report/"); });
  }
  std::string decide_error(const access::Actor& who, const ComplaintDecision& decision) {
    return error_of([&](store::Transaction& tx) -> Status {
      TRY_STATUS(decide_complaint(tx, who, decision));
      return {};
    });
  }
};

}  // namespace

TEST_CASE_FIXTURE(Bench, "a complaint is acknowledged with its number and a link that shows where it stands") {
  const auto filed = file(made());
  CHECK(filed.complaint.number == 1);
  REQUIRE(notices().size() == 1);
  CHECK(notices()[0].recipient == "eve@rights.example");
  CHECK(notices()[0].text.find("https://x.example/report/" + filed.token) != std::string::npos);
  const auto shown = read([&](store::Session& session) { return load_complaint(session, filed.token); });
  CHECK(shown.outcome.empty());
  CHECK(db->query([](store::Session& session) { return load_complaint(session, "another"); }).error().code ==
        "complaint_unknown");
  CHECK(db->query([&](store::Session& session) { return complaints(session, admin); }).error().code == "not_allowed");
}

TEST_CASE_FIXTURE(Bench, "a decision is made once, and both sides get its reasons, without who complained") {
  CHECK(save(agreement()) == "");
  const auto filed = file(made());
  const ComplaintDecision decision{
      .complaint = filed.complaint.id, .outcome = "removed", .reasons = "It is her picture.", .workspace = shop};
  CHECK(decide_error(admin, decision) == "not_allowed");
  auto wrong = decision;
  wrong.outcome = "burnt";
  CHECK(decide_error(op, wrong) == "bad_decision");
  wrong = decision;
  wrong.reasons = std::string(complaint_reasons_bytes_max + 1, 'x');
  CHECK(decide_error(op, wrong) == "bad_decision");
  CHECK(decide_error(op, decision) == "");
  CHECK(decide_error(op, decision) == "complaint_decided");
  std::string told;
  for (const auto& one : notices())
    if (one.recipient == "admin@shop.example") told = one.text;
  CHECK(told.find("It is her picture.") != std::string::npos);
  CHECK(told.find("Eve") == std::string::npos);
  CHECK(told.find("eve@") == std::string::npos);
  CHECK(read([&](store::Session& session) { return load_complaint(session, filed.token); }).outcome == "removed");
}

TEST_CASE_FIXTURE(Bench, "a complaint that cannot be is refused, at each bound") {
  const auto with = [&](auto change) {
    auto what = made();
    change(what);
    return file_error(what);
  };
  CHECK(with([](NewComplaint& one) { one.text = std::string(complaint_text_bytes_max, 'x'); }) == "");
  CHECK(with([](NewComplaint& one) { one.text = std::string(complaint_text_bytes_max + 1, 'x'); }) ==
        "bad_complaint_text");
  CHECK(with([](NewComplaint& one) { one.object = std::string(complaint_object_bytes_max, 'x'); }) == "");
  CHECK(with([](NewComplaint& one) { one.object = std::string(complaint_object_bytes_max + 1, 'x'); }) ==
        "bad_complaint_object");
  CHECK(with([](NewComplaint& one) { one.name = std::string(complaint_name_bytes_max + 1, 'x'); }) ==
        "bad_complaint_name");
  CHECK(with([](NewComplaint& one) { one.address = "nobody"; }) == "bad_complaint_address");
  CHECK(with([](NewComplaint& one) { one.is_in_good_faith = false; }) == "bad_complaint_faith");
}

TEST_CASE_FIXTURE(Bench, "the form writes to nobody too often, and takes so many from one place") {
  for (int i = 0; i < complaints_of_address_a_day_max; ++i)
    CHECK(file_error(made("a@x.example", std::to_string(i))) == "");
  CHECK(file_error(made("A@x.example", "other")) == "too_many_complaints");
  clock.advance_ms(day_ms);
  CHECK(file_error(made("a@x.example", "other")) == "");
  for (int i = 0; i < complaints_of_peer_an_hour_max; ++i)
    CHECK(file_error(made(std::to_string(i) + "@y.example", "one")) == "");
  CHECK(file_error(made("new@y.example", "one")) == "too_many_complaints");
  clock.advance_ms(3'600'000);
  CHECK(file_error(made("new@y.example", "one")) == "");
}
