// The last step of every way to sign in: who it is has been shown, and a session opens. Part of other acts, with its
// ledger entry.
#pragma once

#include <string>
#include <string_view>

#include "access/sign_in.h"

namespace answerable::access {

inline constexpr std::string_view by_single_sign_on = "single_sign_on";

struct Entering {
  std::string_view device_token;  // as the browser says; one that is not known for this person is not taken over
  std::string_view user_agent, address;
  std::string_view replaces_token = {};  // the session that the browser had ends
  std::string_view by = {};              // for the ledger: "passkey", by_single_sign_on; empty: by password
  ProviderSession provider = {};         // of by_single_sign_on
};

// Errors: unauthenticated "single_sign_on_required" where it is enforced and this was another way.
Result<SignedIn> enter(store::Transaction& tx, const User& user, const Entering& entering);
// What is refused, in the person's name. Not waited for: otherwise an account that exists would be told from one that
// does not by the time of a commit.
void note_refused(store::Database& database, const User& user);

}  // namespace answerable::access
