// Sends mail over LMTP to a running server and says how fast it was acknowledged: the load of bench/spine.mjs.
//   bench_channels_load PORT RECIPIENT MESSAGES SENDERS [FIRST [html|plain]]
// Each sender is one connection that keeps 16 messages on their way (PIPELINING and CHUNKING). Mails are multipart/
// alternative of 3.4 KB; five of one person make a conversation, the later four refer to the first. FIRST is the number
// of the first conversation, so that several runs do not repeat each other. Prints one line of JSON; latency is from
// the last byte of a message to its 250.
#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <thread>

#include "channels/testing.h"

namespace answerable {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int in_flight_max = 16;
constexpr int messages_each = 5;  // of a conversation
constexpr int people = 20'000;

struct Load {
  std::uint16_t port;
  std::string recipient;
  int first = 0;
  bool is_plain = false;
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string make_mail(const Load& load, int conversation, int number) {
  auto id = [&](int n) { return fmt::format("{}.{}@example.com", conversation, n); };
  std::string text;
  for (int line = 0; line < 14; ++line)
    text += fmt::format("Line {} of a letter about order {}, the lantern and number {}.\r\n", line, conversation,
                        (conversation * 31 + number * 7 + line) % 5'000);
  std::string html;
  for (int line = 0; line < 22; ++line)
    html += fmt::format(
        "<p style=\"margin:0\">Line {} of a <b>letter</b> about <a href=\"https://example.com/\">"
        "lanterns</a></p>\r\n",
        line);
  auto refers = number == 0 ? std::string() : fmt::format("In-Reply-To: <{0}>\r\nReferences: <{0}>\r\n", id(0));
  if (load.is_plain) text = text + text + text + text;
  auto body = load.is_plain ? "\r\n" + text
                            : "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n\r\n" +
                                  text + "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "--b--\r\n";
  return fmt::format(
      "Received: from mx.example.com (mx.example.com [192.0.2.1]) by mail.example.org; Tue, 24 Nov 2026 02:00:00 "
      "+0000\r\nFrom: Person {0} <person{0}@example.com>\r\nTo: {1}\r\nSubject: A question about order {2}\r\n"
      "Date: {6:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{3}>\r\n{4}{5}",
      conversation % people, load.recipient, conversation, id(number), refers, body,
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
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
    auto mail = make_mail(load, first + number / messages_each, number % messages_each);
    peer.send(fmt::format("MAIL FROM:<person@example.com>\r\nRCPT TO:<{}>\r\nBDAT {} LAST\r\n{}", load.recipient,
                          mail.size(), mail));
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
      send_all(load, load.first + sender * (each / messages_each), each, latencies[static_cast<std::size_t>(sender)]);
    });
  for (auto& thread : threads) thread.join();
  auto seconds = ms_since(start) / 1'000;
  std::vector<double> all;
  for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
  if (all.empty()) return 1;
  std::ranges::sort(all);
  auto at = [&](double share) { return all[static_cast<std::size_t>(static_cast<double>(all.size() - 1) * share)]; };
  fmt::print("{{\"acknowledged\": {}, \"seconds\": {:.3f}, \"bytes\": {}, \"p50_ms\": {:.2f}, \"p99_ms\": {:.2f}}}\n",
             all.size(), seconds, make_mail(load, load.first, 1).size(), at(0.5), at(0.99));
  return all.size() == static_cast<std::size_t>(each) * static_cast<std::size_t>(senders) ? 0 : 1;
}

}  // namespace
}  // namespace answerable

int main(int count, char** words) {
  if (count < 5) return 2;
  auto number = [&](int at) { return count > at ? std::atoi(words[at]) : 0; };
  answerable::Load load{static_cast<std::uint16_t>(number(1)), words[2], number(5),
                        count > 6 && std::string_view(words[6]) == "plain"};
  return answerable::run(load, number(3), number(4));
}
