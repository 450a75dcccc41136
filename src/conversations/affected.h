// Whose data an incident may have touched: the contacts whose data somebody read, or to whom they wrote, within a span
// of time. From the read log (access/read_log.h) and the messages; so it goes back as far as readings are kept.
#pragma once

#include <string>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::size_t affected_listed_max = 10'000;

struct AffectedWish {
  Time from, until;
  std::vector<std::string> actors;  // ids of people and keys, as the log has them; none: whoever it was
};
struct AffectedContact {
  ContactId contact;
  std::string name, address;  // of its first identity
};
struct Affected {
  std::vector<AffectedContact> items;  // by id
  std::int64_t total = 0;              // items stop at affected_listed_max
};
// Errors: denied.
Result<Affected> affected_contacts(store::Session& session, const access::Actor& by, const AffectedWish& wish);

}  // namespace answerable::conversations
