#include "intake/signals.h"

#include "conversations/match.h"

namespace answerable::intake {

void Signals::contact_typing(WorkspaceId workspace, ConversationId conversation) {
  fanout_.signal({workspace, "contact_typing", conversation, ""});
}

SignalSubscription Signals::on_agent_typing(std::function<void(const AgentTyping&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind == "agent_typing" && signal.workspace)
      callback({*signal.workspace, signal.conversation, signal.text});
  });
}

SignalSubscription Signals::on_agent_read(std::function<void(const AgentRead&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind == "agent_read" && signal.workspace) callback({*signal.workspace, signal.conversation});
  });
}

SignalSubscription Signals::on_taken_down(std::function<void(const TakenDown&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    const bool is_back = signal.kind == "put_back";
    if ((signal.kind != "taken_down" && !is_back) || !signal.workspace) return;
    if (const auto message = MessageId::parse(signal.text)) callback({*signal.workspace, *message, is_back});
  });
}

Result<std::optional<ThreadRead>> find_thread_read(store::Session& session, WorkspaceId workspace,
                                                   ConversationId conversation) {
  TRY(auto state, conversations::find_thread_state(session, workspace, conversation));
  if (!state || state->is_unread) return std::optional<ThreadRead>();
  return ThreadRead{state->channel, std::move(state->thread_key), state->inbound_messages};
}

Result<std::optional<ConversationId>> find_thread(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                                  std::string_view thread_key) {
  return conversations::find_by_thread(session, workspace, channel, thread_key);
}

}  // namespace answerable::intake
