#include "intake/signals.h"

#include <charconv>

#include "conversations/match.h"

namespace answerable::intake {

namespace {
constexpr std::size_t id_text_size = 36;
}

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
    const bool is_here = !signal.is_from_elsewhere;
    if (signal.kind == "agent_read" && is_here && signal.workspace) callback({*signal.workspace, signal.conversation});
  });
}

void Signals::thread_line(const ThreadLine& line) {
  fanout_.signal({.workspace = line.workspace,
                  .kind = "thread_line",
                  .conversation = {},
                  .text = line.visitor.text() + line.message.text()});
}

void Signals::thread_seen(WorkspaceId workspace, const ThreadSeen& seen) {
  fanout_.signal({.workspace = workspace,
                  .kind = "thread_seen",
                  .conversation = {},
                  .text = seen.visitor.text() + (seen.is_by_team ? "t" : "v") + std::to_string(seen.seq)});
}

void Signals::visitor_known(WorkspaceId workspace, VisitorId visitor) {
  fanout_.signal({.workspace = workspace, .kind = "visitor_known", .conversation = {}, .text = visitor.text()});
}

SignalSubscription Signals::on_visitor_known(std::function<void(VisitorId)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind != "visitor_known" || !signal.is_from_elsewhere) return;
    if (const auto visitor = VisitorId::parse(signal.text)) callback(*visitor);
  });
}

SignalSubscription Signals::on_thread_line(std::function<void(const ThreadLine&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind != "thread_line" || !signal.is_from_elsewhere || !signal.workspace) return;
    const auto text = std::string_view(signal.text);
    if (text.size() <= id_text_size) return;
    const auto visitor = VisitorId::parse(text.substr(0, id_text_size));
    const auto message = MessageId::parse(text.substr(id_text_size));
    if (visitor && message) callback({*signal.workspace, *visitor, *message});
  });
}

SignalSubscription Signals::on_thread_seen(std::function<void(const ThreadSeen&)> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind != "thread_seen" || !signal.is_from_elsewhere) return;
    const auto text = std::string_view(signal.text);
    if (text.size() <= id_text_size + 1) return;
    const auto visitor = VisitorId::parse(text.substr(0, id_text_size));
    ThreadSeen seen{.is_by_team = text[id_text_size] == 't'};
    const auto number = text.substr(id_text_size + 1);
    const auto [end, error] = std::from_chars(number.begin(), number.end(), seen.seq);
    if (!visitor || error != std::errc{} || end != number.end()) return;
    seen.visitor = *visitor;
    callback(seen);
  });
}

SignalSubscription Signals::on_missed(std::function<void()> callback) {
  return fanout_.on_signal([callback = std::move(callback)](const cluster::Signal& signal) {
    if (signal.kind == cluster::missed_signals) callback();
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
