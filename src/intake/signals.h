// Signals between a channel's thread (a chat visitor) and the conversation that it became: who is typing, what was
// seen. Nobody stores them; losing one loses nothing. The bridge for channels, which know threads, to cluster::Fanout,
// which knows conversations.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "cluster/fanout.h"
#include "store/database.h"

namespace answerable::intake {

struct AgentTyping {
  WorkspaceId workspace;
  ConversationId conversation;
  std::string name;  // to be shown to the visitor
};

struct AgentRead {
  WorkspaceId workspace;
  ConversationId conversation;
};

struct TakenDown {
  WorkspaceId workspace;
  MessageId message;
  bool is_back = false;  // it was put back
};

// What another node's visitor or colleague has added to a thread whose visitor may be here.
struct ThreadLine {
  WorkspaceId workspace;
  VisitorId visitor;
  MessageId message;
};
struct ThreadSeen {
  VisitorId visitor;
  std::int64_t seq = 0;  // of the thread: seen up to here
  bool is_by_team = false;
};

// Ends the subscription when destroyed.
using SignalSubscription = std::unique_ptr<cluster::Subscription>;

// Thread-safe.
class Signals {
 public:
  explicit Signals(cluster::Fanout& fanout) : fanout_(fanout) {}

  void contact_typing(WorkspaceId workspace, ConversationId conversation);
  // For other nodes: who is here has been told.
  void thread_line(const ThreadLine& line);
  void thread_seen(WorkspaceId workspace, const ThreadSeen& seen);
  void visitor_known(WorkspaceId workspace, VisitorId visitor);
  // `callback` must be short; it runs on the thread that signalled. Ends with the subscription.
  SignalSubscription on_agent_typing(std::function<void(const AgentTyping&)> callback);
  // One node notes it: that of the reader.
  SignalSubscription on_agent_read(std::function<void(const AgentRead&)> callback);
  SignalSubscription on_thread_line(std::function<void(const ThreadLine&)> callback);
  SignalSubscription on_thread_seen(std::function<void(const ThreadSeen&)> callback);
  // An anonymous visitor has become a person, at another node.
  SignalSubscription on_visitor_known(std::function<void(VisitorId)> callback);
  // This node was cut off from the others for a time.
  SignalSubscription on_missed(std::function<void()> callback);
  SignalSubscription on_taken_down(std::function<void(const TakenDown&)> callback);

 private:
  cluster::Fanout& fanout_;
};

// The conversation of a channel's thread; nothing as long as its first message waits to be understood. Reads the
// database.
Result<std::optional<ConversationId>> find_thread(store::Session& session, WorkspaceId workspace, ChannelId channel,
                                                  std::string_view thread_key);

struct ThreadRead {
  ChannelId channel;
  std::string thread_key;
  std::int64_t messages = 0;  // so many of the thread's messages have been read: all that had become messages
};
// Nothing when the conversation is no thread or has unread messages. Reads the database.
Result<std::optional<ThreadRead>> find_thread_read(store::Session& session, WorkspaceId workspace,
                                                   ConversationId conversation);

}  // namespace answerable::intake
