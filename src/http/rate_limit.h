// How often one may ask: each credential (without one: each address) and each workspace as a whole has a rate for each
// class of routes; and the headers that say so (draft-ietf-httpapi-ratelimit-headers-11). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "access/actor.h"
#include "base/rate_limiter.h"
#include "net/http.h"
#include "policy/allowance.h"

namespace answerable::http {

enum class RateClass : std::uint8_t { read, write, search, upload, sign_in, exporting };
std::string_view to_string(RateClass rate_class);

// Requests in a minute of one credential. Generous: they stop a program that runs wild, not people, and not a bulk
// import.
struct RateLimits {
  std::int64_t read = 1'200'000;
  std::int64_t write = 120'000;
  std::int64_t search = 60'000;
  std::int64_t upload = 6'000;
  std::int64_t exporting = 600;
  std::int64_t sign_in = 300;  // by network address; guessing passwords is slowed down elsewhere (access/throttle.h)
  std::int64_t workspace_times = 4;  // a workspace as a whole has so many times as much, unless its agreement says else
};

// What one request was told.
struct RateAnswer {
  RateClass rate_class = RateClass::read;
  RateVerdict own;                       // of the credential, or of the address
  std::optional<RateVerdict> workspace;  // as a whole
  std::string_view refusal;              // why not, for people; empty: it may

  bool is_allowed() const { return refusal.empty(); }
  std::int64_t wait_ms() const;
};

// Who asks. An unknown one (also with a wrong credential) counts for his network address.
struct Asker {
  const access::Actor* actor = nullptr;
  std::string_view address_key;
};

class RateGuard {
 public:
  RateGuard(const Clock& clock, RateLimits limits) : limits_(limits), limiter_(clock) {}
  // `allowance`: of the actor's workspace; must live as long as the answer is used. What is refused counts for nothing.
  RateAnswer take(RateClass rate_class, const Asker& asker, const policy::Allowance& allowance);
  // One message on a live connection.
  bool take_message(const access::Actor& actor);

 private:
  const RateLimits limits_;
  RateLimiter limiter_;
};

void add_rate_headers(net::Headers& headers, const RateAnswer& answer);

}  // namespace answerable::http
