// Messages made to cost more than they weigh: what each of them takes, in a process of its own. The test prints the
// most memory beyond the message itself, and the most processor time, of all of them.
#include <doctest/doctest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/utf8.h"
#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr bool is_instrumented = true;  // memory means nothing here, and time is some ten times longer
#else
constexpr bool is_instrumented = false;
#endif

constexpr std::size_t million = 1'000'000;
constexpr long most_memory_kb = 64L * 1024;
constexpr double most_seconds = is_instrumented ? 20.0 : 1.0;

const std::string start = "From: a@example.org\nSubject: hostile\n";

std::string times(std::size_t count, std::string_view piece) {
  std::string out;
  out.reserve(count * piece.size());
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

std::string numbered(std::size_t count, const std::function<std::string(const std::string&)>& piece) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += piece(std::to_string(i));
  return out;
}

std::string nested_multiparts(std::size_t depth) {
  return start + numbered(depth, [](const std::string& n) {
           return "Content-Type: multipart/mixed; boundary=b" + n + "\n\n--b" + n + "\n";
         });
}

std::string html(const std::string& content) { return start + "Content-Type: text/html\n\n" + content; }
std::string base64_part(const std::string& type, const std::string& content) {
  return start + "Content-Type: " + type + "\nContent-Transfer-Encoding: base64\n\n" + to_base64(content);
}

// A BinHex file whose header promises 200 MB, which its runs give: 765 bytes for eight characters.
std::string binhex_bomb(std::size_t characters) {
  return start + "Content-Type: application/mac-binhex40; name=a.hqx\n\n" +
         "(This file must be converted with BinHex 4.0)\n\n:" + "!@%!9%9B9(4dH(3!!![V`J#3\"66X" +
         times(characters / 8, "N2q3rj$r");
}

struct Hostile {
  const char* name;
  std::function<std::string()> make;
};

std::vector<Hostile> hostile_structures() {
  return {
      {"100,000 multiparts in each other", [] { return nested_multiparts(100'000); }},
      {"100,000 mails in each other", [] { return start + times(100'000, "Content-Type: message/rfc822\n\n"); }},
      {"1,000,000 header fields", [] { return times(million, "X-Field: value\n") + "\nbody\n"; }},
      {"1,000,000 empty parts",
       [] { return start + "Content-Type: multipart/mixed; boundary=b\n\n" + times(million, "--b\n\n"); }},
      {"a header field of 20 MB", [] { return "Subject: " + std::string(20 * million, 's') + "\n\nbody\n"; }},
      {"1,000,000 recipients", [] { return "To: " + times(million, "<a@b.example>,") + "\n\nbody\n"; }},
      {"1,000,000 open comments in an address", [] { return "From: " + times(million, "(") + "\n\nbody\n"; }},
      {"1,000,000 encoded words", [] { return "Subject: " + times(million, "=?utf-8?Q?a?= ") + "\n\nbody\n"; }},
      {"1,000,000 parameters of a type",
       [] { return start + "Content-Type: text/plain" + times(million, "; name*1*=a") + "\n\nbody\n"; }},
      {"1,000,000 parameters of a part",
       [] {
         return start + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment" +
                times(million, "; filename*1*=a") + "\n\nbody\n--b--\n";
       }},
      {"a mail within with 1,000,000 recipients",
       [] { return start + "Content-Type: message/rfc822\n\nTo: " + times(million, "a,") + "\n\nbody\n"; }},
      {"40 mails within with 30,000 recipients each",
       [] {
         return start + "Content-Type: multipart/mixed; boundary=b\n\n" +
                times(40, "--b\nContent-Type: message/rfc822\n\nTo: " + times(30'000, "a,") + "\n\nbody\n");
       }},
      {"40 parts with 4,000 parameters each",
       [] {
         return start + "Content-Type: multipart/mixed; boundary=b\n\n" +
                times(40, "--b\nContent-Disposition: attachment" + times(4'000, "; filename*1*=a") + "\n\nbody\n");
       }},
      {"1,000,000 parts whose boundary is not declared",
       [] {
         return start + "Content-Type: multipart/mixed; boundary=c\n\n" + times(million, "--b\nContent-Type: a/b\n\n");
       }},
      {"100,000 attachments without a name",
       [] {
         return start + "Content-Type: multipart/mixed; boundary=b\n\n" +
                times(100'000, "--b\nContent-Type: image/png\n\nx\n");
       }},
  };
}

std::vector<Hostile> hostile_content() {
  return {
      {"20 MB of text in base64", [] { return base64_part("text/plain", times(million, "text that goes on \n")); }},
      {"20 MB attached in base64", [] { return base64_part("application/pdf", std::string(20 * million, 'p')); }},
      {"20 MB of text in one line", [] { return start + "\n" + std::string(20 * million, 'x'); }},
      {"20 MB of NUL", [] { return start + "\n" + std::string(20 * million, '\0'); }},
      {"20 MB with bare CR as line ends", [] { return times(million, "X: 2345678901234567\r") + "\rbody\r"; }},
      {"20 MB of Chinese that is not declared", [] { return start + "\n" + times(5 * million, "\xC4\xE3\xBA\xC3"); }},
      {"20 MB of escapes in UTF-7",
       [] { return start + "Content-Type: text/plain; charset=utf-7\n\n" + times(4 * million, "+AGE-"); }},
      {"shifts of ISO-2022-JP without a letter",
       [] { return start + "Content-Type: text/plain; charset=iso-2022-jp\n\n" + times(3 * million, "\x1B$B\x1B(B"); }},
      {"1,000,000 nested quotes", [] { return start + "\n" + times(million, "> "); }},
      {"1,000,000 quoted lines", [] { return start + "\n" + times(million, "> On Monday you wrote:\n"); }},
      {"1,000,000 files that begin and never end", [] { return start + "\n" + times(million, "begin 644 a.txt\n"); }},
      {"uuencode in uuencode", [] { return start + "\n" + times(million, "begin 644 a\n#0V%T\n`\nend\n"); }},
      {"yEnc of 20 MB",
       [] { return start + "\n=ybegin size=9 name=a\n" + std::string(20 * million, 'y') + "\n=yend size=9\n"; }},
      {"runs of BinHex", [] { return binhex_bomb(8 * million); }},
      {"a calendar of 1,000,000 events",
       [] {
         return start + "Content-Type: text/calendar\n\n" + times(million, "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n");
       }},
      {"a calendar of one folded line",
       [] { return start + "Content-Type: text/calendar\n\nSUMMARY:x" + times(5 * million, "\n x"); }},
  };
}

std::vector<Hostile> hostile_html_and_files() {
  return {
      {"100,000 elements in each other", [] { return html(times(100'000, "<div>")); }},
      {"100,000 links that cross bold text", [] { return html(times(100'000, "<a><b><i>")); }},
      {"100,000 tables in cells", [] { return html(times(100'000, "<table><tr><td>")); }},
      {"100,000 attributes",
       [] { return html("<p " + numbered(100'000, [](const auto& n) { return "a" + n + "=1 "; }) + ">x"); }},
      {"a style of 2 MB", [] { return html("<p style=\"" + times(200'000, "color:red;") + "\">x</p>"); }},
      {"2 MB of entities", [] { return html(times(400'000, "&amp;")); }},
      {"20 MB of HTML", [] { return html(times(million, "<p>text that goes on</p>")); }},
      {"comments that never end", [] { return html(times(500'000, "<!--")); }},
      {"S/MIME in S/MIME without end",
       [] { return base64_part("application/pkcs7-mime", times(million, "\x30\x80\x06\x01")); }},
      {"TNEF of 1,000,000 attributes",
       [] {
         return base64_part(
             "application/ms-tnef",
             "\x78\x9F\x3E\x22\x01\x00"s + times(million, "\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00"sv));
       }},
      {"a report about 1,000,000 recipients",
       [] {
         return start +
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
                "Content-Type: message/delivery-status\n\n" +
                times(million, "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n") + "--b--\n";
       }},
  };
}

std::vector<Hostile> all_hostile() {
  auto all = hostile_structures();
  for (auto& hostile : hostile_content()) all.push_back(std::move(hostile));
  for (auto& hostile : hostile_html_and_files()) all.push_back(std::move(hostile));
  return all;
}

struct Cost {
  long memory_kb = 0;  // beyond what the process had with the message in it
  double seconds = 0;
  bool finished = false;
};

// Of /proc/self/status, in kB. The largest size so far can be forgotten, which that of getrusage cannot.
long memory_kb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (long value = 0; word == name && status >> value) return value;
  return 0;
}

void forget_largest() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;
}

double seconds_of(const rusage& usage) {
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Cost measure_here(const std::string& mail) {
  rusage before{}, after{};
  forget_largest();
  auto memory = memory_kb("VmRSS:");
  getrusage(RUSAGE_SELF, &before);
  auto message = parse_message(mail);
  getrusage(RUSAGE_SELF, &after);
  return {memory_kb("VmHWM:") - memory, seconds_of(after) - seconds_of(before), is_valid_utf8(message.text)};
}

// In a child, so that the memory of one is not hidden by what another had.
Cost measure(const Hostile& hostile) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  std::fflush(nullptr);
  auto child = fork();
  if (child == 0) {
    auto cost = measure_here(hostile.make());
    auto written = write(ends[1], &cost, sizeof cost);
    _exit(written == sizeof cost ? 0 : 1);
  }
  close(ends[1]);
  Cost cost;
  auto got = read(ends[0], &cost, sizeof cost);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (got != static_cast<ssize_t>(sizeof cost)) cost = {};
  return cost;
}

}  // namespace

TEST_CASE("no message costs more than 64 MB beyond itself, and a second") {
  auto all = all_hostile();
  Cost most;
  const char* largest = "";
  const char* slowest = "";
  for (const auto& hostile : all) {
    CAPTURE(hostile.name);
    auto cost = measure(hostile);
    CHECK(cost.finished);
    if (!is_instrumented) CHECK(cost.memory_kb <= most_memory_kb);
    CHECK(cost.seconds <= most_seconds);
    if (std::getenv("ANSWERABLE_TEST_VERBOSE") != nullptr)
      std::printf("hostile, %-42s %6ld KB %6.3f s\n", hostile.name, cost.memory_kb, cost.seconds);
    if (cost.memory_kb > most.memory_kb) most.memory_kb = cost.memory_kb, largest = hostile.name;
    if (cost.seconds > most.seconds) most.seconds = cost.seconds, slowest = hostile.name;
  }
  std::printf("hostile mails: %zu; most memory %ld KB (%s), most time %.3f s (%s)%s\n", all.size(), most.memory_kb,
              largest, most.seconds, slowest, is_instrumented ? ", under sanitizers" : "");
}
