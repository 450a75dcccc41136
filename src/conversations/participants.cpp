#include "conversations/participants.h"

#include <algorithm>

#include "conversations/conversation.h"
#include "conversations/lines.h"

namespace answerable::conversations {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void add(std::vector<std::string>& list, std::string_view shown) {
  const auto address = address_in(shown);
  if (!address.empty() && !is_among(list, address)) list.emplace_back(address);
}

void add_lines(std::vector<std::string>& list, std::string_view lines) {
  for (const auto& line : from_lines(lines)) add(list, line);
}

Status add_contact(store::Session& session, WorkspaceId workspace, ConversationId conversation, Participants& found) {
  return session.each(
      "select c.contact_address, i.address from conversations c left join identities i on i.workspace_id = "
      "c.workspace_id and i.contact_id = c.contact_id where c.workspace_id = $1 and c.id = $2",
      {workspace, conversation}, [&](const store::Row& row) {
        add(found.customer_side, row.text(0));
        if (!row.is_null(1)) add(found.customer_side, row.text(1));
      });
}

}  // namespace

std::string_view address_in(std::string_view shown) {
  auto open = shown.rfind('<');
  if (open == std::string_view::npos || !shown.ends_with('>')) return shown;
  return shown.substr(open + 1, shown.size() - open - 2);
}

bool is_same_address(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_among(const std::vector<std::string>& addresses, std::string_view address) {
  return std::ranges::any_of(addresses, [&](const auto& one) { return is_same_address(one, address); });
}

bool Participants::is_customer_side(std::string_view address) const { return is_among(customer_side, address); }

bool Participants::is_third_party(std::string_view address) const {
  return is_among(third_parties, address) && !is_customer_side(address);
}

Result<Participants> load_participants(store::Session& session, WorkspaceId workspace, ConversationId conversation) {
  Participants found;
  TRY_STATUS(add_contact(session, workspace, conversation, found));
  TRY_STATUS(
      session.each("select from_address, recipients, copies, blind_copies, third_party from messages where "
                   "workspace_id = $1 and conversation_id = $2 and direction <> $3 and cancelled = 0 "
                   "order by position desc limit $4",
                   {workspace, conversation, static_cast<int>(Direction::note), participants_looked_at_max},
                   [&](const store::Row& row) {
                     auto& side = row.flag(4) ? found.third_parties : found.customer_side;
                     add(side, row.text(0));
                     add_lines(side, row.text(1));
                     add_lines(side, row.text(2));
                     add_lines(found.third_parties, row.text(3));
                   }));
  return found;
}

Result<bool> has_third_parties(store::Session& session, WorkspaceId workspace, ConversationId conversation) {
  TRY(auto flag, session.number("select coalesce(max(third_parties), 0) from conversations where workspace_id = $1 "
                                "and id = $2",
                                {workspace, conversation}));
  return flag != 0;
}

}  // namespace answerable::conversations
