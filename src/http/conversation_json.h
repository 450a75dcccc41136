// Conversations, messages and drafts as JSON.
#pragma once

#include <vector>

#include "cluster/event_log.h"
#include "cluster/presence.h"
#include "conversations/contacts.h"
#include "conversations/conversation.h"
#include "conversations/drafts.h"
#include "conversations/message.h"
#include "http/context.h"
#include "http/json_reader.h"
#include "http/json_writer.h"

namespace answerable::http {

// What items refer to by id only. Loaded in the session that read the items.
struct Names {
  WorkspaceId workspace;
  const Directory& directory;
  std::shared_ptr<const PeopleNames> people;
  bool is_confined = false;     // who reads it: what an item says of another conversation is not written
  bool hides_personal = false;  // from who reads it: addresses are written as "", notes as null
};
Result<Names> load_names(ApiContext& api, store::Session& session, WorkspaceId workspace);
Result<Names> load_names(ApiContext& api, store::Session& session, const access::Actor& reader);

void write_named(JsonWriter& out, UserId id, const Names& names);  // {"id","name"}
void write_item(JsonWriter& out, const conversations::ConversationItem& item, const Names& names);
// The members of an item without the braces.
void write_item_members(JsonWriter& out, const conversations::ConversationItem& item, const Names& names);
// `is_cut`: the text is shortened and the HTML left out; the whole is in the conversation.
// "findings": […].
void write_findings(JsonWriter& out, const std::vector<policy::KeptFinding>& findings);
void write_message(JsonWriter& out, const conversations::Message& message, bool hides_personal, bool is_cut = false);
// What a message that is being written takes along: the ids of uploads in the member "attachments".
std::vector<AttachmentId> read_attachments(JsonReader& body);
void write_draft(JsonWriter& out, const conversations::Draft& draft);
void write_viewers(JsonWriter& out, const std::vector<cluster::Viewer>& viewers, const Names& names);
void write_contact(JsonWriter& out, const conversations::Contact& contact, const Names& names);

inline constexpr std::size_t event_content_bytes_max = 32'768;  // text, reply and HTML of a message; else it is cut
inline constexpr std::size_t events_bytes_max = 2UL << 20;      // of JSON; further events wait for the next answer
// Events with the conversations and messages that they name, as they are now: {"seq","kind",…}, …. As many as fit, at
// least one; gives the number of the last. `events` is not empty. What the reader does not see is written as an event
// of the kind "unseen" that says nothing, so that the numbers have no holes.
Result<std::int64_t> write_events(JsonWriter& out, store::Session& session, const std::vector<cluster::Event>& events,
                                  const Names& names, const access::Actor& reader);

std::string item_etag(std::int64_t version);  // "\"7\""

}  // namespace answerable::http
