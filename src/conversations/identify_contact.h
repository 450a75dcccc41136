// Who is it? Finds the contact behind a channel kind and a normalised address, or makes one.
#pragma once

#include <string>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::conversations {

struct Identification {
  WorkspaceId workspace;
  std::string kind;         // the channel kind: "email", "webchat"
  std::string address_key;  // normalised, at most 512 bytes; unique with workspace and kind
  std::string address;      // as shown
  std::string name;         // may be empty
  bool is_verified = false;
};

// One statement when the identity is known, three when it is new. A known contact without a name takes the one given.
Result<ContactId> identify_contact(store::Transaction& tx, const Identification& identification);

}  // namespace answerable::conversations
