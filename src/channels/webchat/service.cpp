#include "channels/webchat/service.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/utf8.h"
#include "channels/webchat/chat_arrival.h"
#include "channels/webchat/limits.h"
#include "intake/spool.h"
#include "mail/file_name.h"
#include "net/address.h"
#include "outbox/settle.h"

namespace answerable::channels::webchat {

namespace {

std::unexpected<Error> too_often() {
  return fail(ErrorKind::limited, "rate_limited", "That was a lot at once: wait a moment, then try again.");
}

std::unexpected<Error> identity_required() {
  return fail(ErrorKind::unauthenticated, "identity_required",
              "Sign in on the site first: this chat is for known visitors.");
}

// "text/plain; charset=utf-8" to "text/plain"; what is not a type at all is bytes.
std::string clean_content_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' ||
           c == '+' || c == '.';
  };
  std::string clean;
  for (char c : type)
    if (is_good(c)) clean += c;
  auto slash = clean.find('/');
  if (clean.size() > 100 || slash == std::string::npos || slash == 0 || slash + 1 == clean.size())
    return "application/octet-stream";
  return clean;
}

}  // namespace

Service::Service(Parts parts) : parts_(std::move(parts)), rates_(parts_.clock) {
  parts_.metrics.watch("answerable_webchat_sockets", "Open web chat sockets.",
                       [this] { return static_cast<std::int64_t>(hub_.socket_count()); });
  agent_typing_ = parts_.signals.on_agent_typing([this](const intake::AgentTyping& typing) { tell_typing(typing); });
  agent_read_ = parts_.signals.on_agent_read([this](const intake::AgentRead& read) {
    if (!parts_.workers.submit(lane_of(read.workspace.bytes()), [this, read] { note_read(read); }))
      log::warning("webchat_read_not_noted", {{"conversation", read.conversation.text()}});
  });
  thread_line_ = parts_.signals.on_thread_line([this](const intake::ThreadLine& line) {
    if (!hub_.is_here(line.visitor)) return;
    if (!parts_.workers.submit(lane_of(line.workspace.bytes()), [this, line] { tell_line(line); })) hub_.send_away();
  });
  thread_seen_ = parts_.signals.on_thread_seen(
      [this](const intake::ThreadSeen& seen) { hub_.push(seen.visitor, seen_frame(seen.seq, seen.is_by_team), 0); });
  known_ = parts_.signals.on_visitor_known([this](VisitorId visitor) { hub_.send_away(visitor); });
  missed_ = parts_.signals.on_missed([this] { hub_.send_away(); });
  taken_down_ = parts_.signals.on_taken_down([this](const intake::TakenDown& told) {
    if (!parts_.workers.submit(lane_of(told.workspace.bytes()), [this, told] { tell_taken_down(told); }))
      log::warning("webchat_removal_not_told", {{"message", told.message.text()}});
  });
}

bool Service::may(char what, std::string_view who, const Rate& rate) {
  return rates_.take(what + std::string(who), rate).is_allowed;
}

bool Service::may_ask(std::string_view peer) { return may('r', net::network_key(peer), requests_rate); }

Result<ChannelPtr> Service::enter(std::string_view channel_id, std::string_view origin) const {
  auto id = ChannelId::parse(channel_id);
  auto channel = id ? parts_.channels.find(*id) : nullptr;
  if (!channel || channel->kind != "webchat" || channel->state == intake::ChannelState::disabled)
    return fail(ErrorKind::not_found, "channel_not_found", "There is no such chat.");
  if (!is_origin_allowed(read_settings(channel->config), origin, parts_.public_url))
    return fail(ErrorKind::denied, "origin_not_allowed",
                "This chat is not offered on this site: add its origin to the channel.");
  return channel;
}

Result<OpenedSession> Service::open_session(const intake::Channel& channel, std::string_view token,
                                            std::string_view identity, std::string_view peer) {
  if (!may('s', net::network_key(peer), sessions_rate)) return too_often();
  std::optional<Identity> person;
  if (!identity.empty()) {
    TRY(auto secret, parts_.channels.secret(channel, identity_secret_name));
    const auto id = channel.id.text();
    TRY(person, verify_identity(identity, {.channel = id, .secret = secret}, parts_.clock.now()));
  }
  // Before anything is written: strangers must not make rows in a chat that is not for them.
  const bool needs_identity = read_settings(channel.config).require_identity;
  if (needs_identity && !person) {
    if (token.empty()) return identity_required();
    TRY_STATUS(find_session(channel, token));
  }
  TRY(auto opened,
      parts_.database.write([&](store::Transaction& tx) { return VisitorSessions::open(tx, channel, token, person); }));
  if (needs_identity && !opened.session.is_verified()) return identity_required();
  // Whoever still has the anonymous visitor's chat open need not be the person: all come again, by tokens that hold.
  if (opened.has_become_known) {
    hub_.send_away(opened.session.visitor());
    parts_.signals.visitor_known(channel.workspace, opened.session.visitor());
  }
  return opened;
}

Result<VisitorSession> Service::find_session(const intake::Channel& channel, std::string_view token) {
  TRY(auto session,
      parts_.database.query([&](store::Session& reader) { return VisitorSessions::find(reader, channel, token); }));
  if (read_settings(channel.config).require_identity && !session.is_verified()) return identity_required();
  return session;
}

void Service::receive(const VisitorSession& visitor, MessageFrame frame, const Listener* from, std::string_view peer,
                      std::function<void(Result<Numbered>)> done) {
  if (!may('m', visitor.visitor().bytes(), messages_rate)) return done(too_often());
  auto files =
      parts_.database.query([&](store::Session& session) { return load_own_files(session, visitor, frame.files); });
  if (!files) return done(std::unexpected(std::move(files).error()));
  ShownMessage shown{0, true, frame.client_id, frame.text, "", {}, {}};
  for (const auto& file : *files)
    shown.files.push_back({file.id, file.filename, file_url(visitor.channel(), file.id), file.size});
  auto arrival = chat_arrival(visitor, frame, *files, parts_.clock.now());
  arrival.peer = peer;
  auto numbered = std::make_shared<Numbered>();
  intake::Arrival named{.workspace = arrival.workspace, .channel = arrival.channel};
  named.external_key = arrival.external_key;
  auto line = std::make_shared<std::optional<MessageId>>();
  auto also = [visitor, frame = std::move(frame), numbered, line,
               named = std::move(named)](store::Transaction& tx) -> Status {
    TRY(const auto becomes, intake::find_arrival(tx, named));
    const auto message = becomes ? MessageId::parse(becomes->text()) : std::nullopt;
    TRY(*numbered, append_visitor_message(tx, visitor, frame, message));
    *line = message;
    return {};
  };
  auto after = [this, visitor, numbered, line, shown = std::move(shown), from,
                done = std::move(done)](Status status) mutable {
    if (!status) return done(std::unexpected(std::move(status).error()));
    if (numbered->is_new) {
      shown.seq = numbered->seq;
      shown.at = numbered->at;
      hub_.push(visitor.visitor(), message_frame(shown), shown.seq, from);
      if (*line) parts_.signals.thread_line({visitor.workspace(), visitor.visitor(), **line});
    }
    done(*numbered);
  };
  parts_.intake.accept(std::move(arrival), std::move(also), std::move(after));
}

Result<Transcript> Service::load(const VisitorSession& visitor, std::int64_t after) {
  return parts_.database.query([&](store::Session& session) {
    return load_transcript(session, visitor, after, [&](FileId id) { return file_url(visitor.channel(), id); });
  });
}

// The conversation exists once the first message is understood; until then there is nobody to tell.
std::optional<ConversationId> Service::conversation_of(const VisitorSession& visitor) {
  if (auto known = hub_.conversation_of(visitor.visitor())) return known;
  auto found = parts_.database.query([&](store::Session& session) {
    return intake::find_thread(session, visitor.workspace(), visitor.channel(), visitor.visitor().text());
  });
  if (!found || !*found) return std::nullopt;
  hub_.learn_conversation(visitor.visitor(), **found);
  return **found;
}

void Service::typing(const VisitorSession& visitor) {
  if (!may('t', visitor.visitor().bytes(), typing_rate)) return;
  if (auto conversation = conversation_of(visitor)) parts_.signals.contact_typing(visitor.workspace(), *conversation);
}

Status Service::seen(const VisitorSession& visitor, std::int64_t seq) {
  return parts_.database.write([&](store::Transaction& tx) -> Status {
    TRY(auto messages, mark_seen(tx, visitor, seq));
    for (const auto& message : messages) {
      auto recorded = outbox::record_seen(tx, visitor.workspace(), message);
      if (!recorded && recorded.error().kind != ErrorKind::not_found)
        return std::unexpected(std::move(recorded).error());
    }
    return {};
  });
}

Result<StoredFile> Service::upload(const VisitorSession& visitor, NewFile given, std::string_view peer) {
  // By address too: visitors cost nothing.
  if (!may('u', visitor.visitor().bytes(), uploads_rate) || !may('n', net::network_key(peer), address_uploads_rate))
    return too_often();
  const auto bytes = given.bytes;
  if (bytes.size() > file_bytes_max)
    return fail(ErrorKind::limited, "file_too_large", "A file may have 25 MB at most.");
  TRY_STATUS(parts_.intake.has_room(bytes.size()));  // what strangers upload must not keep mail out
  StoredFile file;
  file.id = FileId::make(parts_.clock);
  file.filename = mail::safe_filename(one_line(given.filename, filename_bytes_max));
  if (file.filename.empty()) file.filename = "file";
  file.content_type = clean_content_type(given.content_type);
  file.size = static_cast<std::int64_t>(bytes.size());
  TRY(auto blob, parts_.blobs.put(bytes));  // held until the row is committed
  file.blob = blob.digest;
  TRY_STATUS(parts_.database.write([&](store::Transaction& tx) { return insert_file(tx, visitor, file); }));
  return file;
}

std::string Service::file_key_of(FileId id) const {
  auto mac = hmac_sha256(parts_.file_key, id.bytes());
  return to_base64url(as_bytes(mac).substr(0, 16));
}

std::string Service::file_url(ChannelId channel, FileId id) const {
  return parts_.public_url + "/webchat/v1/" + channel.text() + "/files/" + id.text() + "?key=" + file_key_of(id);
}

Result<StoredFile> Service::find_file_by_key(const intake::Channel& channel, FileId id, std::string_view key) const {
  auto none = fail(ErrorKind::not_found, "no_such_file", "There is no such file.");
  if (!equal_in_constant_time(key, file_key_of(id))) return none;
  TRY(auto found,
      parts_.database.query([&](store::Session& session) { return find_file(session, channel.workspace, id); }));
  if (!found) return none;
  return *std::move(found);
}

// On the thread that signalled: the looking up is for a worker.
void Service::tell_typing(const intake::AgentTyping& typing) {
  auto push = [this, typing](VisitorId visitor) { hub_.push(visitor, typing_frame(typing.name), 0); };
  if (auto visitor = hub_.visitor_of(typing.conversation)) return push(*visitor);
  auto unknown = hub_.without_conversation(typing.workspace);
  if (unknown.empty()) return;
  auto look_up = [this, typing, push, unknown = std::move(unknown)] {
    for (const auto& who : unknown) {
      auto found = parts_.database.query([&](store::Session& session) {
        return intake::find_thread(session, who.workspace, who.channel, who.visitor.text());
      });
      if (!found || !*found) continue;
      hub_.learn_conversation(who.visitor, **found);
      if (**found == typing.conversation) push(who.visitor);
    }
  };
  if (!parts_.workers.submit(lane_of(typing.workspace.bytes()), std::move(look_up)))
    return;  // a lost signal loses nothing
}

// On a worker. Kept in the transcript, so that the visitor learns it after a reload too.
void Service::note_read(const intake::AgentRead& read) {
  auto thread = parts_.database.query(
      [&](store::Session& session) { return intake::find_thread_read(session, read.workspace, read.conversation); });
  if (!thread || !*thread) return;
  auto channel = parts_.channels.find(read.workspace, (*thread)->channel);
  auto visitor = VisitorId::parse((*thread)->thread_key);
  if (!channel || channel->kind != "webchat" || !visitor) return;
  auto seq = parts_.database.write(
      [&](store::Transaction& tx) { return mark_team_seen(tx, read.workspace, *visitor, (*thread)->messages); });
  if (!seq || *seq == 0) return;
  hub_.push(*visitor, seen_frame(*seq, true), 0);
  parts_.signals.thread_seen(read.workspace, {.visitor = *visitor, .seq = *seq, .is_by_team = true});
}

// On a worker. What another node has added to the transcript of a visitor who is here.
void Service::tell_line(const intake::ThreadLine& told) {
  const auto line = parts_.database.query([&](store::Session& session) {
    return find_line(session, told.workspace, told.message,
                     [&](ChannelId channel, FileId file) { return file_url(channel, file); });
  });
  if (line && *line) hub_.push((*line)->visitor, message_frame((*line)->shown), (*line)->shown.seq);
}

// On a worker. A visitor who is not here learns it with the next welcome.
void Service::tell_taken_down(const intake::TakenDown& told) {
  const auto line = parts_.database.query([&](store::Session& session) {
    return find_line(session, told.workspace, told.message,
                     [&](ChannelId channel, FileId file) { return file_url(channel, file); });
  });
  if (!line || !*line) return;
  const auto& shown = (*line)->shown;
  hub_.push((*line)->visitor, shown.is_removed ? removed_frame(shown.seq) : message_frame(shown), never_left_out);
}

}  // namespace answerable::channels::webchat
