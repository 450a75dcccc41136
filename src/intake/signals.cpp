#include "intake/signals.h"

#include "conversations/match.h"

namespace answerable::intake {

void Signals::contact_typing(WorkspaceId workspace, ConversationId conversation) {
  fanout_.signal({workspace, "contact_typing", conversation, ""});
}

void Signals::contact_seen(WorkspaceId workspace, ConversationId conversation) {
  fanout_.signal({workspace, "contact_seen", conversation, ""});
}

SignalSubscription Signals::on_agent_typing(std::function<void(const AgentTyping&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind == "agent_typing" && signal.workspace)
      callback({*signal.workspace, signal.conversation, signal.text});
  });
}

Result<std::optional<ConversationId>> find_thread(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                                  std::string_view thread_key) {
  return conversations::find_by_thread(session, workspace, channel, thread_key);
}

}  // namespace answerable::intake
