// What an arriving mail costs the server itself: from its bytes to the message, without sockets and search index, so
// that valgrind can count the instructions (`valgrind --tool=callgrind`, a copy without debug symbols: strip -g).
// Method: a demo installation on disk; mails of letters.h go to the intake as the LMTP listener hands them over, 200 of
// them on their way at any time, so that commits are groups. Processor time is that of the whole process.
//   bench_app_mail [html|plain] [mails, default 20000]
#include <fmt/core.h>

#include <cstdlib>
#include <semaphore>
#include <string>
#include <vector>

#include "app/installation.h"
#include "app/set_up.h"
#include "base/ensure.h"
#include "base/log.h"
#include "channels/email/check_sender.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "letters.h"
#include "mark.h"
#include "store/testing.h"

using namespace answerable;

namespace {

constexpr int waiting = 200;  // mails at a time
constexpr const char* demo_address = "support@demo.example";

std::vector<std::string> make_mails(bool is_plain, int first, int count) {
  const bench::Letters letters{demo_address, is_plain};
  std::vector<std::string> mails;
  for (int i = first; i < first + count; ++i)
    mails.push_back(letters.make(i / bench::messages_each, i % bench::messages_each));
  return mails;
}

void send(intake::Intake& intake, const intake::Channel& channel, const Clock& clock, std::vector<std::string> mails) {
  std::counting_semaphore<> room(waiting);
  for (auto& mail : mails) {
    auto arrival = channels::mail_arrival(channel, std::move(mail), clock.now());
    arrival.envelope_from = "person@example.com";
    arrival.envelope_to = {std::string(demo_address)};
    arrival.peer = "127.0.0.1";
    room.acquire();
    intake.accept(std::move(arrival), nullptr, [&room](const Status& status) {
      ensure(status.has_value(), "accepted");
      room.release();
    });
  }
  intake.wait_until_idle();
}

}  // namespace

int main(int argc, char** argv) {
  log::configure(log::Level::error, log::Format::text);
  const bool is_plain = argc > 1 && std::string_view(argv[1]) == "plain";
  const int count = argc > 2 ? std::atoi(argv[2]) : 20'000;
  const store::TemporaryFolder folder(true);
  app::Configuration configuration;
  configuration.data_dir = folder.path() + "/data";
  const SystemClock clock;
  auto opened = app::Installation::open(configuration, clock, app::Opening::create);
  ensure(opened.has_value(), "an installation");
  auto& installation = **opened;
  ensure(app::set_up_demo(installation).has_value(), "a demo");
  intake::ChannelDirectory directory(installation.keys().channel_secrets);
  ensure(directory.refresh(installation.database()).has_value(), "its channels");
  const auto channel = directory.find_by_address(demo_address);
  ensure(channel != nullptr, "its mail channel");
  auto intake =
      intake::Intake::make({installation.database(), installation.blobs(), directory, clock, installation.metrics()});
  intake->normalise_with(
      "email",
      channels::normalise_mail_with(installation.keys().reply_tokens,
                                    channels::check_sender_with({directory, nullptr, bench::authserv_id}), &directory));
  ensure(intake->start().has_value(), "start");
  send(*intake, *channel, clock, make_mails(is_plain, 0, 200));  // prepares the statements
  auto mails = make_mails(is_plain, 1'000, count);
  const auto bytes = mails.front().size();
  const auto start = now();
  send(*intake, *channel, clock, std::move(mails));
  const auto end = now();
  const auto conversations = installation.database().query(
      [](store::Session& session) { return session.number("select count(*) from conversations", {}); });
  fmt::print("{} {} mails of {} bytes, {} conversations: {:.0f} a second, {:.3f} ms of processor time each\n", count,
             is_plain ? "plain" : "HTML", bytes, conversations.value(), count / (end.wall_s - start.wall_s),
             (end.cpu_s - start.cpu_s) / count * 1e3);
  intake->stop();
}
