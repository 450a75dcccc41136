// A report that mail of ours did not arrive (RFC 3464 and the undisciplined ones) closes the delivery. It must name a
// Message-ID of ours in full: that holds a signed token, so only who has seen the mail can. A report about anything
// else is an ordinary message.
#include "conversations/undelivered.h"
#include "intake/receive.h"
#include "outbox/deliveries.h"
#include "outbox/settle.h"

namespace answerable::intake {

StepResult recognise_bounce(Receiving& receiving) {
  const auto& message = receiving.in.message;
  if (!message.is_bounce) return std::nullopt;
  for (const auto& id : message.bounced_message_ids) {
    TRY(auto sent, outbox::find_sent(receiving.tx, receiving.in.arrival.workspace, id));
    if (!sent) continue;
    const auto& detail = message.bounce_detail.empty() ? message.subject : message.bounce_detail;
    const auto workspace = receiving.in.arrival.workspace;
    TRY(const bool is_news,
        outbox::record_bounce(receiving.tx, workspace, sent->message, detail, message.bounced_recipients));
    if (is_news) TRY_STATUS(conversations::open_undelivered(receiving.tx, workspace, sent->message));
    return Disposition::bounce_recorded;
  }
  return std::nullopt;
}

}  // namespace answerable::intake
