// A reply to two channels of one workspace comes twice, and both copies belong to the same conversation: there it is
// shown once. The copy was stored under the key of its own channel, so that key is asked for. (A mail that begins a
// conversation begins one in each channel: those are two desks.)
#include "conversations/match.h"
#include "conversations/origin.h"
#include "intake/prepare.h"
#include "intake/receive.h"

namespace answerable::intake {

StepResult recognise_copy(Receiving& receiving) {
  const auto& in = receiving.in;
  TRY(receiving.same_id, conversations::find_same_id(receiving.tx, in.arrival.workspace, in.message.message_id));
  if (!receiving.same_id) return std::nullopt;
  if (!in.content_key || !receiving.match.conversation || is_replay(in)) return std::nullopt;
  TRY(const auto known, conversations::find_in_conversation(receiving.tx, in.arrival.workspace,
                                                            *receiving.match.conversation, in.message.message_id));
  for (const auto& message : known) {
    const SpoolId spool{message.uuid};
    TRY(const auto channel,
        receiving.tx.find("select channel_id from spool where workspace_id = $1 and id = $2",
                          {in.arrival.workspace, spool}, [](const store::Row& row) { return row.id<ChannelId>(0); }));
    if (!channel || *channel == in.arrival.channel) continue;
    const auto key = content_key(*channel, in.message, in.attachments);
    TRY(const auto is_same,
        receiving.tx.find("select 1 from inbound_keys where workspace_id = $1 and key = $2 and spool_id = $3",
                          {in.arrival.workspace, store::Bytes{as_bytes(*key)}, spool},
                          [](const store::Row&) { return true; }));
    if (is_same) return Disposition::duplicate;
  }
  return std::nullopt;
}

}  // namespace answerable::intake
