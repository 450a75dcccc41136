#include "net/router.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/ensure.h"
#include "base/utf8.h"

namespace answerable::net {

// One segment of the paths. `parameter` is the branch of {name}, `rest` holds the routes of {name*} that end here.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::vector<const Route*> here;
  std::vector<const Route*> rest;
};

namespace {

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}
bool is_rest(std::string_view segment) { return is_parameter(segment) && segment[segment.size() - 2] == '*'; }

std::vector<std::string_view> cut(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  while (true) {
    auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

// Decoded segments, or nothing when the path is not one that we serve: not UTF-8, with NUL, with "." or "..".
std::optional<std::vector<std::string>> decode(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  std::vector<std::string> segments;
  for (auto raw : cut(path)) {
    auto segment = percent_decode(raw);
    if (!segment || segments.size() == Router::segments_max) return std::nullopt;
    bool refused = *segment == "." || *segment == ".." || segment->find('\0') != std::string::npos;
    if (refused || !is_valid_utf8(*segment)) return std::nullopt;
    segments.push_back(std::move(*segment));
  }
  return segments;
}

const Route* of_method(const std::vector<const Route*>& routes, std::string_view method) {
  for (const auto* route : routes) {
    if (route->method == method) return route;
  }
  return nullptr;
}

std::string allowed_methods(const std::vector<const Route*>& routes) {
  std::string allow;
  for (const auto* route : routes) allow += route->method + ", ";
  if (of_method(routes, "GET") != nullptr && of_method(routes, "HEAD") == nullptr) allow += "HEAD, ";
  if (of_method(routes, "OPTIONS") == nullptr) return allow + "OPTIONS";
  allow.resize(allow.size() - 2);
  return allow;
}

void name_parameters(RouteMatch& match, const std::vector<std::string>& segments) {
  auto names = cut(match.route->pattern);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_parameter(names[i])) continue;
    bool rest = is_rest(names[i]);
    auto name = names[i].substr(1, names[i].size() - (rest ? 3 : 2));
    std::string value = segments[i];
    for (std::size_t k = i + 1; rest && k < segments.size(); ++k) value += "/" + segments[k];
    match.parameters.emplace_back(name, std::move(value));
  }
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options) {
  insert(std::make_unique<Route>(Route{std::string(method), std::string(pattern), options, {}, std::move(handler)}));
}

void Router::add_async(std::string_view method, std::string_view pattern, AsyncHandler handler, RouteOptions options) {
  insert(std::make_unique<Route>(Route{std::string(method), std::string(pattern), options, {}, std::move(handler)}));
}

void Router::add_websocket(std::string_view pattern, WebSocketFactory factory, WebSocketOptions options) {
  insert(std::make_unique<Route>(Route{"GET", std::string(pattern), {}, options, std::move(factory)}));
}

void Router::fallback(Handler handler) {
  RouteOptions options{.max_body_bytes = 0, .blocking = false};
  fallback_ = std::make_unique<Route>(Route{"GET", "{path*}", options, {}, std::move(handler)});
}

void Router::insert(std::unique_ptr<Route> route) {
  ensure(route->pattern.starts_with('/'), "a pattern starts with '/'");
  auto segments = cut(route->pattern);
  ensure(segments.size() <= segments_max, "a pattern has at most 32 segments");
  Node* node = root_.get();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (is_rest(segments[i])) {
      ensure(i + 1 == segments.size(), "{name*} is the last segment of a pattern");
      break;
    }
    auto& next = is_parameter(segments[i]) ? node->parameter : node->literals[std::string(segments[i])];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  auto& routes = is_rest(segments.back()) ? node->rest : node->here;
  ensure(of_method(routes, route->method) == nullptr, "a pattern is added once for each method");
  routes.push_back(route.get());
  routes_.push_back(std::move(route));
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  auto segments = decode(path);
  if (!segments) {
    match.kind = RouteMatch::Kind::bad_path;
    return match;
  }
  // Depth first, literal before parameter before rest; what answers the path in other methods is collected on the way.
  // A node is visited at most once for each choice of branches, and patterns are ours, so strangers cannot make it
  // slow.
  std::vector<const Route*> others;
  auto choose = [&](const std::vector<const Route*>& routes) {
    const Route* found = of_method(routes, method);
    if (found == nullptr && method == "HEAD") found = of_method(routes, "GET");
    if (found == nullptr) others.insert(others.end(), routes.begin(), routes.end());
    return found;
  };
  auto walk = [&](auto& self, const Node& node, std::size_t depth) -> const Route* {
    if (depth == segments->size()) return choose(node.here);
    const auto& segment = (*segments)[depth];
    if (auto literal = node.literals.find(segment); literal != node.literals.end()) {
      if (const auto* found = self(self, *literal->second, depth + 1)) return found;
    }
    if (segment.empty()) return nullptr;
    const Route* found = node.parameter ? self(self, *node.parameter, depth + 1) : nullptr;
    return found != nullptr ? found : choose(node.rest);
  };
  match.route = walk(walk, *root_, 0);
  if (match.route == nullptr && others.empty() && fallback_ && (method == "GET" || method == "HEAD")) {
    match.route = fallback_.get();
    match.kind = RouteMatch::Kind::found;
    return match;
  }
  if (match.route != nullptr) {
    match.kind = RouteMatch::Kind::found;
    name_parameters(match, *segments);
  } else if (!others.empty()) {
    match.kind = method == "OPTIONS" ? RouteMatch::Kind::options : RouteMatch::Kind::method_not_allowed;
    match.allow = allowed_methods(others);
  }
  return match;
}

}  // namespace answerable::net
