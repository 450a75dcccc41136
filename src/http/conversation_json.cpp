#include "http/conversation_json.h"

#include <algorithm>
#include <map>
#include <span>

#include "base/ensure.h"
#include "base/utf8.h"
#include "conversations/list.h"
#include "conversations/sight.h"
#include "conversations/thread.h"

namespace answerable::http {
namespace {

void write_texts(JsonWriter& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const auto& text : texts) out.text(text);
  out.end_array();
}

std::string_view kind_of(const conversations::Message& message) {
  if (message.direction == conversations::Direction::note) return "note";
  return message.forwarded ? "forward" : "reply";
}

void write_attachment(JsonWriter& out, const conversations::Attachment& attachment) {
  out.begin_object();
  out.member("id", attachment.id);
  out.member("filename", attachment.filename);
  out.member("content_type", attachment.content_type);
  out.member("size", attachment.size);
  out.member("inline", attachment.is_inline);
  out.text_or_null("content_id", attachment.content_id);
  out.member("url", "/api/v1/attachments/" + attachment.id.text());
  out.end_object();
}

template <class Id, class Thing>
const Thing* find_by(const std::vector<Thing>& things, const Id& id) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const Thing& thing) { return thing.id == id; });
  return found == things.end() ? nullptr : &*found;
}

template <class Id>
void add_once(std::vector<Id>& ids, const std::optional<Id>& id) {
  if (id && std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
}

// The messages that a batch of events names, each read once and not longer kept than it may be in an event: a few mails
// of megabytes must not fill the lines of all who watch.
class EventMessages {
 public:
  EventMessages(store::Session& session, const Names& names)
      : session_(session), workspace_(names.workspace), hides_personal_(names.hides_personal) {}

  Status write(JsonWriter& out, MessageId id) {
    auto known = read_.find(id);
    if (known == read_.end()) {
      TRY(auto found, conversations::load_messages(session_, workspace_, std::span(&id, 1)));
      Read read;
      if (!found.empty()) read = cut(std::move(found.front()));
      known = read_.emplace(id, std::move(read)).first;
    }
    const auto& [message, is_cut] = known->second;
    message ? write_message(out, *message, hides_personal_, is_cut) : static_cast<void>(out.null());
    return {};
  }

 private:
  struct Read {
    std::optional<conversations::Message> message;
    bool is_cut = false;
  };
  static Read cut(conversations::Message message) {
    const auto size = message.text.size() + message.reply_text.size() + message.html.size();
    const bool is_cut = size > event_content_bytes_max;
    if (is_cut) {
      message.html.clear();
      for (auto* text : {&message.text, &message.reply_text})
        *text = std::string(truncate_utf8(*text, event_content_bytes_max / 4));
    }
    return {.message = std::move(message), .is_cut = is_cut};
  }

  store::Session& session_;
  const WorkspaceId workspace_;
  const bool hides_personal_;
  std::map<MessageId, Read> read_;
};

// A name that is an address is one.
std::string_view shown_name(std::string_view name, bool hides_personal) {
  return hides_personal && name.contains('@') ? std::string_view() : name;
}

// Of who sees only what is assigned: also that something was taken from them, but not what it is now.
bool is_seen(const access::Actor& reader, const cluster::Event& event, const conversations::ConversationItem* item) {
  if (!reader.sees_only_assigned()) return true;
  if (event.kind == "assignment_ended" && event.actor_id == reader.user.text()) return true;
  if (item != nullptr) return conversations::is_seen(reader, *item);
  return !event.conversation && !event.message;
}

void write_event(JsonWriter& out, const cluster::Event& event) {
  out.member("seq", event.seq);
  out.member("kind", event.kind);
  out.member("at", event.at);
  out.member("conversation_id", event.conversation);
  out.member("message_id", event.message);
  out.key("actor").begin_object();
  out.member("kind", event.actor_kind);
  out.text_or_null("id", event.actor_id);
  out.end_object();
}

void write_unseen(JsonWriter& out, const cluster::Event& event) {
  out.begin_object();
  write_event(out, {.seq = event.seq,
                    .kind = "unseen",
                    .at = event.at,
                    .conversation = std::nullopt,
                    .message = std::nullopt,
                    .actor_kind = "system",
                    .actor_id = {}});
  out.key("conversation").null().key("message").null().end_object();
}

}  // namespace

Result<Names> load_names(ApiContext& api, store::Session& session, WorkspaceId workspace) {
  TRY(auto people, api.directory.people(session, workspace));
  return Names{.workspace = workspace, .directory = api.directory, .people = std::move(people)};
}

Result<Names> load_names(ApiContext& api, store::Session& session, const access::Actor& reader) {
  TRY(auto names, load_names(api, session, reader.workspace));
  names.is_confined = reader.sees_only_assigned();
  names.hides_personal = reader.hides_personal();
  return names;
}

void write_named(JsonWriter& out, UserId id, const Names& names) {
  out.begin_object().member("id", id).member("name", names.people->find(id)).end_object();
}

void write_item(JsonWriter& out, const conversations::ConversationItem& item, const Names& names) {
  out.begin_object();
  write_item_members(out, item, names);
  out.end_object();
}

void write_item_members(JsonWriter& out, const conversations::ConversationItem& item, const Names& names) {
  const auto channel = names.directory.channel(names.workspace, item.channel);
  out.member("id", item.id);
  out.member("number", item.number);
  out.member("subject", item.subject);
  out.member("status", to_string(item.status));
  out.member("snoozed_until", item.snoozed_until);
  out.key("channel").begin_object();
  out.member("id", item.channel).member("kind", item.channel_kind);
  out.member("name", channel ? std::string_view(channel->name) : std::string_view()).end_object();
  out.key("contact").begin_object();
  out.member("id", item.contact).member("name", shown_name(item.contact_name, names.hides_personal));
  out.member("address", names.hides_personal ? std::string_view() : std::string_view(item.contact_address));
  out.end_object();
  out.key("assignee");
  if (item.assignee.is_nil()) {
    out.null();
  } else {
    write_named(out, item.assignee, names);
  }
  out.member("preview", item.preview);
  out.member("last_message_at", item.last_message_at);
  out.member("last_message_direction", to_string(item.last_message_direction));
  out.text_or_null("undelivered", item.undelivered);
  out.member("unread", item.is_unread);
  out.member("message_count", item.message_count);
  write_texts(out, "tags", item.tags);
  out.member("version", item.version);
  out.member("suggested_join", names.is_confined ? std::nullopt : item.suggested_join);
}

void write_findings(JsonWriter& out, const std::vector<policy::KeptFinding>& findings) {
  out.key("findings").begin_array();
  for (const auto& one : findings)
    out.begin_object()
        .member("rule", one.name)
        .member("excerpt", one.excerpt)
        .member("action", to_string(one.action))
        .end_object();
  out.end_array();
}

void write_message(JsonWriter& out, const conversations::Message& message, bool hides_personal, bool is_cut) {
  out.begin_object();
  out.member("is_cut", is_cut);
  out.member("id", message.id);
  out.member("conversation_id", message.conversation);
  out.member("direction", to_string(message.direction));
  out.member("kind", kind_of(message));
  out.key("author").begin_object();
  out.member("kind", message.author.kind);
  out.text_or_null("id", message.author.id);
  out.member("name", shown_name(message.author.name, hides_personal)).end_object();
  out.member("text", message.text);
  out.member("reply_text", message.reply_text);
  out.text_or_null("html", message.html);
  out.text_or_null("subject", message.subject);
  out.member("sent_at", message.sent_at);
  out.member("created_at", message.created_at);
  out.member("state", message.state);
  // What a mail server answers names the address.
  out.text_or_null("state_detail", hides_personal ? std::string_view() : std::string_view(message.state_detail));
  out.key("failed_recipients").begin_array();
  for (const auto& failed : message.failed_recipients) {
    out.begin_object().member("address", hides_personal ? std::string_view() : std::string_view(failed.address));
    out.member("detail", hides_personal ? std::string_view() : std::string_view(failed.detail)).end_object();
  }
  out.end_array();
  out.member("undo_until", message.undo_until);
  out.member("seen_at", message.seen_at);
  out.key("attachments").begin_array();
  for (const auto& attachment : message.attachments) write_attachment(out, attachment);
  out.end_array();
  out.text_or_null("external_id", message.external_id);
  static const std::vector<std::string> none;
  out.text_or_null("from_address", hides_personal ? std::string_view() : std::string_view(message.from_address));
  write_texts(out, "to", hides_personal ? none : message.to);
  write_texts(out, "cc", hides_personal ? none : message.cc);
  write_texts(out, "bcc", hides_personal ? none : message.bcc);
  out.member("third_party", message.is_third_party);
  out.member("forwarded_message_id", message.forwarded);
  out.member("shown_lines", message.shown_lines);
  out.member("auto_submitted", message.is_auto_submitted);
  out.text_or_null("withheld", to_string(message.withheld));
  write_findings(out, message.findings);
  out.end_object();
}

std::vector<AttachmentId> read_attachments(JsonReader& body) {
  constexpr TextLimits id_limits{.bytes_min = 36, .bytes_max = 36};
  std::vector<AttachmentId> ids;
  const auto texts = body.texts("attachments", id_limits, conversations::attachments_per_message_max);
  for (const auto& text : texts.value_or(std::vector<std::string>())) {
    const auto id = AttachmentId::parse(text);
    if (!id) body.refuse("attachments", "not_allowed", "An id has the form of a UUID.");
    if (id) ids.push_back(*id);
  }
  return ids;
}

void write_draft(JsonWriter& out, const conversations::Draft& draft) {
  out.begin_object();
  out.member("text", draft.text).member("kind", draft.kind).member("updated_at", draft.updated_at);
  out.member("was_exposed", draft.was_exposed);
  out.end_object();
}

void write_viewers(JsonWriter& out, const std::vector<cluster::Viewer>& viewers, const Names& names) {
  out.begin_array();
  for (const auto& viewer : viewers) {
    out.begin_object().key("user");
    write_named(out, viewer.user, names);
    out.member("state", viewer.state == cluster::ViewerState::typing ? "typing" : "viewing").end_object();
  }
  out.end_array();
}

void write_contact(JsonWriter& out, const conversations::Contact& contact, const Names& names) {
  out.begin_object();
  out.member("id", contact.id).member("name", shown_name(contact.name, names.hides_personal));
  out.key("identities").begin_array();
  for (const auto& identity : contact.identities) {
    out.begin_object();
    out.member("kind", identity.kind);
    out.member("address", names.hides_personal ? std::string_view() : std::string_view(identity.address));
    out.member("verified", identity.is_verified);
    out.end_object();
  }
  out.end_array();
  out.key("conversations").begin_array();
  for (const auto& item : contact.conversations) write_item(out, item, names);
  out.end_array();
  out.member("conversation_count", contact.conversation_count);
  out.member("created_at", contact.created_at);
  out.text_or_null("note", names.hides_personal ? std::string_view() : std::string_view(contact.note));
  out.member("shows_quotes", contact.shows_quotes);
  out.end_object();
}

Result<std::int64_t> write_events(JsonWriter& out, store::Session& session, const std::vector<cluster::Event>& events,
                                  const Names& names, const access::Actor& reader) {
  ensure(!events.empty(), "there are events to write");
  std::vector<ConversationId> conversation_ids;
  for (const auto& event : events) add_once(conversation_ids, event.conversation);
  TRY(const auto items, conversations::load_items(session, names.workspace, conversation_ids));
  EventMessages messages(session, names);
  const auto begin = out.size();
  std::int64_t last = 0;
  for (const auto& event : events) {
    if (last != 0 && out.size() - begin > events_bytes_max) break;
    last = event.seq;
    const auto* item = event.conversation ? find_by(items, *event.conversation) : nullptr;
    if (!is_seen(reader, event, item)) {
      write_unseen(out, event);
      continue;
    }
    if (reader.sees_only_assigned() && item != nullptr && !conversations::is_seen(reader, *item)) item = nullptr;
    out.begin_object();
    write_event(out, event);
    out.key("conversation");
    item != nullptr ? write_item(out, *item, names) : static_cast<void>(out.null());
    out.key("message");
    if (event.message) {
      TRY_STATUS(messages.write(out, *event.message));
    } else {
      out.null();
    }
    out.end_object();
  }
  return last;
}

std::string item_etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

}  // namespace answerable::http
