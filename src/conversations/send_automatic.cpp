#include "conversations/send_automatic.h"

#include "conversations/authored.h"
#include "conversations/dispatch_reply.h"
#include "conversations/judge_outgoing.h"

namespace answerable::conversations {

Status send_automatic(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item,
                      const AutomaticMessage& message) {
  const auto system = access::system_actor(workspace);
  Authored authored{.direction = Direction::outbound,
                    .text = message.text,
                    .subject = message.subject,
                    .to = {message.to},
                    .is_automatic = true};
  TRY(authored.judged, judge_outgoing(tx, system, {item.channel, item.channel_kind, item.id}, authored, {}));
  TRY(const auto written, write_authored(tx, system, item, authored));
  TRY_STATUS(dispatch_reply(tx, system, item, written, authored));
  return tell_authored(tx, system, item, written, authored);
}

}  // namespace answerable::conversations
