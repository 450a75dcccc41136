// "Is it still you?" Dangerous acts (steps_up in the table of authorize.cpp) want that whoever sits there has shown it
// within the last five minutes, by what signing in asks for.
#pragma once

#include <string>

#include "access/actor.h"
#include "access/sign_in.h"

namespace answerable::access {

struct Confirmation {
  std::string password, code;  // the code only of who has a second factor
};

// Blocks for about 0.15 s: for HashingThreads. Call Authenticator::changed() after it. Errors: invalid "wrong_password"
// and "code_wrong", limited "too_many_attempts" (then `wait_ms` says how long).
Status confirm_session(const SignInParts& parts, const Actor& me, const Confirmation& given, std::int64_t& wait_ms);

}  // namespace answerable::access
