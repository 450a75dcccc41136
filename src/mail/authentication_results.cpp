#include "mail/authentication_results.h"

#include <algorithm>

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/organisational_domain.h"

namespace answerable::mail {

namespace {

// Comments, blanks and folding between tokens are left out; a quoted string is one token.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) {}

  bool at_end() {
    skip_blanks();
    return rest_.empty();
  }
  bool take(char c) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Up to the next blank or one of `stops`.
  std::string word(std::string_view stops) {
    skip_blanks();
    if (rest_.starts_with('"')) return quoted();
    std::size_t end = 0;
    while (end < rest_.size() && !is_space(rest_[end]) && stops.find(rest_[end]) == std::string_view::npos) ++end;
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return text;
  }
  // A property's value, with all that is glued to it: of bank.example(.evil.example, of "a@bank.example"@evil.example,
  // whoever made it up chose the beginning.
  std::string value() {
    auto text = word(";");
    while (!rest_.empty() && !is_space(rest_.front()) && rest_.front() != ';') {
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    return text;
  }
  // To the end of this result.
  void skip_to_semicolon() {
    while (!at_end() && rest_.front() != ';') {
      if (word(";(\"").empty() && !rest_.empty() && rest_.front() != ';' && rest_.front() != '(' &&
          rest_.front() != '"')
        rest_.remove_prefix(1);
    }
  }

 private:
  void skip_blanks() {
    for (;;) {
      while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
      if (!rest_.starts_with('(')) return;
      skip_comment();
    }
  }
  // An unfinished comment takes the rest with it.
  void skip_comment() {
    int depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(c == '\\' ? std::min<std::size_t>(2, rest_.size()) : 1);
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return;
    }
  }
  std::string quoted() {
    std::string text;
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      if (rest_.front() != '\r' && rest_.front() != '\n') text += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    return text;
  }

  std::string_view rest_;
};

// "method[/version]=result [reason=…] [ptype.property=value …]"; false when it is none.
bool read_result(Tokens& tokens, MethodResult& result) {
  result.method = to_lower(tokens.word("=;/"));
  if (tokens.take('/')) tokens.word("=;");
  if (result.method.empty() || !tokens.take('=')) return false;
  result.result = to_lower(tokens.word(";("));
  if (result.result.empty()) return false;
  while (!tokens.at_end()) {
    if (tokens.take(';')) return true;
    const auto name = to_lower(tokens.word("=;"));
    if (name.empty() || !tokens.take('=')) {
      tokens.skip_to_semicolon();
      continue;
    }
    result.properties.emplace_back(name, tokens.value());
  }
  return true;
}

void read_results(Tokens& tokens, AuthenticationResults& read) {
  while (!tokens.at_end() && read.results.size() < max_results_of_field) {
    MethodResult result;
    if (read_result(tokens, result)) {
      read.results.push_back(std::move(result));
    } else {
      tokens.skip_to_semicolon();
      tokens.take(';');
    }
  }
}

// The id may be followed by a version.
void read_all(Tokens& tokens, AuthenticationResults& read) {
  read.authserv_id = to_lower(tokens.word(";("));
  tokens.skip_to_semicolon();
  if (tokens.take(';')) read_results(tokens, read);
}

// The host after "by" of a trace field, or its address literal; empty when there is none.
std::string receiving_host(std::string_view received) {
  Tokens tokens(received);
  while (!tokens.at_end()) {
    const auto word = tokens.word(";(");
    if (word.empty()) return {};
    if (same_letters(word, "by")) return to_lower(tokens.word(";("));
  }
  return {};
}

// Servers of large providers hand mail on among themselves by address.
bool is_of_server(std::string_view received, std::string_view authserv_id) {
  const auto host = receiving_host(received);
  if (host.find(':') != std::string::npos || host.starts_with('[')) return true;
  return is_aligned(host, authserv_id, Alignment::relaxed);
}

}  // namespace

std::string_view MethodResult::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, [](const auto& one) { return std::string_view(one.first); });
  return found == properties.end() ? std::string_view() : std::string_view(found->second);
}

AuthenticationResults parse_authentication_results(std::string_view value) {
  AuthenticationResults read;
  if (value.size() > max_results_bytes) return read;
  Tokens tokens(value);
  read_all(tokens, read);
  return read;
}

AuthenticationResults parse_arc_results(std::string_view value, int& instance) {
  AuthenticationResults read;
  instance = 0;
  if (value.size() > max_results_bytes) return read;
  Tokens tokens(value);
  if (to_lower(tokens.word("=;")) != "i" || !tokens.take('=')) return read;
  const auto digits = tokens.word(";(");
  if (digits.empty() || digits.size() > 2 || !std::ranges::all_of(digits, is_digit) || !tokens.take(';')) return read;
  instance = std::stoi(digits);
  read_all(tokens, read);
  return read;
}

std::vector<MethodResult> trusted_results(const RawMessage& message, std::string_view authserv_id) {
  std::vector<MethodResult> trusted;
  const auto id = to_lower(authserv_id);
  std::size_t looked_at = 0;
  bool is_below_trace = false, is_found = false;
  for (const auto& field : message.fields) {
    if (same_letters(field.name, "Received")) {
      if (is_found || !is_of_server(field.value(), id)) break;
      is_below_trace = true;
    }
    if (!same_letters(field.name, "Authentication-Results")) continue;
    if (++looked_at > max_authentication_results) break;
    auto read = parse_authentication_results(field.value());
    if (read.authserv_id != id) continue;
    is_found = true;
    std::ranges::move(read.results, std::back_inserter(trusted));
    if (is_below_trace) break;
  }
  return trusted;
}

}  // namespace answerable::mail
