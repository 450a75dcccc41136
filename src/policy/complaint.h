// Complaints of third parties about content ("notice and action"): made on a public page, acknowledged by mail with a
// number and a link that shows what became of it, decided by an operator with reasons for both sides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::policy {

using ComplaintId = Id<struct ComplaintTag>;

inline constexpr std::size_t complaint_name_bytes_max = 200;
inline constexpr std::size_t complaint_object_bytes_max = 1'000;
inline constexpr std::size_t complaint_text_bytes_max = 8'000;
inline constexpr std::size_t complaint_reasons_bytes_max = 4'000;
inline constexpr std::int64_t complaints_of_peer_an_hour_max = 10;
inline constexpr std::int64_t complaints_of_address_a_day_max = 5;  // so that nobody is written to by our form
inline constexpr std::int64_t complaints_a_day_max = 1'000;
inline constexpr int complaints_shown_max = 200;  // in one list

struct NewComplaint {
  std::string name;      // may be empty
  std::string address;   // for the acknowledgement and the decision
  std::string object;    // what is complained of: a Message-ID, an address, a date
  std::string text;      // why it is unlawful
  std::string language;  // "en" or "fr"
  bool is_in_good_faith = false;
  std::string peer;  // a keyed hash of the network address, to count by
};

// "nothing": it is not unlawful; "removed": it was taken down; "measure": a measure was taken.
struct Complaint {
  ComplaintId id;
  std::int64_t number = 0;
  std::string name, address, object, text, language;
  Time made_at;
  std::optional<Time> decided_at;
  std::string outcome;  // empty while it waits
  std::string reasons;
  WorkspaceId workspace;  // that it concerned; nil: none
};

struct Filed {
  Complaint complaint;
  std::string token;  // for the link; only its hash is kept
};

// `link`: what the token is appended to. Errors: invalid "bad_complaint_" and the field (name, address, object, text,
// faith); limited
// "too_many_complaints".
Result<Filed> file_complaint(store::Transaction& tx, const NewComplaint& complaint, std::string_view link);
// Errors: not_found "complaint_unknown".
Result<Complaint> load_complaint(store::Session& session, std::string_view token);
// Those that wait first, oldest first; then the newest. Errors: denied.
Result<std::vector<Complaint>> complaints(store::Session& session, const access::Actor& by);

struct ComplaintDecision {
  ComplaintId complaint;
  std::string outcome, reasons;
  WorkspaceId workspace;  // is told the same reasons, without who complained; nil: nobody is
};
// Ledger "complaint.decide". Errors: denied; invalid "bad_decision"; not_found "complaint_unknown"; conflict
// "complaint_decided".
Result<Complaint> decide_complaint(store::Transaction& tx, const access::Actor& by, const ComplaintDecision& decision);

}  // namespace answerable::policy
