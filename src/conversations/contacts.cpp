#include "conversations/contacts.h"

#include <algorithm>

#include "access/authorize.h"
#include "access/overwritten.h"
#include "base/utf8.h"
#include "cluster/event_log.h"
#include "conversations/contact_table.h"
#include "conversations/conversation_table.h"
#include "conversations/list.h"
#include "store/like_pattern.h"

#define ANSWERABLE_CONTACTS                                                                                            \
  " from contacts c where c.workspace_id = $1 and ($2 = '' or c.name_key like $3 escape '!' or exists (select 1 from " \
  "identities i where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.address_key like $4 escape '!')) " \
  "and ($5 = 0 or exists (select 1 from conversations s where s.workspace_id = c.workspace_id and s.contact_id = "     \
  "c.id and s.assignee_id = $6)) "
// How many conversations of the contact the actor sees.
#define ANSWERABLE_SEEN_COUNT(contact, is_confined, user)                                                            \
  "(select count(*) from conversations k where k.workspace_id = $1 and k.contact_id = " contact " and (" is_confined \
  " = 0 or k.assignee_id = " user "))"

namespace answerable::conversations {
namespace {

constexpr int conversations_shown = 20;

Contact read_contact(const store::Row& row) {
  return {.id = row.id<ContactId>(0),
          .name = row.string(1),
          .note = row.string(2),
          .created_at = row.time(3),
          .identities = {},
          .shows_quotes = row.flag(5),
          .conversation_count = row.integer(4),
          .conversations = {}};
}

Status add_identities(store::Session& session, WorkspaceId workspace, Contact& contact) {
  TRY(contact.identities,
      session.all("select kind, address, verified from identities where workspace_id = $1 and contact_id = $2 "
                  "order by kind, address_key",
                  {workspace, contact.id}, [](const store::Row& row) {
                    return Identity{.kind = row.string(0), .address = row.string(1), .is_verified = row.flag(2)};
                  }));
  return {};
}

struct Part {
  std::string text, name_pattern, address_pattern;
};

Part to_part(std::string_view part) {
  auto text = one_line(to_valid_utf8(part), 200);
  auto name = store::like_containing(search_key(text));
  // What holds no letter is in no name.
  if (name == "%%") name = "!";
  return {.text = text, .name_pattern = name, .address_pattern = store::like_containing(text)};
}

ContactId greatest() {
  ContactId id;
  id.uuid.bytes.fill(0xff);
  return id;
}

Status check(const ContactChange& change) {
  if (change.name && one_line(*change.name, contact_name_max_bytes).empty())
    return fail(ErrorKind::invalid, "empty_name", "A name has at least one character.");
  if (change.name && change.name->size() > contact_name_max_bytes)
    return fail(ErrorKind::invalid, "name_too_long", "A name has at most 200 bytes.");
  if (change.note && change.note->size() > contact_note_max_bytes)
    return fail(ErrorKind::invalid, "note_too_long", "A note has at most 10,000 bytes.");
  return {};
}

// The name stands in the rows of the contact's conversations too.
Status rename_contact(store::Transaction& tx, const access::Actor& actor, ContactId id, const std::string& name) {
  TRY_STATUS(tx.execute("update contacts set name = $3, name_key = $4 where workspace_id = $1 and id = $2",
                        {actor.workspace, id, name, search_key(name)}));
  TRY(auto conversations,
      tx.all("update conversations set contact_name = $3, version = version + 1 where workspace_id = $1 "
             "and contact_id = $2 and contact_name <> $3 returning id",
             {actor.workspace, id, name}, [](const store::Row& row) { return row.id<ConversationId>(0); }));
  for (auto conversation : conversations)
    TRY_STATUS(
        tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = conversation}));
  return {};
}

std::string kept_name(std::string_view name) { return one_line(to_valid_utf8(name), contact_name_max_bytes); }

std::string fields_of(const ContactChange& change) {
  std::string fields;
  auto add = [&](bool is_there, std::string_view name) {
    if (is_there) fields.append(fields.empty() ? "" : ",").append(name);
  };
  add(change.name.has_value(), "name");
  add(change.note.has_value(), "note");
  add(change.shows_quotes.has_value(), "shows_quotes");
  return fields;
}

std::vector<access::Overwritten> overwritten_of(const Contact& before, const ContactChange& change) {
  std::vector<access::Overwritten> fields;
  if (change.name) fields.push_back({"name", before.name, kept_name(*change.name)});
  if (change.note) fields.push_back({"note", before.note, to_valid_utf8(*change.note)});
  if (change.shows_quotes)
    fields.push_back({"shows_quotes", before.shows_quotes ? "1" : "", *change.shows_quotes ? "1" : ""});
  return fields;
}

Status tell_contact(store::Transaction& tx, const access::Actor& actor, const Contact& before,
                    const ContactChange& change) {
  auto actor_id = actor.id_text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = actor.workspace,
                                        .kind = "contact_changed",
                                        .conversation = {},
                                        .message = {},
                                        .actor_kind = actor.kind_name(),
                                        .actor_id = actor_id}));
  return access::enter_overwriting(tx,
                                   {.workspace = actor.workspace,
                                    .actor = actor.for_ledger(),
                                    .action = "contact.update",
                                    .object_kind = "contact",
                                    .object_id = before.id.text(),
                                    .details = {{"fields", fields_of(change)}}},
                                   overwritten_of(before, change));
}

}  // namespace

Result<Contact> load_contact(store::Session& session, const access::Actor& actor, ContactId id) {
  TRY_STATUS(access::authorize(actor, "contact", "read"));
  TRY(auto contact,
      session.find("select id, name, note, created_at, " ANSWERABLE_SEEN_COUNT(
                       "$2", "$3", "$4") ", shows_quotes from contacts where workspace_id = $1 and id = $2",
                   {actor.workspace, id, actor.sees_only_assigned(), actor.user}, read_contact));
  if (!contact) return fail(ErrorKind::not_found, "no_contact", "There is no such contact.");
  TRY_STATUS(add_identities(session, actor.workspace, *contact));
  TRY(contact->conversations,
      session.all("select " ANSWERABLE_ITEM_COLUMNS
                  " from conversations c where c.workspace_id = $1 and c.contact_id = $2 "
                  "and ($4 = 0 or c.assignee_id = $5) order by c.id desc limit $3",
                  {actor.workspace, id, conversations_shown, actor.sees_only_assigned(), actor.user},
                  [](const store::Row& row) { return read_item(row); }));
  return *std::move(contact);
}

Result<std::string> find_contact_name(store::Session& session, WorkspaceId workspace, ContactId id) {
  TRY(auto name, session.find("select name from contacts where workspace_id = $1 and id = $2", {workspace, id},
                              [](const store::Row& row) { return row.string(0); }));
  return std::move(name).value_or(std::string());
}

Result<ContactPage> list_contacts(store::Session& session, const access::Actor& actor, std::string_view part,
                                  std::optional<ContactId> before, int limit) {
  TRY_STATUS(access::authorize(actor, "contact", "list"));
  if (limit < 1 || limit > contact_page_max)
    return fail(ErrorKind::invalid, "bad_limit", "The limit is a number from 1 to 100.");
  auto wanted = to_part(part);
  if (actor.hides_personal()) wanted.address_pattern.clear();  // as if there were no addresses
  ContactPage page;
  const bool is_confined = actor.sees_only_assigned();
  TRY(page.items, session.all("select c.id, c.name, c.note, c.created_at, " ANSWERABLE_SEEN_COUNT(
                                  "c.id", "$5", "$6") ", c.shows_quotes" ANSWERABLE_CONTACTS
                                                      "and c.id < $7 order by c.id desc limit $8",
                              {actor.workspace, wanted.text, wanted.name_pattern, wanted.address_pattern, is_confined,
                               actor.user, before.value_or(greatest()), limit + 1},
                              read_contact));
  if (static_cast<int>(page.items.size()) > limit) {
    page.items.pop_back();
    page.next = page.items.back().id;
  }
  for (auto& contact : page.items) TRY_STATUS(add_identities(session, actor.workspace, contact));
  TRY(page.total, session.number("select count(*) from (select 1" ANSWERABLE_CONTACTS "limit $7) as found",
                                 {actor.workspace, wanted.text, wanted.name_pattern, wanted.address_pattern,
                                  is_confined, actor.user, counted_total_max + 1}));
  page.total_is_exact = page.total <= counted_total_max;
  page.total = std::min(page.total, counted_total_max);
  return page;
}

Result<Contact> update_contact(store::Transaction& tx, const access::Actor& actor, ContactId id,
                               const ContactChange& change) {
  TRY_STATUS(access::authorize(actor, "contact", "update"));
  TRY_STATUS(check(change));
  if (change.note && actor.hides_personal())
    return fail(ErrorKind::denied, "personal_hidden", "Your role does not show this note, so it cannot be changed.");
  TRY(const auto before, load_contact(tx, actor, id));
  if (change.name) TRY_STATUS(rename_contact(tx, actor, id, kept_name(*change.name)));
  if (change.note)
    TRY_STATUS(tx.execute("update contacts set note = $3 where workspace_id = $1 and id = $2",
                          {actor.workspace, id, to_valid_utf8(*change.note)}));
  if (change.shows_quotes)
    TRY_STATUS(tx.execute("update contacts set shows_quotes = $3 where workspace_id = $1 and id = $2",
                          {actor.workspace, id, *change.shows_quotes}));
  if (!fields_of(change).empty()) TRY_STATUS(tell_contact(tx, actor, before, change));
  return load_contact(tx, actor, id);
}

}  // namespace answerable::conversations
