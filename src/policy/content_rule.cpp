#include "policy/content_rule.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "policy/clause.h"
#include "policy/content_pattern.h"
#include "policy/link_host.h"

namespace answerable::policy {
namespace {

constexpr std::array<std::string_view, 8> kinds{"words",           "pattern",      "links",   "impersonation",
                                                "reply_elsewhere", "card_numbers", "secrets", "identical"};
constexpr std::array<std::string_view, 4> actions{"note", "warn", "hold", "refuse"};
constexpr std::array<std::string_view, 3> ways{"inbound", "outbound", "both"};
constexpr std::int64_t identical_number_max = 10'000;

template <class Enum, std::size_t n>
std::optional<Enum> parse(const std::array<std::string_view, n>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

std::unexpected<Error> bad(std::string_view what) {
  return fail(ErrorKind::invalid, "bad_content_rule", std::string(what));
}

bool is_line(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && is_valid_utf8(text) &&
         text.find_first_of(std::string_view("\0\n\r", 3)) == std::string_view::npos;
}

bool is_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= identical_number_max;
}

bool needs_values(ContentKind kind) {
  return kind == ContentKind::words || kind == ContentKind::pattern || kind == ContentKind::links;
}

Status check_value(ContentKind kind, std::string_view value) {
  if (!is_line(value, content_value_bytes_max)) return bad("Each value is one line of 1 to 200 bytes.");
  if (kind == ContentKind::pattern) return check_pattern(value);
  if (kind == ContentKind::links && host_of(value).empty())
    return bad("A host is written as example.com, without a scheme or a path.");
  if (kind == ContentKind::words && value.find_first_not_of(' ') == std::string_view::npos)
    return bad("Each value is one line of 1 to 200 bytes.");
  return {};
}

Status check_values(const ContentRule& rule) {
  if (needs_values(rule.kind) && rule.values.empty()) return bad("Say what the rule looks for: a value a line.");
  if (rule.values.size() > content_values_max) return bad("A rule has at most 1,000 values: make it two rules.");
  std::size_t bytes = 0;
  for (const auto& value : rule.values) {
    bytes += value.size();
    TRY_STATUS(check_value(rule.kind, value));
  }
  if (bytes > content_values_bytes_max) return bad("The values of a rule have at most 32 KiB: make it two rules.");
  if (rule.kind == ContentKind::identical && (rule.values.size() != 2 || !std::ranges::all_of(rule.values, is_number)))
    return bad("Say how many, and within how many minutes: two whole numbers from 1 to 10,000.");
  const bool takes_none = rule.kind == ContentKind::reply_elsewhere || rule.kind == ContentKind::card_numbers ||
                          rule.kind == ContentKind::secrets;
  if (takes_none && !rule.values.empty()) return bad("This kind of rule takes no values.");
  return {};
}

}  // namespace

std::string_view to_string(ContentKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
std::string_view to_string(ContentAction action) { return actions[static_cast<std::size_t>(action)]; }
std::string_view to_string(ContentWay way) { return ways[static_cast<std::size_t>(way)]; }
std::optional<ContentKind> parse_content_kind(std::string_view text) { return parse<ContentKind>(kinds, text); }
std::optional<ContentAction> parse_content_action(std::string_view text) { return parse<ContentAction>(actions, text); }
std::optional<ContentWay> parse_content_way(std::string_view text) { return parse<ContentWay>(ways, text); }

bool ContentRule::applies_to(bool is_outbound, std::string_view channel_kind) const {
  if (!is_active || way == (is_outbound ? ContentWay::inbound : ContentWay::outbound)) return false;
  return channels.empty() || std::ranges::find(channels, channel_kind) != channels.end();
}

Status check_content_rule(const ContentRule& rule) {
  if (!is_line(rule.name, content_name_bytes_max)) return bad("A rule has a name of one line, at most 100 bytes.");
  if (rule.is_operators() && !is_snake_case(rule.clause)) return bad("Say which clause the rule watches over.");
  if (!rule.is_operators() && !rule.clause.empty()) return bad("Only the operator's rules belong to a clause.");
  if (rule.channels.size() > content_channels_max) return bad("A rule names at most ten kinds of channels.");
  for (const auto& channel : rule.channels)
    if (!is_snake_case(channel)) return bad("A channel is named by its kind: email or webchat.");
  const bool is_about_sender = rule.kind == ContentKind::impersonation || rule.kind == ContentKind::reply_elsewhere;
  if (is_about_sender && rule.way != ContentWay::inbound) return bad("This kind of rule is about what arrives.");
  if (rule.kind == ContentKind::identical && rule.way != ContentWay::outbound)
    return bad("This kind of rule is about what leaves.");
  return check_values(rule);
}

}  // namespace answerable::policy
