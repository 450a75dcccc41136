// Arbitrary bytes, in arbitrary pieces, to the LMTP and SMTP state machines. Whatever comes: no crash, bounded memory,
// replies in lines of printable ASCII, every message settled once, and what was consumed never depends on how the bytes
// were cut.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.h"
#include "channels/email/lmtp_protocol.h"

namespace {

using namespace answerable;
using namespace answerable::channels;

struct Host final : LmtpHost {
  Status check_recipient(std::string_view address) override {
    if (address.starts_with("n")) return fail(ErrorKind::not_found, "no_such_recipient", std::string(address));
    return {};
  }
  void deliver(std::uint64_t id, MailEnvelope envelope, std::string raw) override {
    delivered += raw;
    delivered += '\x01';
    ids.emplace_back(id, envelope.to.size());
  }
  std::string delivered;
  std::vector<std::pair<std::uint64_t, std::size_t>> ids;
};

struct Run {
  explicit Run(bool is_smtp) : protocol(options(is_smtp), host) { protocol.open(); }
  static LmtpOptions options(bool is_smtp) {
    LmtpOptions options;
    options.is_smtp = is_smtp;
    options.offers_starttls = true;
    options.message_bytes_max = 2'000;
    options.recipients_max = 3;
    options.errors_max = 10;
    options.in_flight_max = 4;
    return options;
  }
  void settle() {
    for (; settled < host.ids.size(); ++settled) {
      std::vector<Status> statuses(host.ids[settled].second);
      if (settled % 3 == 1) statuses[0] = fail(ErrorKind::unavailable, "x", "later");
      protocol.settle(host.ids[settled].first, statuses);
    }
  }
  // As the connection does: what is not consumed is offered again with what follows.
  void feed(std::string_view bytes) {
    waiting += bytes;
    while (!protocol.wants_close()) {
      auto used = protocol.feed(waiting);
      ensure(used <= waiting.size(), "not more is consumed than is there");
      waiting.erase(0, used);
      settle();
      output += protocol.take_output();
      if (protocol.take_wants_tls()) {
        waiting.clear();
        protocol.on_tls();
        ended = true;  // what came early is thrown away, so the two runs differ from here on
      }
      if (used == 0) break;
    }
    ensure(waiting.size() < 4'000, "what waits is bounded");
  }
  Host host;
  LmtpProtocol protocol;
  std::string waiting, output;
  std::size_t settled = 0;
  bool ended = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool is_smtp = (data[0] & 1) != 0;
  const std::size_t step = data[1] % 17 + 1U;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  Run whole(is_smtp);
  Run cut(is_smtp);
  for (std::size_t at = 0; at < bytes.size(); at += 1'000) whole.feed(bytes.substr(at, 1'000));
  for (std::size_t at = 0; at < bytes.size(); at += step) cut.feed(bytes.substr(at, step));
  for (const auto* run : {&whole, &cut}) {
    for (char c : run->output) ensure((c >= 0x20 && c < 0x7F) || c == '\r' || c == '\n', "replies are printable ASCII");
    ensure(run->output.empty() || run->output.ends_with("\r\n"), "replies are whole lines");
  }
  if (whole.ended || cut.ended) return 0;
  ensure(whole.host.delivered == cut.host.delivered, "the same messages however the bytes were cut");
  ensure(whole.output == cut.output, "the same replies however the bytes were cut");
  return 0;
}
