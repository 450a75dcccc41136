// The hub's second half: who looks at what, signals of contacts, and credentials that have ended.
#include <algorithm>
#include <utility>

#include "access/composed_role.h"
#include "access/ended.h"
#include "base/log.h"
#include "conversations/list.h"
#include "conversations/sight.h"
#include "http/conversation_json.h"
#include "http/live_hub.h"

namespace answerable::http {
namespace {

bool has_other_reach(const access::Actor& one, const access::Actor& other) {
  return one.role != other.role || one.sees_only_assigned() != other.sees_only_assigned() ||
         one.hides_personal() != other.hides_personal() || access::permissions_of(one) != access::permissions_of(other);
}

}  // namespace

void LiveHub::member_presence(const Member& member, ConversationId conversation, std::string state) {
  run(member->actor.workspace, [this, member, conversation, state = std::move(state)] {
    const auto item = api_.database().query([&](store::Session& session) {
      return conversations::load_item(session, member->actor.workspace, conversation);
    });
    // Of another workspace, gone, or not for this person: nothing to tell.
    if (!item || !conversations::is_seen(member->actor, *item)) return;
    {
      const std::scoped_lock lock(mutex_);
      if (state == "left") {
        member->viewing.erase(conversation);
      } else if (member->viewing.size() < viewing_max) {
        member->viewing.insert(conversation);
      }
    }
    note_presence(member->actor, conversation, state);
  });
}

void LiveHub::note_presence(const access::Actor& actor, ConversationId conversation, std::string_view state) {
  auto& fanout = api_.parts.fanout;
  fanout.signal({.workspace = actor.workspace,
                 .kind = "presence",
                 .conversation = conversation,
                 .text = actor.user.text() + " " + std::string(state)});
  if (state == "typing")
    fanout.signal(
        {.workspace = actor.workspace, .kind = "agent_typing", .conversation = conversation, .text = actor.name});
}

// Every node keeps who looks at what, so that each can tell its own screens.
void LiveHub::keep_presence(const cluster::Signal& signal) {
  const auto blank = signal.text.find(' ');
  const auto user = UserId::parse(std::string_view(signal.text).substr(0, blank));
  if (!user || blank == std::string::npos) return;
  const auto state = std::string_view(signal.text).substr(blank + 1);
  auto& presence = api_.parts.presence;
  const auto viewer_state = state == "typing" ? cluster::ViewerState::typing : cluster::ViewerState::viewing;
  const auto workspace = *signal.workspace;
  const bool has_changed = state == "left" ? presence.leave(workspace, signal.conversation, *user)
                                           : presence.touch(workspace, signal.conversation, *user, viewer_state);
  if (!has_changed) return;
  run(workspace, [this, workspace, conversation = signal.conversation] { tell_presence(workspace, conversation); });
}

void LiveHub::signalled(const cluster::Signal& signal) {
  if (signal.kind == cluster::missed_signals) look_again();
  if (signal.kind == "credentials_ended" && signal.is_from_elsewhere) look_for_ended();
  if (!signal.workspace) return;
  const auto workspace = *signal.workspace;
  if (signal.kind == "presence") {
    keep_presence(signal);
  } else if (signal.kind == "contact_typing") {
    JsonWriter out;
    out.begin_object().member("type", "signal").member("conversation", signal.conversation);
    out.member("kind", signal.kind).end_object();
    broadcast(workspace, signal.conversation, out.take());
  }
}

void LiveHub::tell_presence(WorkspaceId workspace, ConversationId conversation) {
  const auto viewers = api_.parts.presence.viewers(workspace, conversation);
  auto frame = api_.database().query([&](store::Session& session) -> Result<std::string> {
    TRY(const auto names, load_names(api_, session, workspace));
    JsonWriter out;
    out.begin_object().member("type", "presence").member("conversation", conversation).key("viewers");
    write_viewers(out, viewers, names);
    out.end_object();
    return out.take();
  });
  if (frame) broadcast(workspace, conversation, *std::move(frame));
}

void LiveHub::broadcast(WorkspaceId workspace, ConversationId conversation, std::string text) {
  std::vector<Member> members, confined;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(workspace);
    if (found == rooms_.end()) return;
    for (const auto& member : found->second.members) {
      if (!member->has_said_hello) continue;
      (member->actor.sees_only_assigned() ? confined : members).push_back(member);
    }
  }
  const auto shared = std::make_shared<const std::string>(std::move(text));
  for (const auto& member : members) member->socket->send(shared);
  if (confined.empty()) return;
  run(workspace, [this, workspace, conversation, shared, confined = std::move(confined)] {
    const auto item = api_.database().query(
        [&](store::Session& session) { return conversations::load_item(session, workspace, conversation); });
    if (!item) return;
    for (const auto& member : confined) {
      if (conversations::is_seen(member->actor, *item)) member->socket->send(shared);
    }
  });
}

void LiveHub::expire_presence() {
  for (const auto& gone : api_.parts.presence.expire()) {
    run(gone.workspace, [this, gone] { tell_presence(gone.workspace, gone.conversation); });
  }
}

void LiveHub::check_credentials() {
  std::vector<Member> members;
  {
    const std::scoped_lock lock(mutex_);
    if (is_checking_) return;  // runs soon, or within check_every_ms
    for (const auto& [workspace, room] : rooms_)
      members.insert(members.end(), room.members.begin(), room.members.end());
    if (members.empty()) return;
    is_checking_ = true;
  }
  const bool is_taken = run(WorkspaceId{}, [this, members = std::move(members)] {
    {
      const std::scoped_lock lock(mutex_);
      is_checking_ = false;  // what ends from here on is checked by the next run
    }
    for (const auto& member : members) {
      const bool is_session = member->actor.kind == access::Actor::Kind::user;
      auto& authenticator = api_.authenticator;
      const auto actor =
          is_session ? authenticator.by_session(member->credential) : authenticator.by_api_key(member->credential);
      const bool has_ended = !actor && actor.error().kind == ErrorKind::unauthenticated;
      if (has_ended) member->socket->close(session_ended, "the session has ended");
      // It comes back as who it is now.
      if (actor && has_other_reach(*actor, member->actor))
        member->socket->close(net::close_code::try_again_later, "the role has changed");
      const auto standing = api_.standing.judge(member->actor);
      const bool is_stopped = !standing && standing.error().kind == ErrorKind::suspended;
      if (is_stopped) member->socket->close(net::close_code::policy_violation, "the workspace is suspended");
    }
  });
  if (is_taken) return;
  const std::scoped_lock lock(mutex_);
  is_checking_ = false;
  must_check_ = true;
}

// Credentials that were ended elsewhere: by another node, by a job of this one. One small read, whoever is connected.
void LiveHub::look_for_ended() {
  bool is_late = false;
  {
    const std::scoped_lock lock(mutex_);
    if (is_looking_for_ended_) return;
    is_looking_for_ended_ = true;
    is_late = std::exchange(must_check_, false);
  }
  const bool is_taken = run(WorkspaceId{}, [this, is_late] {
    const auto ended = api_.database().query([](store::Session& session) { return access::ended_so_far(session); });
    bool has_grown = is_late;
    {
      const std::scoped_lock lock(mutex_);
      is_looking_for_ended_ = false;
      if (ended) has_grown = has_grown || *ended != ended_;
      if (ended) ended_ = *ended;
    }
    if (has_grown) api_.authenticator.changed();  // which checks all who are connected
  });
  if (is_taken) return;
  const std::scoped_lock lock(mutex_);
  is_looking_for_ended_ = false;
  must_check_ = must_check_ || is_late;
}

}  // namespace answerable::http
