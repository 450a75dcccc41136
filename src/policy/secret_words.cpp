// What secrets look like. The forms are those that the services publish.
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>

#include "policy/sensitive.h"

namespace answerable::policy {
namespace {

struct Form {
  std::string_view what, pattern;
  bool is_said = false;  // in words: the secret itself is the first group
};
constexpr std::size_t key_bytes = 4'096;  // behind its mark
constexpr std::array forms{
    Form{"a private key", "-----BEGIN [A-Z ]{0,30}PRIVATE KEY( BLOCK)?-----"},
    Form{"an access key", R"(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)"},
    Form{"an access key", R"(\bgh[pousr]_[A-Za-z0-9]{36,}\b)"},
    Form{"an access key", R"(\bgithub_pat_[A-Za-z0-9_]{40,}\b)"},
    Form{"an access key", R"(\bglpat-[A-Za-z0-9_\-]{20,})"},
    Form{"an access key", R"(\bxox[abprs]-[A-Za-z0-9\-]{10,})"},
    Form{"an access key", R"(\bAIza[0-9A-Za-z_\-]{35}\b)"},
    Form{"an access key", R"(\b[sr]k_live_[0-9a-zA-Z]{16,}\b)"},
    Form{"a signed token", R"(\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,})"},
    Form{"a password",
         R"((?i)\b(?:password|passwort|passwd|pwd|mot de passe|kennwort)[ \x{A0}]{0,2})"
         R"((?:(?:is|est|lautet|ist)[ \x{A0}]{0,2}:?[ \x{A0}]|:|=)[ \x{A0}]{0,3}([^\s.,;]\S{5,}))",
         true},
};

RE2::Options options() {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(8L << 20);
  return made;
}

// Compiled once; RE2 is thread-safe after that.
const RE2::Set& all_forms() {
  static const auto made = [] {
    RE2::Set set(options(), RE2::UNANCHORED);
    for (const auto& form : forms) set.Add(re2::StringPiece(form.pattern.data(), form.pattern.size()), nullptr);
    set.Compile();
    return set;
  }();
  return made;
}

// "My password is incorrect" says none: one that is worth the name has a digit or a sign in it.
bool is_secret(std::string_view word) {
  while (!word.empty() && std::string_view(".,;:!?)\"'").contains(word.back())) word.remove_suffix(1);
  return std::ranges::any_of(word, [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U);
    return !is_letter;
  });
}

// What is within the mark of a key is the key.
std::size_t end_of_key(std::string_view text, std::size_t end) {
  end = std::min(text.size(), end + key_bytes);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return end;
}

}  // namespace

std::vector<Sensitive> find_secrets(std::string_view text) {
  std::vector<Sensitive> found;
  std::vector<int> which;
  const re2::StringPiece all(text.data(), text.size());
  if (!all_forms().Match(all, &which)) return found;
  for (const int number : which) {
    const auto& form = forms[static_cast<std::size_t>(number)];
    const RE2 pattern(re2::StringPiece(form.pattern.data(), form.pattern.size()), options());
    std::array<re2::StringPiece, 2> match;
    std::size_t from = 0;
    while (found.size() < sensitive_max &&
           pattern.Match(all, from, text.size(), RE2::UNANCHORED, match.data(), form.is_said ? 2 : 1)) {
      const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
      from = begin + match[0].size();
      if (form.is_said && !is_secret({match[1].data(), match[1].size()})) continue;
      if (form.what == "a private key") from = end_of_key(text, from);
      found.push_back({.begin = begin, .end = from, .what = std::string(form.what)});
    }
  }
  return found;
}

std::string without_sensitive(std::string_view text) {
  std::string out(text);
  for (const auto& list : {find_card_numbers(text), find_secrets(text)})
    for (const auto& one : list)
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(one.begin),
                out.begin() + static_cast<std::ptrdiff_t>(one.end), '*');
  return out;
}

}  // namespace answerable::policy
