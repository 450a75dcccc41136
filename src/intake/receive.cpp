#include "intake/receive.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "intake/completeness.h"
#include "intake/quarantine.h"
#include "intake/spool.h"

namespace answerable::intake {

namespace {

// The order is the rule. Malware was looked for before (scan.h), for a scanner has no place in a transaction.
constexpr std::array<Step, 10> steps{
    recognise_duplicate,  // copies of what we have
    recognise_bounce,     // reports about mail of ours
    recognise_loop,       // our own words coming back, and robots talking to robots
    judge,                // may this channel receive
    judge_content,        // what the rules on content say of it
    match_conversation,   // where it belongs
    recognise_copy,       // is it there already, by another channel
    identify_contact,     // who wrote it
    append,               // the message
    acknowledge,          // an automatic word that it is here, where the channel gives one
};

Status quarantine(store::Transaction& tx, const Prepared& prepared, const std::string& reason,
                  const std::string& detail) {
  Quarantined entry;
  entry.id = prepared.spool;
  entry.channel = prepared.arrival.channel;
  entry.received_at = prepared.arrival.received_at;
  entry.size = prepared.size;
  entry.reason = reason;
  entry.detail = one_line(detail, 1'000);
  entry.sender = one_line(
      prepared.message.from.address.empty() ? prepared.arrival.envelope_from : prepared.message.from.address, 320);
  entry.subject = one_line(prepared.message.subject, 300);
  if (prepared.encrypted_raw)
    TRY_STATUS(move_raw_to_blob(tx, prepared.arrival.workspace, prepared.spool, *prepared.encrypted_raw));
  return insert_quarantine(tx, prepared.arrival.workspace, entry);
}

void count(const store::Session& tx, const Prepared& prepared, Disposition disposition) {
  const auto now = tx.now();
  auto lag_ms = std::max<std::int64_t>(0, now.ms - prepared.arrival.received_at.ms);
  const auto& arrival = prepared.arrival;
  count_outcome(arrival.workspace, arrival.channel, {disposition, arrival.received_at, lag_ms});
  if (is_replay(prepared)) return;  // its time is not the channel's fault
  count_delay(arrival.workspace, arrival.channel, {Stage::to_visible, lag_ms, now});
  if (arrival.source_at)
    count_delay(arrival.workspace, arrival.channel,
                {Stage::to_stored, arrival.received_at.ms - arrival.source_at->ms, now});
}

}  // namespace

Result<Received> receive(store::Transaction& tx, const Prepared& prepared) {
  Received received;
  TRY(auto is_first, settle(tx, prepared.arrival.workspace, prepared.spool));
  if (!is_first) {
    received.was_settled_before = true;
    return received;
  }
  Receiving receiving{tx, prepared, {}, {}, {}, {}, std::nullopt, prepared.unusable_reason, prepared.unusable_detail};
  std::optional<Disposition> end;
  if (!prepared.unusable_reason.empty()) end = Disposition::quarantined;
  for (auto step = steps.begin(); !end && step != steps.end(); ++step) {
    TRY(end, (*step)(receiving));
  }
  received.disposition = end.value_or(Disposition::appended);
  if (received.disposition == Disposition::quarantined || received.disposition == Disposition::loop_stopped)
    TRY_STATUS(quarantine(tx, prepared, receiving.reason, receiving.detail));
  count(tx, prepared, received.disposition);
  received.appended = receiving.appended;
  return received;
}

}  // namespace answerable::intake
