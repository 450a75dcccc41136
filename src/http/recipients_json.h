// Whom a mail goes to, as a request names them: to, cc and bcc.
#pragma once

#include <string>
#include <vector>

#include "http/context.h"
#include "http/json_reader.h"
#include "http/route.h"

namespace answerable::http {

struct GivenRecipients {
  std::vector<std::string> to, cc, bcc;  // each address once, in the first list that names it
};
// Reads the three lists. What is no address, and an address of one of the workspace's own channels (what goes there
// comes back), is refused by name; each list has at most outbox::recipients_max, and what uses them checks the sum.
GivenRecipients read_recipients(const Call& call, JsonReader& body);
// Where there is one addressee, which the caller has read: cc and bcc.
GivenRecipients read_copies(const Call& call, JsonReader& body, std::string_view to);
// Makes each address normal, and refuses as above.
void check_addresses(const Call& call, JsonReader& body, std::string_view field, std::vector<std::string>& addresses);

// The addresses of the workspace's mail channels, sorted: no reply goes to them.
std::vector<std::string> own_addresses(ApiContext& api, WorkspaceId workspace);

}  // namespace answerable::http
