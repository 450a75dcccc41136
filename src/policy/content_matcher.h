// All rules of one owner, made ready: words and patterns go over a text together, in one pass. Immutable; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "policy/content_rule.h"

namespace answerable::policy {

inline constexpr std::size_t content_bytes_max = 2UL << 20;  // of subject, text and HTML together, that are looked at
inline constexpr std::size_t excerpt_bytes_max = 160;

// A message as the rules see it.
struct Content {
  bool is_outbound = false;
  std::string_view channel_kind;
  std::string_view subject, text, html;
  std::string_view files = {};   // what its text files say (file_text.h)
  std::string_view quoted = {};  // of what leaves: what it repeats of others; asked for links and card numbers only
  // Of what arrives:
  std::string_view from_name, from_address;
  std::vector<std::string> reply_to = {};  // addresses
  bool is_sender_disproved = false;        // its domain says that this mail is not its own
};

// Whose names nobody else may use (impersonation.h); asked for when a rule needs it.
class OwnSenders {
 public:
  void add_name(std::string_view name);
  void add_address(std::string_view address);
  bool has_name_like(const std::string& likeness) const { return likenesses_.contains(likeness); }
  bool has_address(std::string_view address) const;
  std::size_t size() const { return likenesses_.size() + addresses_.size(); }

 private:
  std::unordered_set<std::string> likenesses_;
  std::unordered_set<std::string> addresses_;  // in small letters
};

struct ContentHit {
  const ContentRule* rule = nullptr;  // lives as long as the matcher
  std::string excerpt;  // what people may see of it: nothing sensitive, one line, at most excerpt_bytes_max
};

class ContentMatcher {
 public:
  // The rules are checked ones. Errors: invalid "content_rules_too_large": together they take too much memory.
  static Result<std::shared_ptr<const ContentMatcher>> make(std::vector<ContentRule> rules);
  ~ContentMatcher();
  ContentMatcher(const ContentMatcher&) = delete;
  ContentMatcher& operator=(const ContentMatcher&) = delete;

  // In the order of the rules, each at most once. Those of the kind `identical` are not asked: they need the past.
  std::vector<ContentHit> find(const Content& content, const OwnSenders& own) const;
  bool needs_own_senders(const Content& content) const;
  const std::vector<ContentRule>& rules() const { return rules_; }

 private:
  struct Ready;
  struct View;
  explicit ContentMatcher(std::vector<ContentRule> rules);
  Status compile();
  std::vector<bool> patterns_in(std::string_view text) const;
  std::optional<std::string> excerpt_for(std::size_t rule, View& view, const OwnSenders& own) const;
  std::optional<std::string> excerpt_of_patterns(std::size_t rule, std::string_view readable) const;

  std::vector<ContentRule> rules_;
  std::unique_ptr<Ready> ready_;
};

// Subject, text, what of the HTML people read, what its files say; zero-width signs, which would hide words, are gone.
std::string readable(const Content& content);

}  // namespace answerable::policy
