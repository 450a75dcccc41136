// TXT records by the DNS (c-ares): bounded in time and memory, cached. For worker threads: a question blocks until it
// is answered or given up. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::net {

struct TxtAnswer {
  enum class Outcome : std::uint8_t {
    found,
    absent,  // no such name, or no TXT record of it
    failed,  // no answer in time, or a server that cannot say
  };
  Outcome outcome = Outcome::failed;
  std::vector<std::string> records;  // the strings of one record joined; any bytes
};

struct DnsOptions {
  std::string servers;                      // "127.0.0.1:5353,[::1]:53"; empty: those of /etc/resolv.conf
  std::int64_t question_ms_max = 2'000;     // one question, with its repetitions
  std::int64_t keep_ms = 300'000;           // what was found or is absent is not asked again for so long
  std::int64_t keep_failed_ms = 30'000;     // nor what failed
  std::size_t kept_bytes_max = 8UL << 20;   // of all that is kept; beyond it all is forgotten
  std::size_t record_bytes_max = 8 * 1024;  // a longer record is left out
  std::size_t records_max = 20;             // of one name; further ones are left out
  // Waiting for answers that do not come: so much, and full again after a minute of the clock. When it is used up,
  // questions that are not in the cache fail at once: neither a dead server nor a stranger's slow one holds up mail.
  std::int64_t patience_ms = 10'000;
};

class TxtResolver {
 public:
  virtual ~TxtResolver() = default;
  virtual TxtAnswer find_txt(const std::string& name) = 0;
};

// Errors: invalid "dns_servers" for a list that cannot be read. `clock` outlives it.
Result<std::unique_ptr<TxtResolver>> make_txt_resolver(const DnsOptions& options, const Clock& clock);

}  // namespace answerable::net
