// A rule on what messages say: what it looks for, where, and what follows. Rules are data: the operator's hold in every
// workspace and belong to a clause of the policy, an administrator's hold in the own workspace.
// docs/operations/content-rules.md says what each kind finds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace answerable::policy {

using ContentRuleId = Id<struct ContentRuleTag>;

enum class ContentKind : std::uint8_t {
  words,            // words and phrases, in either case
  pattern,          // RE2 patterns
  links,            // hosts, with all below them
  impersonation,    // the name of one of our people, or of a brand (values), with an address that is not ours
  reply_elsewhere,  // answers would go to another domain than the sender's
  card_numbers,     // of payment cards
  secrets,          // keys and passwords in clear
  identical,        // almost the same text to many: values are how many, and within how many minutes
};
// In order of how much they take. A warning asks the author of an outgoing message first; on what arrives it is a note.
enum class ContentAction : std::uint8_t { note, warn, hold, refuse };
enum class ContentWay : std::uint8_t { inbound, outbound, both };

std::string_view to_string(ContentKind kind);
std::string_view to_string(ContentAction action);
std::string_view to_string(ContentWay way);
std::optional<ContentKind> parse_content_kind(std::string_view text);
std::optional<ContentAction> parse_content_action(std::string_view text);
std::optional<ContentWay> parse_content_way(std::string_view text);

inline constexpr std::size_t content_rules_max = 200;  // of the operator, and of each workspace
inline constexpr std::size_t content_name_bytes_max = 100;
inline constexpr std::size_t content_values_max = 1'000;
inline constexpr std::size_t content_value_bytes_max = 200;
inline constexpr std::size_t content_values_bytes_max = 32UL << 10;  // of one rule
inline constexpr std::size_t content_channels_max = 10;

struct ContentRule {
  ContentRuleId id;       // nil: a new one
  WorkspaceId workspace;  // nil: the operator's
  std::string name;       // for people, who see it on a message that it has hit
  std::string clause;     // that a hit on an outgoing message violates; an administrator's has none
  ContentKind kind = ContentKind::words;
  ContentWay way = ContentWay::both;
  ContentAction action = ContentAction::note;
  std::vector<std::string> channels;  // "email", "webchat"; empty: all
  std::vector<std::string> values;    // by kind
  bool is_active = true;

  bool is_operators() const { return workspace.is_nil(); }
  bool applies_to(bool is_outbound, std::string_view channel_kind) const;
};

// Errors: invalid "bad_content_rule", "bad_pattern", each with what is wrong.
Status check_content_rule(const ContentRule& rule);

}  // namespace answerable::policy
