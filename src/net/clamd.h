// ClamAV's daemon, asked by INSTREAM over its socket (clamd(8)): one connection an order, so that nothing that goes
// wrong with one order is left over for the next. Blocks, at most `timeout_ms` a step. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::net {

struct ClamdOptions {
  std::string socket_path;  // of a Unix socket; empty: TCP, to `host` and `port`
  std::string host;
  std::uint16_t port = 0;
  std::int64_t timeout_ms = 60'000;  // without a word or a byte taken: a large archive needs its time
};

// "unix:/run/clamav/clamd.ctl" or "host:port". Errors: invalid "clamd_address".
Result<ClamdOptions> parse_clamd_address(const std::string& text);

// What the daemon found; nothing: the bytes are clean as far as it knows.
struct ClamdFound {
  std::string name;  // of the signature, such as "Eicar-Test-Signature"; empty: clean
};

class Clamd {
 public:
  explicit Clamd(ClamdOptions options) : options_(std::move(options)) {}

  // Errors: unavailable "scanner_unavailable" (not there, too slow, or what it says is no answer); limited
  // "scanner_too_large": more than its StreamMaxLength; internal "scanner_failed": it could not look, in its words.
  Result<ClamdFound> scan(std::string_view bytes) const;
  // "ClamAV 1.4.6/27500/Thu Nov 26 09:00:00 2026": the program, its signatures, their date. Errors: unavailable.
  Result<std::string> version() const;

 private:
  Result<std::string> order(std::string_view command, const std::string_view* stream) const;

  const ClamdOptions options_;
};

// The answer to an INSTREAM, without its end. Errors: those of Clamd::scan().
Result<ClamdFound> read_clamd_answer(std::string_view answer);

}  // namespace answerable::net
