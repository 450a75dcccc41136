// POST /sso/logout: where a provider of single sign-on says that somebody's session there is over.
#pragma once

#include <memory>

#include "http/context.h"
#include "http/identity_provider.h"
#include "net/router.h"

namespace answerable::http {

inline constexpr std::string_view provider_logout_path = "/sso/logout";

void add_provider_logout_route(net::Router& router, ApiContext& api, std::shared_ptr<IdentityProviders> providers);

}  // namespace answerable::http
