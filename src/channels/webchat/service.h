// What a visitor can do, whichever way he comes (WebSocket or plain HTTP). Called on worker threads: these functions
// block on the database, but for what ends in a callback.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/rate_limiter.h"
#include "channels/webchat/hub.h"
#include "channels/webchat/limits.h"
#include "channels/webchat/seats.h"
#include "channels/webchat/settings.h"
#include "channels/webchat/transcript.h"
#include "channels/webchat/visitor.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "intake/signals.h"
#include "net/worker_pool.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::channels::webchat {

struct Parts {  // all outlive the service
  store::Database& database;
  store::Blobs& blobs;
  intake::Intake& intake;
  const intake::ChannelDirectory& channels;
  intake::Signals& signals;
  net::WorkerPool& workers;
  const Clock& clock;
  Metrics& metrics;
  std::string file_key;    // 32 secret bytes; signs the addresses of files
  std::string public_url;  // the server's own origin
};

struct NewFile {
  std::string filename, content_type;  // as the visitor's browser says
  std::string_view bytes;
};

using ChannelPtr = intake::ChannelDirectory::ChannelPtr;

class Service {
 public:
  explicit Service(Parts parts);

  // An active web chat channel whose settings let this origin in.
  // Errors: not_found "channel_not_found", denied "origin_not_allowed".
  Result<ChannelPtr> enter(std::string_view channel_id, std::string_view origin) const;
  // Errors: unauthenticated (see visitor.h, identity.h, "identity_required"), limited "rate_limited".
  Result<OpenedSession> open_session(const intake::Channel& channel, std::string_view token, std::string_view identity,
                                     std::string_view peer);
  Result<VisitorSession> find_session(const intake::Channel& channel, std::string_view token);
  // `done` runs after the commit, with the number of the line, or with the reason why nothing was stored. `from` hears
  // of it by that only; the visitor's other sockets get the message.
  void receive(const VisitorSession& visitor, MessageFrame frame, const Listener* from, std::string_view peer,
               std::function<void(Result<Numbered>)> done);
  Result<Transcript> load(const VisitorSession& visitor, std::int64_t after);
  void typing(const VisitorSession& visitor);
  Status seen(const VisitorSession& visitor, std::int64_t seq);
  // Errors: limited "file_too_large" / "rate_limited" / "too_many_files" / "intake_full" / "storage_low".
  Result<StoredFile> upload(const VisitorSession& visitor, NewFile file, std::string_view peer);

  std::string file_url(ChannelId channel, FileId id) const;
  // Errors: not_found "no_such_file", also for a wrong key.
  Result<StoredFile> find_file_by_key(const intake::Channel& channel, FileId id, std::string_view key) const;

  const Parts& parts() const { return parts_; }
  Hub& hub() { return hub_; }
  Seats& seats() { return seats_; }
  // Counts one more request of this address, of any kind; false when it is one too many.
  bool may_ask(std::string_view peer);

 private:
  bool may(char what, std::string_view who, const Rate& rate);
  std::string file_key_of(FileId id) const;
  std::optional<ConversationId> conversation_of(const VisitorSession& visitor);
  void tell_typing(const intake::AgentTyping& typing);
  void note_read(const intake::AgentRead& read);
  void tell_taken_down(const intake::TakenDown& told);
  void tell_line(const intake::ThreadLine& told);

  const Parts parts_;
  Seats seats_{sockets_per_workspace_max};
  Hub hub_;
  RateLimiter rates_;
  intake::SignalSubscription agent_typing_, agent_read_, thread_line_, thread_seen_, known_, missed_,
      taken_down_;  // last: end first
};

}  // namespace answerable::channels::webchat
