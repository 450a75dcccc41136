// What all ways to sign in share: what the browser brings, and the answer with its cookies.
#pragma once

#include "access/sign_in.h"
#include "http/route.h"

namespace answerable::http {

access::SignInParts sign_in_parts(ApiContext& api);
// Device, address and the session that the browser had; who it is and how that is shown are the caller's.
access::SignInRequest request_of_browser(const Call& call);

// Who is signed in. With the suspension of sending, so that the composer says it from the start and not after a
// refusal.
Result<net::Response> session_response(const Call& call, store::Session& session, const access::User& user);
void set_signed_in_cookies(net::Response& response, const access::SignedIn& signed_in, const ApiConfig& config);
Result<net::Response> signed_in_response(Call& call, const access::SignedIn& signed_in);

// An API key has no user behind it. Errors: denied "not_allowed".
Status require_person(const Call& call);

}  // namespace answerable::http
