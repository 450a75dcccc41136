// Who takes part in a conversation by mail, and on which side. The customer's side wrote to us or was written to with
// it, and replies go there. A third party got a message forwarded, or got one in blind copy: its mail stands in the
// conversation, and the customer's side hears nothing of it. Who is on both is on the customer's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr int participants_looked_at_max = 200;  // messages of one conversation, newest first

// The address of `shown`, which is one, or a name with one in angle brackets.
std::string_view address_in(std::string_view shown);
bool is_same_address(std::string_view a, std::string_view b);  // without regard to ASCII case
bool is_among(const std::vector<std::string>& addresses, std::string_view address);

struct Participants {
  std::vector<std::string> customer_side, third_parties;
  // Got something that the customer's side did not, and is not on that side.
  bool is_third_party(std::string_view address) const;
  bool is_customer_side(std::string_view address) const;
};
Result<Participants> load_participants(store::Session& session, WorkspaceId workspace, ConversationId conversation);
// Whether there ever was a third party: only then the sides need to be told apart.
Result<bool> has_third_parties(store::Session& session, WorkspaceId workspace, ConversationId conversation);

}  // namespace answerable::conversations
