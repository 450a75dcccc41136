// Visitors of a web chat and the tokens by which they are known. A VisitorSession comes out of this file only, from a
// token that its visitor holds; everything about transcripts and files asks for one, so nobody reaches another
// visitor's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "channels/webchat/identity.h"
#include "intake/channel.h"
#include "store/session.h"

namespace answerable::channels::webchat {

class VisitorSession {
 public:
  WorkspaceId workspace() const { return workspace_; }
  ChannelId channel() const { return channel_; }
  VisitorId visitor() const { return visitor_; }
  const std::string& name() const { return name_; }
  const std::string& email() const { return email_; }
  bool is_verified() const { return is_verified_; }

 private:
  friend struct VisitorSessions;
  VisitorSession() = default;
  WorkspaceId workspace_;
  ChannelId channel_;
  VisitorId visitor_;
  std::string name_, email_;
  bool is_verified_ = false;
};

struct OpenedSession {
  VisitorSession session;
  std::string token;
  Time expires_at;
  bool has_become_known = false;  // an anonymous visitor has become this person just now
};

struct VisitorSessions {
  // Errors: unauthenticated "token_invalid" (unknown, expired, or of another channel).
  static Result<VisitorSession> find(store::Session& session, const intake::Channel& channel, std::string_view token);
  // With a token: the same visitor, for longer. With an identity: the visitor whom the company knows by that name; an
  // anonymous one who holds the token becomes that person when nobody is it yet. With neither: somebody new. Errors:
  // unauthenticated "token_invalid" when a token is given that is not valid and no identity.
  static Result<OpenedSession> open(store::Transaction& tx, const intake::Channel& channel, std::string_view token,
                                    const std::optional<Identity>& identity);

 private:
  static Result<std::optional<VisitorSession>> find_token(store::Session& session, const intake::Channel& channel,
                                                          std::string_view token);
  static Result<VisitorSession> identify(store::Transaction& tx, const intake::Channel& channel,
                                         std::optional<VisitorSession> holder, const Identity& identity);
  static Result<VisitorSession> create(store::Transaction& tx, const intake::Channel& channel,
                                       const Identity* identity);
};

}  // namespace answerable::channels::webchat
