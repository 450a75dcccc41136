// Watches what is refused and what is read, at the one place through which every request goes (guard.cpp), and answers
// it: whoever attempts what is restricted is slowed down (watch.cpp); whose code seems to be shared, or reads more than
// its role, is asked again who it is (watch_use.cpp). What is found goes to policy/finding.h.
//
// A request with a session or key that holds is counted and slowed down by that credential; all others by their network
// (/24 or /64). So nobody who is signed in waits for a stranger, and neither does a device on which somebody has signed
// in before. The machine itself is watched and never slowed down: it may be a proxy that does not say for whom it asks.
#pragma once

#include <string>
#include <string_view>

#include "access/attempts.h"
#include "access/bulk_reading.h"
#include "access/code_use.h"
#include "access/step_up_asked.h"
#include "http/route.h"
#include "http/thresholds.h"
#include "policy/finding.h"

namespace answerable::http {

// Whoever is slowed down, or is asked again who it is, may still learn who it is, and leave.
bool is_always_let_in(const Needs& needs);
// "198.51.100.0/24", "2001:db8:1:2::/64"; what is no address stays as it is.
std::string network_of(std::string_view address);

// Thread-safe. Lives in the context, which outlives it.
class Watch {
 public:
  explicit Watch(ApiContext& api);

  // Before the act, after it is known who asks. Errors: limited "slowed_down", "reading_limited" (then the call says
  // how long); denied "step_up_required".
  Status admit(Call& call, const Guard& guard, bool is_known);
  // After it: it was refused. May read the database where a thing was asked for by its id.
  void refused(const Call& call, const Guard& guard, const Error& error);
  // Nothing was refused, but a stranger asked about the account `call.aimed_at`.
  void asked_about(const Call& call);
  void asked_for_nothing(const net::Request& request);  // a path that does not exist

 private:
  struct Source;
  static Source source_of(const Call& call);
  void note(access::Attempt kind, const Source& source, const Call& call);
  void raise(const access::Attempts::Raised& raised, const Source& source, const Call& call);
  bool is_on_known_device(const Call& call);
  Status follow(Call& call, const Guard& guard);
  void follow_code(const Call& call, const Guard& guard, const WatchLimits& limits);
  Status follow_reading(Call& call, const WatchLimits& limits);
  void ask_again(const Call& call, access::LetterKind letter, std::optional<policy::NewFinding> finding);

  ApiContext& api_;
  access::Attempts attempts_;
  access::CodeUse code_use_;
  access::BulkReading reading_;
  access::StepUpAsked asked_;
  Thresholds thresholds_;
};

}  // namespace answerable::http
