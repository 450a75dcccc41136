#include "mail/address.h"

#include <algorithm>
#include <utility>

#include "mail/ascii.h"
#include "mail/encoded_word.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

std::string fold_blanks(std::string_view text) {
  std::string out;
  for (char c : trim(text)) {
    if (!is_space(c))
      out += c;
    else if (out.back() != ' ')
      out += ' ';
  }
  return out;
}

// Whether the blanks at `i` stand between two words, and not beside a dot or @ as RFC 5322 section 4.4 lets them.
bool parts_words(std::string_view text, std::size_t i) {
  constexpr std::string_view joins = ".@,;(\"<>";
  while (i > 0 && is_space(text[i - 1])) --i;
  const auto next = text.find_first_not_of(" \t\r\n", i);
  return i > 0 && next != text.npos && joins.find(text[i - 1]) == joins.npos && joins.find(text[next]) == joins.npos;
}

std::string without_route(std::string_view angle) {  // <@relay,@relay:user@host> (RFC 5322 section 4.4)
  auto text = trim(angle);
  if (text.starts_with('@'))
    if (auto colon = text.find(':'); colon != std::string_view::npos) text = trim(text.substr(colon + 1));
  if (starts_with_letters(text, "mailto:")) text.remove_prefix(7);
  std::string out;
  auto quoted = false;  // "john doe"@example.org keeps its blank
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (c == '\\' && quoted && i + 1 < text.size()) {
      out.append(text, i++, 2);
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c == '(' && !quoted)
      if (auto end = text.find(')', i); end != std::string_view::npos) {  // john(home)@example.org
        i = end;
        continue;
      }
    if (is_space(c) && !quoted && parts_words(text, i)) {  // <relay.example john@example.org>: one of the words
      if (out.find('@') != std::string::npos) break;
      if (text.find('@', i) != std::string_view::npos) out.clear();
    }
    if ((!is_space(c) || (quoted && c == ' ')) && c != '<' && c != '>') out += c;
  }
  return out;
}

// What follows the quoted string at the front of `text`.
std::size_t end_of_quote(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

// A word without @ is somebody's name, save for those in whose name machines write: MAILER-DAEMON (Mail System).
bool is_local_user(std::string_view word) {
  for (std::string_view user : {"mailer-daemon", "postmaster", "root", "daemon", "nobody", "www-data", "cron", "admin"})
    if (same_letters(word, user)) return true;
  return false;
}

// berg17 (Anna Berg): lower-case letters and digits, as people do not write their names. Only where a comment names
// somebody: alone it may be a name still.
bool is_written_as_account(std::string_view word) {
  return std::ranges::all_of(word,
                             [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; });
}

// Reads one field from left to right. `written_` keeps the source for addresses without brackets, `shown_` the name.
class AddressReader {
 public:
  explicit AddressReader(std::string_view field, bool is_decoded = false)
      : rest_(field.substr(0, max_address_field_bytes)), is_decoded_(is_decoded) {}

  std::vector<Address> read() {
    while (!rest_.empty() && found_.size() < max_addresses) step();
    finish();
    if (found_.size() > max_addresses) found_.resize(max_addresses);  // one pair of brackets may hold several
    return std::move(found_);
  }

 private:
  void step() {
    auto c = rest_.front();
    if (c == '"' && !open_quote_) return quoted();
    if (c == '(' && !open_comment_) return comment();
    if (c == '<') return angle();
    rest_.remove_prefix(1);
    if (c == ',' || c == ';') return separator(c);
    if (c == ':' && !has_angle_ && written_.find('@') == std::string::npos && !trim(written_).empty()) {
      if (starts_with_letters(trim(written_), "mailto")) return clear();
      in_group_ = had_group_ = true;  // "friends: a@b, c@d;"
      return clear();
    }
    if (c == '>') return;
    written_ += c;
    shown_ += c;
  }

  void separator(char c) {
    auto nothing = !has_angle_ && !has_address_in_comment() && written_.find('@') == std::string::npos &&
                   !hides_address(word_since_comma());
    auto group_end = c == ';' && in_group_;
    if (nothing && !group_end && !trim(written_).empty()) {  // Doe, John <john@example.com>
      written_ += ',';
      shown_ += ',';
      return;
    }
    finish();
    if (group_end) in_group_ = false;
  }

  void quoted() {
    std::size_t end = 1;
    std::string inside;
    while (end < rest_.size() && rest_[end] != '"') {
      if (rest_[end] == '\\' && end + 1 < rest_.size()) ++end;
      inside += rest_[end++];
    }
    if (end >= rest_.size() && inside.find('<') != std::string::npos) {  // a quote that never ends hides the address
      open_quote_ = true;
      rest_.remove_prefix(1);
      return;
    }
    written_ += rest_.substr(0, std::min(end + 1, rest_.size()));
    shown_ += inside;
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  void comment() {
    std::size_t depth = 0, at = 0;
    std::string inside;
    for (; at < rest_.size(); ++at) {
      auto c = rest_[at];
      if (c == '\\' && at + 1 < rest_.size()) {
        inside += rest_[++at];
        continue;
      }
      if (c == '(' && depth++ == 0) continue;
      if (c == ')' && --depth == 0) break;
      inside += c;
    }
    if (at == rest_.size()) {  // never closed: not a comment
      open_comment_ = true;
      shown_ += rest_.front();
      rest_.remove_prefix(1);
      return;
    }
    rest_.remove_prefix(at + 1);
    comment_ = inside;
  }

  void angle() {
    auto end = rest_.find('>');
    auto next = rest_.find('<', 1);
    if (next < end) {  // Name <draft> <john@example.com>, or <<john@example.com>>
      auto between = rest_.substr(1, next - 1);
      shown_ += between;
      rest_.remove_prefix(next);
      return;
    }
    auto stop = end == std::string_view::npos ? rest_.find_first_of(",;", 1) : end;
    auto inside = rest_.substr(1, stop == std::string_view::npos ? stop : stop - 1);
    auto closed = end != std::string_view::npos;
    if (closed && inside.find('@') == std::string_view::npos &&
        rest_.find('<', end) < rest_.find(',', end)) {  // Name <Sales> <john@...>
      shown_ += "<" + std::string(inside) + ">";
      rest_.remove_prefix(end + 1);
      return;
    }
    if (has_angle_ && angle_.find('@') != std::string::npos && inside.find('@') != std::string_view::npos) {
      auto next_name = shown_.substr(name_end_);  // Ann <ann@example.com> Bob <bob@example.com>: the comma is missing
      shown_.resize(name_end_);
      finish();
      shown_ = std::move(next_name);
    }
    angle_ = without_route(inside);
    has_angle_ = true;
    name_end_ = shown_.size();
    rest_.remove_prefix(stop == std::string_view::npos ? rest_.size() : stop + (end == std::string_view::npos ? 0 : 1));
  }

  void finish() {
    if (has_angle_) {
      auto name = decode_header_text(trim(shown_));
      if (trim(name).empty()) name = decode_header_text(comment_);
      add_each(name, angle_);
    } else if (auto text = trim(written_); !text.empty()) {
      finish_bare(with_close_dots(text));
    } else if (!comment_.empty() && found_.empty() && !had_group_) {  // not "unlisted-recipients:; (nobody was named)"
      finish_name("");
    }
    clear();
  }

  // "jdoe@test  . example" (RFC 5322 appendix A.6.3)
  static std::string with_close_dots(std::string_view text) {
    auto at = std::min(text.find('@'), text.size());
    std::string out(text.substr(0, at));
    for (auto i = at; i < text.size();) {
      auto next = std::min(text.find_first_not_of(" \t", i), text.size());
      auto is_beside_dot = next < text.size() && (text[next] == '.' || out.ends_with('.'));
      if (next > i && !is_beside_dot) out += ' ';
      if (next < text.size()) out += text[next];
      i = next + 1;
    }
    return out;
  }

  // <ann@example.org, bob@example.org>: two people, and the name is the first one's.
  void add_each(std::string_view name, std::string_view inside) {
    auto comma = inside.find(',');
    auto is_list = comma < inside.rfind('@') && inside.find('@') < comma && inside.find('"') == std::string_view::npos;
    if (!is_list) return add(name, inside);
    add(name, inside.substr(0, comma));
    auto others = AddressReader(inside.substr(comma + 1), is_decoded_).read();
    found_.insert(found_.end(), others.begin(), others.end());
  }

  // "ann@example.org bob@example.org": the comma is missing. Whether all words are addresses.
  bool add_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
      words.push_back(text.substr(0, text.find_first_of(" \t\r\n")));
      text = trim(text.substr(words.back().size()));
    }
    if (words.size() < 2 || !std::ranges::all_of(words, is_valid_address)) return false;
    for (auto word : words) add("", word);
    return true;
  }

  void finish_bare(std::string_view text) {
    if (add_words(text)) return;
    auto at = text.rfind('@');
    if (at == std::string_view::npos) return finish_name(text);
    // Local users before it: "ann, bob, carl@example.org". A name with commas would have its address in brackets.
    auto comma = text.find_last_of(',', at);
    auto alone = comma != std::string_view::npos && text.find('"') == std::string_view::npos &&
                 trim(text.substr(comma + 1)).find_first_of(" \t") == std::string_view::npos;
    if (alone) {
      for (auto names = text.substr(0, comma); !names.empty();) {
        auto end = std::min(names.find(','), names.size());
        add(decode_header_text(trim(names.substr(0, end))), "");
        names.remove_prefix(std::min(end + 1, names.size()));
      }
      text = trim(text.substr(comma + 1));
      at = text.rfind('@');
    }
    auto is_quoted = text.starts_with('"') && end_of_quote(text) == at;  // "ann \"the boss\" berg"@example.org
    auto start = is_quoted ? 0 : text.find_last_of(" \t\r\n", at);
    start = start == std::string_view::npos ? 0 : start;
    auto end = text.find_first_of(" \t\r\n", at);
    auto address = text.substr(start, end == std::string_view::npos ? end : end - start);
    auto name = std::string(text.substr(0, start)) + std::string(end < text.size() ? text.substr(end) : "");
    if (trim(name).empty()) name = comment_;
    add(decode_header_text(fold_blanks(name)), without_route(address));
  }

  // Whether the words so far are name and address in one encoded word. Only an address in brackets counts: an encoded
  // word alone is a name (RFC 2047 section 5), and the address that a name looks like would be what a deceiver wants.
  bool hides_address(std::string_view words) const {
    if (is_decoded_ || words.find("=?") == std::string_view::npos) return false;  // once: no word within a word
    auto decoded = decode_header_text(words);
    auto open = decoded.rfind('<');
    return open != std::string::npos && decoded.find('@', open) != std::string::npos;
  }

  // Anna (anna@example.org)
  bool has_address_in_comment() const { return is_valid_address(trim(comment_)); }

  std::string_view word_since_comma() const {
    auto comma = shown_.rfind(',');
    return std::string_view(shown_).substr(comma == std::string::npos ? 0 : comma + 1);
  }

  void finish_name(std::string_view text) {
    auto decoded = decode_header_text(shown_);
    if (hides_address(shown_)) {
      auto inner = AddressReader(decoded, true).read();
      found_.insert(found_.end(), inner.begin(), inner.end());
      return;
    }
    if (has_address_in_comment()) return add(decoded, trim(comment_));
    if (trim(decoded).empty()) return add(decode_header_text(comment_), "");  // "" (Mail Delivery System)
    auto word = trim(text);
    auto is_account = is_local_user(word) || (!comment_.empty() && is_written_as_account(word));
    if (is_account && !in_group_) return add(decode_header_text(comment_), std::string(word));
    add(decoded, "");
  }

  void add(std::string_view name, std::string_view address) {
    auto shown = trim(name);
    if (shown.size() > 1 && shown.front() == '\'' && shown.back() == '\'') shown = shown.substr(1, shown.size() - 2);
    auto clean = decode_header_text(address);  // valid UTF-8, no controls
    auto is_disguised = address.find("=?") != std::string_view::npos && clean.find('@') != clean.rfind('@');
    if (is_disguised) clean.clear();  // =?utf-8?q?=40one.example?=@other.example: whose it is cannot be told
    if (shown.empty() && clean.empty()) return;
    found_.push_back({fold_blanks(shown), std::move(clean)});
  }

  void clear() {
    written_.clear();
    shown_.clear();
    angle_.clear();
    comment_.clear();
    has_angle_ = false;
    name_end_ = 0;
  }

  std::string_view rest_;
  std::vector<Address> found_;
  std::string written_, shown_, angle_, comment_;
  std::size_t name_end_ = 0;  // in `shown_`, where the address in brackets was found
  bool is_decoded_;           // the field was an encoded word: none is looked for again
  bool has_angle_ = false;
  bool in_group_ = false, had_group_ = false;
  bool open_quote_ = false, open_comment_ = false;  // one that never closes was seen: not looked for again
};

bool is_domain(std::string_view domain) {
  if (domain.empty() || domain.size() > max_domain_bytes || domain.front() == '.' || domain.back() == '.') return false;
  std::size_t label = 0;
  for (std::size_t i = 0; i < domain.size(); ++i) {
    auto c = domain[i];
    if (c == '.') {
      if (label == 0 || domain[i - 1] == '-') return false;
      label = 0;
      continue;
    }
    auto utf8 = static_cast<unsigned char>(c) >= 0x80;
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_' && !utf8) return false;
    if (label == 0 && c == '-') return false;
    if (++label > 63 && !utf8) return false;
  }
  return domain.back() != '-';
}

}  // namespace

std::vector<Address> parse_address_list(std::string_view field) { return AddressReader(field).read(); }

std::string_view local_part(std::string_view address) { return address.substr(0, address.rfind('@')); }

std::string_view domain_part(std::string_view address) {
  auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

bool is_valid_address(std::string_view address) {
  auto at = address.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > max_local_part_bytes) return false;
  if (address.size() > max_address_bytes) return false;
  for (char c : address.substr(0, at)) {  // quoted local parts exist on paper only: none of their characters is let in
    auto byte = static_cast<unsigned char>(c);
    if (byte <= 32 || byte == 127 || std::string_view("<>()[],;:\\\"@").find(c) != std::string_view::npos) return false;
  }
  return is_domain(address.substr(at + 1));
}

Result<std::string> normalise_address(std::string_view address) {
  auto text = trim(address);
  if (!is_valid_address(text))
    return fail(ErrorKind::invalid, "invalid_address", "Give one mail address, such as name@example.com.");
  return std::string(local_part(text)) + "@" + to_lower(domain_part(text));
}

std::string address_key(std::string_view address) {
  auto text = trim(address);
  if (text.starts_with('<') && text.ends_with('>')) text = trim(text.substr(1, text.size() - 2));
  return to_lower(text);
}

}  // namespace answerable::mail
