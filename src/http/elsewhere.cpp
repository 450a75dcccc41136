#include "http/elsewhere.h"

#include "access/user.h"
#include "access/workspace.h"
#include "conversations/attachments.h"
#include "conversations/contacts.h"
#include "conversations/conversation_table.h"
#include "conversations/thread.h"

namespace answerable::http {
namespace {

constexpr std::string_view api_prefix = "/api/v1/";

// The word after the prefix: "conversations" of "/api/v1/conversations/{id}/read".
std::string_view thing_of(std::string_view pattern) {
  if (!pattern.starts_with(api_prefix)) return {};
  pattern.remove_prefix(api_prefix.size());
  const auto end = pattern.find('/');
  return pattern.substr(end == std::string_view::npos ? pattern.size() : end).starts_with("/{id}")
             ? pattern.substr(0, end)
             : std::string_view();
}

Result<bool> is_in(store::Session& session, std::string_view thing, std::string_view id, WorkspaceId workspace) {
  const auto system = access::system_actor(workspace);
  const auto is_there = [](const auto& found) -> Result<bool> {
    if (found) return true;
    if (found.error().kind == ErrorKind::not_found) return false;
    return std::unexpected(found.error());
  };
  if (thing == "conversations") {
    TRY(const auto found,
        conversations::find_item(session, workspace, ConversationId::parse(id).value_or(ConversationId{})));
    return found.has_value();
  }
  if (thing == "users") {
    TRY(const auto found, access::find_user(session, workspace, UserId::parse(id).value_or(UserId{})));
    return found.has_value();
  }
  if (thing == "messages")
    return is_there(conversations::load_message(session, workspace, MessageId::parse(id).value_or(MessageId{})));
  if (thing == "contacts")
    return is_there(conversations::load_contact(session, system, ContactId::parse(id).value_or(ContactId{})));
  if (thing == "attachments")
    return is_there(conversations::load_attachment(session, system, AttachmentId::parse(id).value_or(AttachmentId{})));
  return false;
}

}  // namespace

Result<bool> exists_elsewhere(ApiContext& api, const net::Request& request, WorkspaceId asking) {
  const auto thing = thing_of(request.route);
  const auto id = request.path_parameter("id");
  if (thing.empty() || !parse_uuid(id)) return false;
  if (thing == "channels") {
    const auto channel = api.parts.channels.find(ChannelId::parse(id).value_or(ChannelId{}));
    return channel && channel->workspace != asking;
  }
  return api.database().query([&](store::Session& session) -> Result<bool> {
    TRY(const auto all, access::workspaces(session));
    for (std::size_t i = 0; i < all.size() && i < workspaces_looked_into_max; ++i) {
      if (all[i].id == asking) continue;
      TRY(const bool is_here, is_in(session, thing, id, all[i].id));
      if (is_here) return true;
    }
    return false;
  });
}

}  // namespace answerable::http
