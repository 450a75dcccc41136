// The people who write to us.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "conversations/conversation.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::size_t contact_name_max_bytes = 200;
inline constexpr std::size_t contact_note_max_bytes = 10'000;
inline constexpr int contact_page_max = 100;

struct Identity {
  std::string kind, address;
  bool is_verified = false;
};

struct Contact {
  ContactId id;
  std::string name, note;
  Time created_at;
  std::vector<Identity> identities;
  bool shows_quotes = false;  // an agent has seen that quotes were taken wrongly from this sender's mail: show it whole
  std::int64_t conversation_count = 0;
  std::vector<ConversationItem> conversations;  // newest 20; only from load_contact
};

// Errors: denied, not_found "no_contact".
Result<Contact> load_contact(store::Session& session, const access::Actor& actor, ContactId id);

// Empty when there is no such contact, or it has none.
Result<std::string> find_contact_name(store::Session& session, WorkspaceId workspace, ContactId id);

struct ContactPage {
  std::vector<Contact> items;  // newest contact first
  std::int64_t total = 0;
  bool total_is_exact = true;  // exact up to counted_total_max
  std::optional<ContactId> next;
};
// `part` is looked for in names and addresses without regard to case; empty: all.
Result<ContactPage> list_contacts(store::Session& session, const access::Actor& actor, std::string_view part,
                                  std::optional<ContactId> before, int limit);

struct ContactChange {
  std::optional<std::string> name, note;
  std::optional<bool> shows_quotes;
};
// A new name shows in all the contact's conversations. Errors: denied, not_found, invalid "empty_name" /
// "name_too_long" / "note_too_long".
Result<Contact> update_contact(store::Transaction& tx, const access::Actor& actor, ContactId id,
                               const ContactChange& change);

}  // namespace answerable::conversations
