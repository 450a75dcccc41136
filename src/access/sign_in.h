// Signing in by mail address and password. Takes the time of one password hash whether or not the address exists.
#pragma once

#include <optional>
#include <string>

#include "access/password.h"
#include "access/session.h"
#include "access/throttle.h"
#include "access/user.h"
#include "access/workspace.h"
#include "store/database.h"

namespace answerable::access {

struct SignInRequest {
  std::string email, password;
  std::string code = {};     // of the second factor, or a recovery code
  std::string device_token;  // of an earlier sign-in on this device, or empty
  std::string user_agent, address, address_key;
  std::string replaces_token;  // the session that the browser had: ended, so that the token changes at sign-in
};

struct SignedIn {
  OpenedSession session;
  std::string device_token;
  User user;
  std::optional<Workspace> workspace;  // none for the operator
};

struct SignInParts {  // all outlive the calls
  store::Database& database;
  SignInThrottle& throttle;
  const Clock& clock;
  PasswordCost cost = {};
  std::string_view second_factor_key = {};  // the installation's, 32 bytes
};

// Blocks for about 0.15 s: for HashingThreads. Errors: unauthenticated "invalid_credentials" (the same for an unknown
// address, a wrong password and a disabled account), "second_factor_needed" (the password is right, and no code came),
// "code_wrong", limited "too_many_attempts" (then `wait_ms` says how long).
Result<SignedIn> sign_in(const SignInParts& parts, const SignInRequest& request, std::int64_t& wait_ms);

}  // namespace answerable::access
