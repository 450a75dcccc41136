#include "http/sight.h"

#include <algorithm>
#include <array>

#include "conversations/sight.h"
#include "http/reply.h"

namespace answerable::http {
namespace {

constexpr bool not_confined = false;  // who is confined does not use it

constexpr std::array routes{
    NarrowedRoute{"/conversations", Narrowed::by_itself},
    NarrowedRoute{"/conversations/counts", Narrowed::by_itself},
    NarrowedRoute{"/conversations/{id}", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/messages", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/take", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/read", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/tags", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/draft", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/presence", Narrowed::by_conversation},
    NarrowedRoute{"/conversations/{id}/report", Narrowed::by_conversation},
    // It shows another conversation, or joins with it.
    NarrowedRoute{"/conversations/{id}/suggestion", Narrowed::by_conversation, not_confined},
    NarrowedRoute{"/conversations/{id}/suggestion/confirm", Narrowed::by_conversation, not_confined},
    NarrowedRoute{"/conversations/{id}/suggestion/dismiss", Narrowed::by_conversation},
    NarrowedRoute{"/messages/{id}/undo", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/forward", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/folding", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/document", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/images/{number}", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/retry", Narrowed::by_message},
    NarrowedRoute{"/messages/{id}/report", Narrowed::by_message},
    NarrowedRoute{"/tags", Narrowed::by_itself},
    NarrowedRoute{"/contacts", Narrowed::by_itself},
    NarrowedRoute{"/contacts/{id}", Narrowed::by_contact},
    NarrowedRoute{"/search", Narrowed::by_itself},
    NarrowedRoute{"/uploads", Narrowed::of_nobody},
    NarrowedRoute{"/attachments/{id}", Narrowed::by_attachment},
    NarrowedRoute{"/events", Narrowed::by_itself},
    NarrowedRoute{"/live", Narrowed::by_itself},
    NarrowedRoute{"/channels", Narrowed::of_nobody},
    NarrowedRoute{"/channels/{id}", Narrowed::of_nobody},
    NarrowedRoute{"/channels/{id}/test", Narrowed::of_nobody},
    NarrowedRoute{"/channels/{id}/report", Narrowed::of_nobody},
    NarrowedRoute{"/channels/{id}/authorisation", Narrowed::of_nobody},
    NarrowedRoute{"/channels/{id}/dkim", Narrowed::of_nobody},
    NarrowedRoute{"/oauth/callback", Narrowed::of_nobody},
    NarrowedRoute{"/mail-providers", Narrowed::of_nobody},
    NarrowedRoute{"/malware-scanner", Narrowed::of_nobody},
    NarrowedRoute{"/users", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/invitation", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/report", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/exposed", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/permissions", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/reset-password", Narrowed::of_nobody},
    NarrowedRoute{"/users/{id}/second-factor", Narrowed::of_nobody},
    NarrowedRoute{"/roles", Narrowed::of_nobody},
    NarrowedRoute{"/roles/{id}", Narrowed::of_nobody},
    NarrowedRoute{"/policy", Narrowed::of_nobody},
    // The ledger names things by their ids and people by commitments only.
    NarrowedRoute{"/ledger", Narrowed::of_nobody, not_confined},
    NarrowedRoute{"/ledger/verify", Narrowed::of_nobody, not_confined},
    NarrowedRoute{"/ledger/checkpoint", Narrowed::of_nobody},
    NarrowedRoute{"/ledger/proof", Narrowed::of_nobody, not_confined},
};

template <class Thing>
Status require_seen(Call& call) {
  TRY(const auto id, path_id<Thing>(call));
  return call.api.database().read(
      [&](store::Session& session) { return conversations::require_seen(session, call.actor, id); });
}

Status require_thing(Call& call, Narrowed how) {
  switch (how) {
    case Narrowed::by_conversation: return require_seen<ConversationId>(call);
    case Narrowed::by_message: return require_seen<MessageId>(call);
    case Narrowed::by_attachment: return require_seen<AttachmentId>(call);
    case Narrowed::by_contact: return require_seen<ContactId>(call);
    case Narrowed::by_itself:
    case Narrowed::of_nobody: return {};
  }
  return {};
}

}  // namespace

std::span<const NarrowedRoute> narrowed_routes() { return routes; }

Status require_sight(Call& call, std::string_view path, const Needs& needs) {
  const bool is_confined = call.actor.sees_only_assigned();
  const bool is_hidden_from = call.actor.hides_personal();
  if (!is_confined && !is_hidden_from) return {};
  if (needs.resource() == "session" || needs.resource() == "me") return {};
  const auto* const found = std::ranges::find(routes, path, &NarrowedRoute::path);
  if (found == routes.end() || (is_confined && !found->confines) || (is_hidden_from && !found->hides))
    return fail(ErrorKind::denied, "not_narrowed",
                "Your role shows only a part of what is here. Ask an administrator.");
  return is_confined ? require_thing(call, found->how) : Status();
}

}  // namespace answerable::http
