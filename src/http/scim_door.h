// The door of a company's directory (RFC 7644): the workspace's token and nothing else, SCIM's form of errors, its
// rates. A suspension does not close it, so that whoever has left is out at once whatever else is stopped.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/route.h"
#include "net/router.h"

namespace answerable::http {

using ScimAct = Result<net::Response> (*)(Call&);
// `path` is below /scim/v2. The act finds the directory as its actor.
void add_scim_route(net::Router& router, ApiContext& api, std::string_view method, std::string_view path, ScimAct act);
// What is done with things of one kind, all of them (`path`) and one (`path`/{id}).
struct ScimResource {
  ScimAct list, create, show, replace, patch, remove;
};
void add_scim_resource(net::Router& router, ApiContext& api, const std::string& path, const ScimResource& acts);

std::string scim_base_url(const Call& call);
net::Response scim_response(int status, std::string body);
// What the directory has changed about people holds from now on.
void forget_people(Call& call);

// ?startIndex= and ?count= (RFC 7644 section 3.4.2.4): less than 1 is 1, and a negative count is none.
struct ScimPage {
  std::int64_t start = 1, count = 0;  // the first from 1, and at most so many
};
ScimPage scim_page(const Call& call);

}  // namespace answerable::http
