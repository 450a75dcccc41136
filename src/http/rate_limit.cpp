#include "http/rate_limit.h"

#include <algorithm>
#include <string>

namespace answerable::http {
namespace {

constexpr std::string_view too_many = "Too many requests. Wait as long as Retry-After says.";
constexpr std::string_view too_many_of_workspace =
    "This workspace sends too many requests. Wait as long as Retry-After says, or ask the operator for more.";

std::int64_t configured(const RateLimits& limits, RateClass rate_class) {
  switch (rate_class) {
    case RateClass::read: return limits.read;
    case RateClass::write: return limits.write;
    case RateClass::search: return limits.search;
    case RateClass::upload: return limits.upload;
    case RateClass::sign_in: return limits.sign_in;
    case RateClass::exporting: return limits.exporting;
  }
  return limits.read;
}

std::optional<std::int64_t> agreed(const policy::Allowance& allowance, RateClass rate_class) {
  switch (rate_class) {
    case RateClass::read: return allowance.read;
    case RateClass::write: return allowance.write;
    case RateClass::search: return allowance.search;
    case RateClass::upload: return allowance.upload;
    case RateClass::exporting: return allowance.exports;
    case RateClass::sign_in: return std::nullopt;
  }
  return std::nullopt;
}

std::string key_of(RateClass rate_class, char whose, std::string_view who) {
  std::string key{static_cast<char>('0' + static_cast<int>(rate_class)), whose};
  return key.append(who);
}

std::string own_key(RateClass rate_class, const Asker& asker) {
  if (asker.actor == nullptr) return key_of(rate_class, 'a', asker.address_key);
  return key_of(rate_class, asker.actor->kind_name().front(), asker.actor->id_text());
}

// Administrators come in as always, to see why and to cure it.
const std::optional<policy::Limitation>* limitation_for(const access::Actor& actor,
                                                        const policy::Allowance& allowance) {
  if (actor.kind == access::Actor::Kind::api_key) return &allowance.programs;
  return actor.role < access::Role::administrator ? &allowance.people : nullptr;
}

std::string item(std::string_view name, const RateVerdict& verdict) {
  return "\"" + std::string(name) + "\";r=" + std::to_string(verdict.remaining) +
         ";t=" + std::to_string((verdict.reset_ms + 999) / 1000);
}

std::string policy_item(std::string_view name, const RateVerdict& verdict) {
  return "\"" + std::string(name) + "\";q=" + std::to_string(verdict.quota) +
         ";w=" + std::to_string(verdict.window_ms / 1000);
}

}  // namespace

std::string_view to_string(RateClass rate_class) {
  switch (rate_class) {
    case RateClass::read: return "read";
    case RateClass::write: return "write";
    case RateClass::search: return "search";
    case RateClass::upload: return "upload";
    case RateClass::sign_in: return "sign_in";
    case RateClass::exporting: return "export";
  }
  return "read";
}

std::int64_t RateAnswer::wait_ms() const { return std::max(own.wait_ms, workspace ? workspace->wait_ms : 0); }

RateAnswer RateGuard::take(RateClass rate_class, const Asker& asker, const policy::Allowance& allowance) {
  const auto of_workspace =
      agreed(allowance, rate_class).value_or(configured(limits_, rate_class) * limits_.workspace_times);
  const Rate own{.quota = std::min(configured(limits_, rate_class), of_workspace)};
  const auto key = own_key(rate_class, asker);
  RateAnswer answer{.rate_class = rate_class, .own = limiter_.take(key, own), .workspace = {}, .refusal = {}};
  if (!answer.own.is_allowed) answer.refusal = too_many;
  if (!answer.is_allowed() || asker.actor == nullptr || asker.actor->workspace.is_nil()) return answer;
  const auto& workspace = asker.actor->workspace.bytes();
  if (const auto* limited = limitation_for(*asker.actor, allowance); limited != nullptr && *limited) {
    // One for all classes: what is limited is the whole of what programs, or people, ask.
    answer.workspace =
        limiter_.take(std::string(1, asker.actor->kind_name().front()).append("l").append(workspace), (*limited)->rate);
    if (!answer.workspace->is_allowed) answer.refusal = (*limited)->reason;
  } else {
    answer.workspace = limiter_.take(key_of(rate_class, 'w', workspace), {.quota = of_workspace});
    if (!answer.workspace->is_allowed) answer.refusal = too_many_of_workspace;
  }
  if (!answer.is_allowed()) limiter_.give_back(key, own);
  return answer;
}

bool RateGuard::take_message(const access::Actor& actor) {
  return limiter_.take("m" + actor.id_text(), {.quota = limits_.read}).is_allowed;
}

void add_rate_headers(net::Headers& headers, const RateAnswer& answer) {
  const auto name = to_string(answer.rate_class);
  auto policies = policy_item(name, answer.own);
  auto states = item(name, answer.own);
  if (answer.workspace) {
    const auto whole = std::string(name) + "_workspace";
    policies += ", " + policy_item(whole, *answer.workspace);
    states += ", " + item(whole, *answer.workspace);
  }
  headers.set("RateLimit-Policy", policies);
  headers.set("RateLimit", states);
}

}  // namespace answerable::http
