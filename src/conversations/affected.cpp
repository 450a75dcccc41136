#include "conversations/affected.h"

#include <set>

#include "access/authorize.h"

namespace answerable::conversations {
namespace {

using Contacts = std::set<ContactId>;

Status add_of(store::Session& session, WorkspaceId workspace, const AffectedWish& wish, const std::string& actor,
              Contacts& found) {
  const auto take = [&](const store::Row& row) { found.insert(row.id<ContactId>(0)); };
  TRY_STATUS(
      session.each("select distinct contact_id from read_log where workspace_id = $1 and ($2 = '' or "
                   "actor_id = $2) and at >= $3 and at <= $4",
                   {workspace, actor, wish.from, wish.until}, take));
  if (actor.empty()) return {};
  return session.each(
      "select distinct c.contact_id from messages m join conversations c on "
      "c.workspace_id = m.workspace_id and c.id = m.conversation_id where m.workspace_id = $1 "
      "and m.author_id = $2 and m.created_at >= $3 and m.created_at <= $4",
      {workspace, actor, wish.from, wish.until}, take);
}

Result<AffectedContact> load_one(store::Session& session, WorkspaceId workspace, ContactId id) {
  AffectedContact one{.contact = id, .name = {}, .address = {}};
  TRY_STATUS(
      session.each("select c.name, coalesce((select min(i.address) from identities i where i.workspace_id = $1 "
                   "and i.contact_id = $2), '') from contacts c where c.workspace_id = $1 and c.id = $2",
                   {workspace, id}, [&](const store::Row& row) {
                     one.name = row.string(0);
                     one.address = row.string(1);
                   }));
  return one;
}

}  // namespace

Result<Affected> affected_contacts(store::Session& session, const access::Actor& by, const AffectedWish& wish) {
  TRY_STATUS(access::authorize(by, "incident", "export"));
  Contacts found;
  if (wish.actors.empty()) TRY_STATUS(add_of(session, by.workspace, wish, {}, found));
  for (const auto& actor : wish.actors) TRY_STATUS(add_of(session, by.workspace, wish, actor, found));
  found.erase(ContactId{});  // readings of nobody in particular
  Affected affected{.items = {}, .total = static_cast<std::int64_t>(found.size())};
  for (const auto& id : found) {
    if (affected.items.size() >= affected_listed_max) break;
    TRY(auto one, load_one(session, by.workspace, id));
    affected.items.push_back(std::move(one));
  }
  return affected;
}

}  // namespace answerable::conversations
