// Sends mail over LMTP to a running server and says how fast it was acknowledged: the load of bench/spine.mjs.
//   bench_channels_load PORT RECIPIENT MESSAGES SENDERS [FIRST [html|plain]]
// Each sender is one connection that keeps 16 messages on their way (PIPELINING and CHUNKING). The mails are those
// of letters.h. FIRST is the number of the first conversation, so that several runs do not repeat each other. Prints
// one line of JSON; latency is from the last byte of a message to its 250.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <thread>

#include "channels/testing.h"
#include "letters.h"

namespace answerable {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int in_flight_max = 16;

struct Load {
  std::uint16_t port;
  bench::Letters letters;
  int first = 0;
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One connection. `latencies` gets one entry for each message that was acknowledged, in ms.
void send_all(const Load& load, int first, int messages, std::vector<double>& latencies) {
  auto peer = channels::TestSocket::connect(load.port);
  peer.read_until("\r\n");
  peer.send("LHLO bench\r\n");
  peer.read_until("ENHANCEDSTATUSCODES\r\n");
  std::deque<Clock::time_point> waiting;
  auto settle = [&] {
    for (auto line = peer.read_until("\r\n"); !line.empty(); line = peer.read_until("\r\n")) {
      if (line.find("Stored") == std::string::npos) continue;
      latencies.push_back(ms_since(waiting.front()));
      waiting.pop_front();
      return;
    }
    waiting.clear();
  };
  for (int number = 0; number < messages; ++number) {
    auto mail = load.letters.make(first + number / bench::messages_each, number % bench::messages_each);
    peer.send(fmt::format("MAIL FROM:<person@example.com>\r\nRCPT TO:<{}>\r\nBDAT {} LAST\r\n{}",
                          load.letters.recipient, mail.size(), mail));
    waiting.push_back(Clock::now());
    if (waiting.size() >= in_flight_max) settle();
  }
  while (!waiting.empty()) settle();
}

int run(const Load& load, int messages, int senders) {
  const int each = messages / senders;
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(senders));
  auto start = Clock::now();
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender)
    threads.emplace_back([&, sender] {
      send_all(load, load.first + sender * (each / bench::messages_each), each,
               latencies[static_cast<std::size_t>(sender)]);
    });
  for (auto& thread : threads) thread.join();
  auto seconds = ms_since(start) / 1'000;
  std::vector<double> all;
  for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
  if (all.empty()) return 1;
  std::ranges::sort(all);
  auto at = [&](double share) { return all[static_cast<std::size_t>(static_cast<double>(all.size() - 1) * share)]; };
  fmt::print("{{\"acknowledged\": {}, \"seconds\": {:.3f}, \"bytes\": {}, \"p50_ms\": {:.2f}, \"p99_ms\": {:.2f}}}\n",
             all.size(), seconds, load.letters.make(load.first, 1).size(), at(0.5), at(0.99));
  return all.size() == static_cast<std::size_t>(each) * static_cast<std::size_t>(senders) ? 0 : 1;
}

}  // namespace
}  // namespace answerable

int main(int count, char** words) {
  if (count < 5) return 2;
  auto number = [&](int at) { return count > at ? std::atoi(words[at]) : 0; };
  answerable::bench::Letters letters{words[2], count > 6 && std::string_view(words[6]) == "plain"};
  answerable::Load load{static_cast<std::uint16_t>(number(1)), std::move(letters), number(5)};
  return answerable::run(load, number(3), number(4));
}
