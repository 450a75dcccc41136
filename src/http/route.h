// A route of the API: what is asked for, what the caller must be allowed, and the act. The guard stands before every
// act: who (cookie or API key), how often, from where (CSRF), may they, is the body what it should be.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "http/context.h"
#include "http/json_reader.h"
#include "net/router.h"

namespace answerable::http {

// What the caller must be allowed. There is no default, so a route without it does not compile; a pair that the table
// of access does not know aborts when the route is added.
class Needs {
 public:
  enum class Whose : std::uint8_t {
    workspace,
    own,  // the thing is the caller's, or the act decides again once it knows whose thing it is
  };
  consteval Needs(std::string_view resource, std::string_view action, Whose whose = Whose::workspace)
      : resource_(resource), action_(action), whose_(whose) {}
  static consteval Needs nobody() { return Needs("", ""); }  // open to everybody: to sign in, to read the description

  bool is_open() const { return resource_.empty(); }
  std::string_view resource() const { return resource_; }
  std::string_view action() const { return action_; }
  bool is_own() const { return whose_ == Whose::own; }

 private:
  std::string_view resource_, action_;
  Whose whose_;
};

struct Call {
  ApiContext& api;
  const net::Request& request;
  access::Actor actor = {};  // meaningless on an open route
  std::string token = {};    // the session's, when it came by cookie
  std::vector<FieldError> fields = {};
  std::int64_t retry_after_ms = 0;
  std::string aimed_at = {};  // whose account a stranger has tried: a mail address
};

using Act = std::function<Result<net::Response>(Call&)>;

enum class Runs : std::uint8_t { workers, hashing, fetching };
enum class BodyKind : std::uint8_t { none, json, raw };

struct ApiRoute {
  std::string_view method;
  std::string_view path;  // below /api/v1
  Needs needs;
  Act act;
  RateClass rate = RateClass::read;
  BodyKind body = BodyKind::none;
  Runs runs = Runs::workers;
  std::size_t body_bytes_max = 64UL << 10;
};

void add_route(net::Router& router, ApiContext& api, ApiRoute route);

// The guard by itself, for routes that answer later (long poll, WebSocket).
struct Guard {
  Needs needs;
  std::string_view path = {};  // of the route, below /api/v1
  RateClass rate = RateClass::read;
  BodyKind body = BodyKind::none;
};
struct Admission {
  Status status = {};                                  // why not
  std::shared_ptr<const policy::Allowance> allowance;  // `rate` points into it
  std::optional<RateAnswer> rate;
};
Admission admit(Call& call, const Guard& guard);
// For a request that has waited: whether its credential still holds, and still allows it.
Status admit_again(Call& call, const Guard& guard);
// Turns the outcome into the response, with all headers that every answer of the API has.
net::Response finish(Call& call, const Guard& guard, const Admission& admission, Result<net::Response> outcome);

}  // namespace answerable::http
