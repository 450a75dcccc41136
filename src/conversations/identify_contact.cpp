#include "conversations/identify_contact.h"

#include "base/utf8.h"
#include "cluster/event_log.h"
#include "conversations/contact_table.h"
#include "conversations/contacts.h"

namespace answerable::conversations {
namespace {

struct Known {
  ContactId contact;
  bool is_nameless = false;
  bool is_verified = false;
};

Status take_name(store::Transaction& tx, WorkspaceId workspace, ContactId contact, std::string_view name) {
  TRY_STATUS(
      tx.execute("update contacts set name = $3, name_key = $4 where workspace_id = $1 and id = $2 and name = ''",
                 {workspace, contact, name, search_key(name)}));
  TRY_STATUS(
      tx.execute("update conversations set contact_name = $3 where workspace_id = $1 and contact_id = $2 "
                 "and contact_name = ''",
                 {workspace, contact, name}));
  return {};
}

Status verify(store::Transaction& tx, const Identification& who) {
  TRY_STATUS(tx.execute("update identities set verified = 1 where workspace_id = $1 and kind = $2 and address_key = $3",
                        {who.workspace, who.kind, who.address_key}));
  return {};
}

}  // namespace

Result<ContactId> identify_contact(store::Transaction& tx, const Identification& who) {
  TRY(auto known, tx.find("select i.contact_id, c.name, i.verified from identities i join contacts c on "
                          "c.workspace_id = i.workspace_id and c.id = i.contact_id "
                          "where i.workspace_id = $1 and i.kind = $2 and i.address_key = $3",
                          {who.workspace, who.kind, who.address_key}, [](const store::Row& row) {
                            return Known{.contact = row.id<ContactId>(0),
                                         .is_nameless = row.text(1).empty(),
                                         .is_verified = row.flag(2)};
                          }));
  auto name = one_line(who.name, contact_name_max_bytes);
  if (known) {
    if (known->is_nameless && !name.empty()) TRY_STATUS(take_name(tx, who.workspace, known->contact, name));
    if (who.is_verified && !known->is_verified) TRY_STATUS(verify(tx, who));
    return known->contact;
  }
  auto id = ContactId::make(tx.clock());
  TRY_STATUS(tx.execute(
      "insert into contacts (workspace_id, id, name, name_key, note, created_at) values ($1, $2, $3, $4, '', $5)",
      {who.workspace, id, name, search_key(name), tx.now()}));
  TRY_STATUS(
      tx.execute("insert into identities (workspace_id, kind, address_key, contact_id, address, verified) "
                 "values ($1, $2, $3, $4, $5, $6)",
                 {who.workspace, who.kind, who.address_key, id, who.address, who.is_verified}));
  return id;
}

}  // namespace answerable::conversations
