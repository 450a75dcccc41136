#include "app/traffic_watch.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "access/workspace.h"
#include "app/controls.h"
#include "app/installation.h"
#include "conversations/append_inbound.h"
#include "conversations/identify_contact.h"
#include "policy/cure.h"
#include "policy/statement.h"
#include "policy/suspend.h"
#include "policy/version.h"
#include "policy/violation.h"
#include "store/testing.h"

namespace answerable::app {
namespace {

constexpr std::int64_t minute_ms = 60'000;

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().code << ": " << result.error().detail);
  return *std::move(result);
}

struct Street {
  store::TemporaryFolder folder;
  FakeClock clock{Time{1'800'000'000'000 - 1'800'000'000'000 % minute_ms}};
  Configuration configuration = [this] {
    Configuration c;
    c.data_dir = folder.path();
    return c;
  }();
  std::unique_ptr<Installation> at = Installation::open(configuration, clock, Opening::create).value();
  WorkspaceId shop = must(at->database().write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(policy::publish_default(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Shop"));
    return made.id;
  }));
  ChannelId channel = ChannelId::make(clock);
  policy::SecondSignal signal;
  std::unique_ptr<TrafficWatch> watch = make_watch();

  Street() {
    must(at->database().write([&](store::Transaction& tx) -> Result<int> {
      TRY_STATUS(
          policy::save_agreement(tx, access::system_actor({}),
                                 {.workspace = shop,
                                  .signed_at = tx.now(),
                                  .signatory = "Ada Buyer",
                                  .entitlements = {},
                                  .notices = {.administrator = "admin@shop.example", .security = {}, .privacy = {}},
                                  .terms = {},
                                  .accepted_version = {},
                                  .accepted_at = {}}));
      return 0;
    }));
  }
  std::unique_ptr<TrafficWatch> make_watch() {
    auto made =
        std::make_unique<TrafficWatch>(at->database(), clock, [this](store::Session&, WorkspaceId) { return signal; });
    made->start(at->fanout(), at->metrics());
    return made;
  }
  void pass_minute(std::int64_t messages, policy::Way way = policy::Way::outbound) {
    const policy::TrafficCount count{.key = {.workspace = shop, .channel = channel, .way = way},
                                     .minute = clock.now().ms / minute_ms,
                                     .messages = messages};
    REQUIRE(at->database().write([&](store::Transaction& tx) { return policy::count_traffic(tx, count); }));
    clock.advance_ms(minute_ms);
    const auto looked = clock.now().ms;
    clock.advance_ms(settled_after_ms);
    REQUIRE(watch->watch());
    clock.advance_ms(looked - clock.now().ms);  // back to the full minute
  }
  std::vector<policy::Measure> measures() {
    return must(at->database().query([&](store::Session& session) { return policy::measures(session, shop); }));
  }
  std::size_t notices() {
    return must(at->database().query([](store::Session& session) { return policy::due_notices(session, 100); })).size();
  }
  bool is_suspended() {
    return !must(at->database().query([&](store::Session& session) {
              return policy::suspensions(session, shop);
            })).empty();
  }
};

TEST_CASE_FIXTURE(Street, "a spike alone is told once; with a second signal it is a violation with its evidence") {
  REQUIRE(watch->watch());
  for (int i = 0; i < 5; ++i) pass_minute(400);
  CHECK(measures().empty());
  CHECK(notices() == 1);
  signal = {.overdue = 199, .settled = 19, .failed = 19};
  pass_minute(400);
  CHECK(measures().empty());  // one less than it takes
  signal = {.overdue = 200};
  pass_minute(400);
  pass_minute(400);
  const auto found = measures();
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == policy::MeasureKind::limit);
  CHECK(found[0].scope == policy::Scope::api);
  CHECK(found[0].control == policy::traffic_control);
  CHECK(found[0].object_id == channel.text());
  CHECK(found[0].facts.find("200 messages of the workspace wait") != std::string::npos);
  CHECK(found[0].facts.find("messages were written") != std::string::npos);
}

TEST_CASE_FIXTURE(Street, "what customers send is told and never a violation, whatever else is wrong") {
  REQUIRE(watch->watch());
  signal = {.overdue = 10'000, .settled = 100, .failed = 100};
  for (int i = 0; i < 5; ++i) pass_minute(400, policy::Way::inbound);
  CHECK(measures().empty());
  CHECK(notices() == 1);
}

TEST_CASE_FIXTURE(Street, "the third in a week suspends, and the suspension ends by itself once the rate is usual") {
  REQUIRE(watch->watch());
  signal = {.settled = 20, .failed = 4};
  std::int64_t sent = 400;
  for (int spike = 1; spike <= 3; ++spike) {
    for (int i = 0; i < 3; ++i) pass_minute(sent);
    CHECK(measures().size() == static_cast<std::size_t>(spike));
    CHECK(is_suspended() == (spike == 3));
    for (int i = 0; i < 30; ++i) pass_minute(1);
    sent *= 10;  // more than five times the most of the past
  }
  for (const auto& measure : measures()) CHECK(measure.ended_as == "cured");
  CHECK(must(at->database().write([](store::Transaction& tx) { return policy::resume_cured(tx); })) == 1);
  CHECK_FALSE(is_suspended());
}

TEST_CASE_FIXTURE(Street, "a restart goes on where it was: the spike is not told again, and its measure ends with it") {
  REQUIRE(watch->watch());
  signal = {.overdue = 500};
  for (int i = 0; i < 3; ++i) pass_minute(400);
  REQUIRE(measures().size() == 1);
  const auto told = notices();
  watch = make_watch();
  pass_minute(400);
  CHECK(measures().size() == 1);
  CHECK(measures()[0].ended_as.empty());
  CHECK(notices() == told);
  for (int i = 0; i < 30; ++i) pass_minute(1);
  CHECK(measures()[0].ended_as == "cured");
}

TEST_CASE_FIXTURE(Street, "a time without a server is unknown, not quiet") {
  REQUIRE(watch->watch());
  signal = {.overdue = 500};
  for (int i = 0; i < 3; ++i) pass_minute(400);
  watch.reset();
  clock.advance_ms(20 * minute_ms);
  watch = make_watch();
  REQUIRE(watch->watch());
  CHECK(measures()[0].ended_as.empty());  // fifteen calm minutes would have ended it
}

TEST_CASE_FIXTURE(Street, "messages are counted from the event log by channel, way and minute; notes are not") {
  for (int i = 0; i < 3; ++i) {
    must(at->database().write([&](store::Transaction& tx) -> Result<conversations::Appended> {
      TRY(const auto contact,
          conversations::identify_contact(tx, {.workspace = shop, .kind = "email", .address_key = "zoe@x.example"}));
      conversations::NewInbound inbound{.workspace = shop, .channel = channel, .channel_kind = "email"};
      inbound.id = MessageId::make(clock);
      inbound.contact = contact;
      inbound.text = "Hello";
      inbound.sent_at = inbound.received_at = clock.now();
      return conversations::append_inbound(tx, inbound);
    }));
  }
  REQUIRE(watch->catch_up());
  const auto minute = clock.now().ms / minute_ms;
  const auto counts = must(
      at->database().query([&](store::Session& session) { return policy::traffic_between(session, minute, minute); }));
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].messages == 3);
  CHECK(counts[0].key.channel == channel);
  CHECK(counts[0].key.way == policy::Way::inbound);
}

// What this process wrote to its standard error while `act` ran.
template <class Act>
std::string logged_by(const store::TemporaryFolder& folder, Act act) {
  const auto path = folder.path() + "/log";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const int kept = ::dup(STDERR_FILENO);
  REQUIRE(::dup2(file, STDERR_FILENO) == STDERR_FILENO);
  act();
  REQUIRE(::dup2(kept, STDERR_FILENO) == STDERR_FILENO);
  ::close(file);
  ::close(kept);
  std::ifstream read(path);
  return {std::istreambuf_iterator<char>(read), {}};
}

TEST_CASE("all controls pass their self-tests, and what those stage leaves no trace in the log and none in later ids") {
  const store::TemporaryFolder folder;
  const SystemClock clock;
  std::vector<policy::ControlTest> tests;
  const auto log = logged_by(folder, [&] { tests = must(run_self_tests(clock)); });
  CHECK_FALSE(tests.empty());
  for (const auto& test : tests) {
    CAPTURE(test.control);
    CHECK(test.detail == "");
  }
  CHECK(log == "");
  CHECK(MessageId::make(clock) < MessageId::make(FakeClock{clock.now() + 60'000}));
}

TEST_CASE("a server that stops waits for no self-test") {
  std::stop_source stopping;
  stopping.request_stop();
  CHECK(must(run_self_tests(SystemClock{}, nullptr, stopping.get_token())).empty());
}

}  // namespace
}  // namespace answerable::app
