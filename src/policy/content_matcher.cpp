#include "policy/content_matcher.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <unordered_set>

#include "base/utf8.h"
#include "policy/content_pattern.h"
#include "policy/file_text.h"
#include "policy/html_words.h"
#include "policy/impersonation.h"
#include "policy/link_host.h"
#include "policy/sensitive.h"

namespace answerable::policy {
namespace {

constexpr std::size_t excerpt_around = 40;  // bytes shown before and behind what was found

RE2::Options set_options() {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(pattern_set_memory_max);
  return made;
}

// A pattern of the set, as it was given.
struct Entry {
  std::size_t rule = 0;
  std::string pattern;
};

std::string around(std::string_view text, std::size_t begin, std::size_t end) {
  auto from = begin > excerpt_around ? begin - excerpt_around : 0;
  auto to = std::min(text.size(), std::min(end, begin + excerpt_bytes_max) + excerpt_around);
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (from > 0 && is_inside(from)) --from;
  while (is_inside(to)) ++to;
  // Blackened as a whole: the edge of an excerpt must not cut a number so that it is none any more.
  return one_line(without_sensitive(text).substr(from, to - from), excerpt_bytes_max);
}

bool is_hidden_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 3);
  return rest == "\xE2\x80\x8B" || rest == "\xE2\x80\x8C" || rest == "\xE2\x80\x8D" || rest == "\xE2\x81\xA0" ||
         rest == "\xEF\xBB\xBF";
}

void append_visible(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto next = std::min(text.find_first_of("\xC2\xE2\xEF", at), text.size());
    out += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    if (text.substr(at, 2) == "\xC2\xAD") {
      at += 2;
    } else if (is_hidden_at(text, at)) {
      at += 3;
    } else {
      out += text[at++];
    }
  }
}

std::optional<std::string> excerpt_of_links(const std::unordered_set<std::string>& list,
                                            const std::vector<std::string>& hosts) {
  for (const auto& host : hosts)
    if (!listed_as(list, host).empty()) return one_line(host, excerpt_bytes_max);
  return std::nullopt;
}

std::optional<std::string> excerpt_of(const std::vector<Sensitive>& found) {
  if (found.empty()) return std::nullopt;
  auto what = found.front().what;
  if (found.size() > 1) what += " (+ " + std::to_string(found.size() - 1) + ")";
  return what;
}

}  // namespace

// One message while the rules are asked; what several need is found once, and what none needs is not.
struct ContentMatcher::View {
  explicit View(const Content& given) : content(given) {}
  const std::string& text() {
    if (!text_) text_ = readable(content);
    return *text_;
  }
  const std::vector<std::string>& hosts() {
    if (hosts_) return *hosts_;
    hosts_.emplace();
    const auto take = [&](const std::string& host, std::size_t) {
      hosts_->push_back(host);
      return true;
    };
    each_host(text(), take);
    each_host(content.html, take);
    each_host(content.quoted, take);
    return *hosts_;
  }
  // Also what is quoted: it leaves again, whoever wrote it.
  std::vector<Sensitive> card_numbers() {
    auto found = find_card_numbers(text());
    for (auto& one : find_card_numbers(content.quoted)) found.push_back(std::move(one));
    return found;
  }

  const Content& content;

 private:
  std::optional<std::string> text_;
  std::optional<std::vector<std::string>> hosts_;
};

struct ContentMatcher::Ready {
  std::unique_ptr<RE2::Set> set;
  std::vector<Entry> entries;
  std::vector<std::unordered_set<std::string>> hosts;  // by rule
};

std::string readable(const Content& content) {
  std::string out;
  out.reserve(content.subject.size() + content.text.size() + content.html.size() + 2);
  append_visible(out, truncate_utf8(content.subject, content_bytes_max / 4));
  out += '\n';
  append_visible(out, truncate_utf8(content.text, content_bytes_max / 2));
  if (!content.html.empty()) {
    out += '\n';
    append_visible(out, words_of_html(truncate_utf8(content.html, content_bytes_max / 4)));
  }
  if (!content.files.empty()) {
    out += '\n';
    append_visible(out, truncate_utf8(content.files, files_text_bytes_max));
  }
  return out;
}

ContentMatcher::ContentMatcher(std::vector<ContentRule> rules)
    : rules_(std::move(rules)), ready_(std::make_unique<Ready>()) {}
ContentMatcher::~ContentMatcher() = default;

Result<std::shared_ptr<const ContentMatcher>> ContentMatcher::make(std::vector<ContentRule> rules) {
  std::shared_ptr<ContentMatcher> made(new ContentMatcher(std::move(rules)));
  TRY_STATUS(made->compile());
  return std::shared_ptr<const ContentMatcher>(std::move(made));
}

Status ContentMatcher::compile() {
  ready_->hosts.resize(rules_.size());
  auto set = std::make_unique<RE2::Set>(set_options(), RE2::UNANCHORED);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    if (!rule.is_active) continue;
    for (const auto& value : rule.values) {
      if (rule.kind == ContentKind::links) ready_->hosts[i].insert(host_of(value));
      if (rule.kind != ContentKind::words && rule.kind != ContentKind::pattern) continue;
      auto pattern = rule.kind == ContentKind::words ? pattern_of_words(value) : value;
      std::string problem;
      if (set->Add(pattern, &problem) < 0) return fail(ErrorKind::invalid, "bad_pattern", problem);
      ready_->entries.push_back({.rule = i, .pattern = std::move(pattern)});
    }
  }
  if (ready_->entries.empty()) return {};
  if (!set->Compile())
    return fail(ErrorKind::invalid, "content_rules_too_large",
                "Together the words and patterns of all rules take too much memory: make them fewer or shorter.");
  ready_->set = std::move(set);
  return {};
}

// By rule. Where the one pass would take too much memory, each pattern goes by itself.
std::vector<bool> ContentMatcher::patterns_in(std::string_view text) const {
  std::vector<bool> hit(rules_.size());
  if (!ready_->set) return hit;
  std::vector<int> which;
  RE2::Set::ErrorInfo error{};
  const bool is_any = ready_->set->Match(re2::StringPiece(text.data(), text.size()), &which, &error);
  if (is_any) {
    for (const int number : which) hit[ready_->entries[static_cast<std::size_t>(number)].rule] = true;
  } else if (error.kind != RE2::Set::kNoError) {
    for (const auto& entry : ready_->entries) hit[entry.rule] = true;  // excerpt_of_patterns() looks again
  }
  return hit;
}

std::optional<std::string> ContentMatcher::excerpt_of_patterns(std::size_t rule, std::string_view text) const {
  const bool is_words = rules_[rule].kind == ContentKind::words;
  for (const auto& entry : ready_->entries) {
    if (entry.rule != rule) continue;
    if (const auto found = find_pattern(entry.pattern, text, is_words)) return around(text, found->begin, found->end);
  }
  return std::nullopt;
}

std::optional<std::string> ContentMatcher::excerpt_for(std::size_t index, View& view, const OwnSenders& own) const {
  const auto& rule = rules_[index];
  switch (rule.kind) {
    case ContentKind::words:
    case ContentKind::pattern: return excerpt_of_patterns(index, view.text());
    case ContentKind::links: return excerpt_of_links(ready_->hosts[index], view.hosts());
    case ContentKind::impersonation: return find_impersonation(rule.values, view.content, own);
    case ContentKind::reply_elsewhere: return find_reply_elsewhere(view.content);
    case ContentKind::card_numbers: return excerpt_of(view.card_numbers());
    case ContentKind::secrets: return excerpt_of(find_secrets(view.text()));
    case ContentKind::identical: break;
  }
  return std::nullopt;
}

std::vector<ContentHit> ContentMatcher::find(const Content& content, const OwnSenders& own) const {
  std::vector<ContentHit> hits;
  View view(content);
  std::optional<std::vector<bool>> is_found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    if (!rule.applies_to(content.is_outbound, content.channel_kind)) continue;
    if (rule.kind == ContentKind::words || rule.kind == ContentKind::pattern) {
      if (!is_found) is_found = patterns_in(view.text());
      if (!(*is_found)[i]) continue;
    }
    if (auto excerpt = excerpt_for(i, view, own)) hits.push_back({.rule = &rule, .excerpt = *std::move(excerpt)});
  }
  return hits;
}

bool ContentMatcher::needs_own_senders(const Content& content) const {
  // What leaves shows nobody's name but ours.
  return !content.is_outbound && std::ranges::any_of(rules_, [&](const ContentRule& rule) {
    return rule.kind == ContentKind::impersonation && rule.applies_to(false, content.channel_kind);
  });
}

}  // namespace answerable::policy
