// Mail in: senders over LMTP on loopback to committed, parsed, threaded, with event and ledger entry, on a durable
// SQLite database. Usage: bench_channels_mail_in [MESSAGES [SENDERS [IN_FLIGHT [FOLDER [KIND]]]]]. Each sender keeps
// IN_FLIGHT messages on their way (CHUNKING and PIPELINING). Processor time is that of the whole process without the
// senders' threads. FOLDER is on a real disk.
#include <fcntl.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "channels/email/lmtp_listener.h"
#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "channels/testing.h"
#include "intake/testing.h"

namespace answerable {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Setup {
  explicit Setup(const std::string& folder) : folder_path(folder + "/answerable-bench-" + std::to_string(getpid())) {
    ensure(std::system(("mkdir -p " + folder_path).c_str()) == 0, "the folder can be made");
    auto opened = store::Database::open({.location = folder_path + "/mail.db"}, clock, metrics);
    ensure(opened.has_value(), "the database opens");
    database = *std::move(opened);
    std::vector<store::Migration> all;
    for (auto part : {cluster::schema(), audit::schema(), access::schema(), policy::schema(), outbox::schema(),
                      conversations::schema(), intake::schema(), channels::schema()})
      all.insert(all.end(), part.begin(), part.end());
    ensure(database->migrate(all).has_value(), "the schema is applied");
    blobs = *store::open_blobs(folder_path + "/blobs", key);
    intake = intake::Intake::make({*database, *blobs, directory, clock, metrics}, {});
    intake->normalise_with("email", channels::normalise_mail_with(key));
    auto actor = access::system_actor(WorkspaceId::make(clock));
    actor.role = access::Role::administrator;
    intake::NewChannel input{"email", "Support", "help@example.org", {}, "{}", {}};
    auto made =
        database->write([&](store::Transaction& tx) { return intake::create_channel(tx, directory, actor, input); });
    ensure(made.has_value() && intake->start().has_value(), "the intake starts");
  }
  ~Setup() {
    intake->stop();
    database->close();
    (void)std::system(("rm -rf " + folder_path).c_str());
  }
  std::string folder_path;
  std::string key = std::string(32, 'k');
  SystemClock clock;
  Metrics metrics;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Blobs> blobs;
  intake::ChannelDirectory directory{key};
  std::unique_ptr<intake::Intake> intake;
};

bool plain_only = false;

// 3.4 KB: plain text and HTML or plain text only, from one of 500 people; every fourth answers a mail that was sent
// before.
std::string make_mail(int sender, int number) {
  auto id = [&](int n) { return std::to_string(sender) + "." + std::to_string(n) + "@example.com"; };
  auto from = "person" + std::to_string((sender * 31 + number / 4) % 500) + "@example.com";
  std::string text;
  for (int line = 0; line < 14; ++line)
    text += "Line " + std::to_string(line) + " of a letter about lanterns, number " + std::to_string(number) + ".\r\n";
  std::string html;
  for (int line = 0; line < 22; ++line)
    html += "<p style=\"margin:0\">Line " + std::to_string(line) +
            " of a <b>letter</b> about <a href=\"https://example.com/\">lanterns</a></p>\r\n";
  std::string head =
      "Received: from mx.example.com (mx.example.com [192.0.2.1]) by mail.example.org; Tue, 24 Nov 2026 02:00:00 "
      "+0000\r\n"
      "From: A Person <" +
      from +
      ">\r\nTo: help@example.org\r\nSubject: A question about lanterns\r\n"
      "Date: Tue, 24 Nov 2026 02:00:00 +0000\r\nMessage-ID: <" +
      id(number) + ">\r\n";
  if (number % 4 == 3) head += "In-Reply-To: <" + id(number - 3) + ">\r\nReferences: <" + id(number - 3) + ">\r\n";
  if (plain_only) return head + "\r\n" + text + text + text + text;
  return head +
         "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
         "charset=utf-8\r\n\r\n" +
         text + "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "--b--\r\n";
}

struct Sent {
  std::atomic<int> acknowledged{0};
  std::atomic<std::int64_t> cpu_us{0};
};

void send_all(std::uint16_t port, int sender, int messages, int in_flight, Sent& sent) {
  auto peer = channels::TestSocket::connect(port);
  peer.read_until("\r\n");
  peer.send("LHLO bench\r\n");
  peer.read_until("ENHANCEDSTATUSCODES\r\n");
  int waiting = 0;
  auto settle = [&] {
    for (auto line = peer.read_until("\r\n"); !line.empty(); line = peer.read_until("\r\n")) {
      if (line.find("Stored") == std::string::npos) continue;
      sent.acknowledged.fetch_add(1);
      --waiting;
      return;
    }
    waiting = 0;
  };
  for (int number = 0; number < messages; ++number) {
    auto mail = make_mail(sender, number);
    peer.send("MAIL FROM:<person@example.com>\r\nRCPT TO:<help@example.org>\r\nBDAT " + std::to_string(mail.size()) +
              " LAST\r\n" + mail);
    if (++waiting >= in_flight) settle();
  }
  while (waiting > 0) settle();
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  sent.cpu_us += used.tv_sec * 1'000'000 + used.tv_nsec / 1'000;
}

double fdatasyncs_a_second(const std::string& folder) {
  auto path = folder + "/sync-probe";
  int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  std::string page(4096, 'x');
  auto start = Clock::now();
  int count = 0;
  for (; seconds_since(start) < 1.0; ++count)
    if (pwrite(fd, page.data(), page.size(), (count % 1000) * 4096) < 0 || fdatasync(fd) != 0) break;
  close(fd);
  unlink(path.c_str());
  return count / seconds_since(start);
}

std::int64_t figure(const Metrics& metrics, std::string_view name) {
  auto text = metrics.text();
  auto at = text.find("\n" + std::string(name) + " ");
  return at == std::string::npos ? 0 : std::atoll(text.c_str() + at + name.size() + 2);
}

int run(int messages, int senders, int in_flight, const std::string& folder) {
  Setup setup(folder);
  net::EventLoop loop;
  auto listener =
      channels::LmtpListener::start({loop, *setup.intake, setup.directory, setup.clock, setup.metrics}, {}, {});
  ensure(listener.has_value(), "the listener starts");
  auto syncs = fdatasyncs_a_second(setup.folder_path);
  auto commits_before = figure(setup.metrics, "answerable_store_commits_total");
  Sent sent;
  auto cpu_before = cpu_seconds(RUSAGE_SELF);
  auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender)
    threads.emplace_back([&, sender] { send_all((*listener)->port(), sender, messages / senders, in_flight, sent); });
  for (auto& thread : threads) thread.join();
  auto acknowledged_s = seconds_since(start);
  setup.intake->wait_until_idle();
  auto visible_s = seconds_since(start);
  auto cpu = cpu_seconds(RUSAGE_SELF) - cpu_before - static_cast<double>(sent.cpu_us) / 1e6;
  auto commits = figure(setup.metrics, "answerable_store_commits_total") - commits_before;
  auto stored =
      setup.database->query([](store::Session& session) { return session.number("select count(*) from messages"); });
  auto total = sent.acknowledged.load();
  std::printf("mail in: %d messages (%s) of %zu bytes, %d senders, %d in flight each, SQLite synchronous=FULL in %s\n",
              total, plain_only ? "plain" : "html", make_mail(1, 7).size(), senders, in_flight, folder.c_str());
  std::printf("  acknowledged      %8.0f messages/s\n", total / acknowledged_s);
  std::printf("  visible           %8.0f messages/s (parsed, threaded, event and ledger written)\n", total / visible_s);
  std::printf("  processor time    %8.3f ms a message (without the senders' threads)\n", cpu * 1e3 / total);
  std::printf("  commits           %8lld, %.1f messages each (each message needs two jobs)\n",
              static_cast<long long>(commits),
              commits > 0 ? static_cast<double>(total) / static_cast<double>(commits) : 0.0);
  std::printf("  limit: fdatasync  %8.0f /s alone on the same disk\n", syncs);
  std::printf("  messages stored   %8lld of %d acknowledged\n", static_cast<long long>(stored.value_or(-1)), total);
  (*listener)->stop(1'000);
  return stored.value_or(-1) == total ? 0 : 1;
}

}  // namespace
}  // namespace answerable

int main(int count, char** words) {
  answerable::plain_only = count > 5 && std::string_view(words[5]) == "plain";
  auto number = [&](int at, int usual) { return count > at ? std::atoi(words[at]) : usual; };
  return answerable::run(number(1, 40'000), number(2, 16), number(3, 16), count > 4 ? words[4] : "/var/tmp");
}
