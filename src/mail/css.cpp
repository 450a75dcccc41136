#include "mail/css.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

constexpr std::array properties{
    std::string_view{"background"},
    std::string_view{"background-color"},
    std::string_view{"border"},
    std::string_view{"border-bottom"},
    std::string_view{"border-bottom-color"},
    std::string_view{"border-bottom-style"},
    std::string_view{"border-bottom-width"},
    std::string_view{"border-collapse"},
    std::string_view{"border-color"},
    std::string_view{"border-left"},
    std::string_view{"border-left-color"},
    std::string_view{"border-left-style"},
    std::string_view{"border-left-width"},
    std::string_view{"border-radius"},
    std::string_view{"border-right"},
    std::string_view{"border-right-color"},
    std::string_view{"border-right-style"},
    std::string_view{"border-right-width"},
    std::string_view{"border-spacing"},
    std::string_view{"border-style"},
    std::string_view{"border-top"},
    std::string_view{"border-top-color"},
    std::string_view{"border-top-style"},
    std::string_view{"border-top-width"},
    std::string_view{"border-width"},
    std::string_view{"caption-side"},
    std::string_view{"clear"},
    std::string_view{"color"},
    std::string_view{"direction"},
    std::string_view{"display"},
    std::string_view{"empty-cells"},
    std::string_view{"float"},
    std::string_view{"font"},
    std::string_view{"font-family"},
    std::string_view{"font-size"},
    std::string_view{"font-style"},
    std::string_view{"font-variant"},
    std::string_view{"font-weight"},
    std::string_view{"height"},
    std::string_view{"letter-spacing"},
    std::string_view{"line-height"},
    std::string_view{"list-style-type"},
    std::string_view{"margin"},
    std::string_view{"margin-bottom"},
    std::string_view{"margin-left"},
    std::string_view{"margin-right"},
    std::string_view{"margin-top"},
    std::string_view{"max-height"},
    std::string_view{"max-width"},
    std::string_view{"min-height"},
    std::string_view{"min-width"},
    std::string_view{"overflow-wrap"},
    std::string_view{"padding"},
    std::string_view{"padding-bottom"},
    std::string_view{"padding-left"},
    std::string_view{"padding-right"},
    std::string_view{"padding-top"},
    std::string_view{"table-layout"},
    std::string_view{"text-align"},
    std::string_view{"text-decoration"},
    std::string_view{"text-indent"},
    std::string_view{"text-transform"},
    std::string_view{"vertical-align"},
    std::string_view{"white-space"},
    std::string_view{"width"},
    std::string_view{"word-break"},
    std::string_view{"word-spacing"},
    std::string_view{"word-wrap"},
};
static_assert(std::ranges::is_sorted(properties));

struct Unit {
  std::string_view name;
  double most;  // larger numbers leave the box, or are meant to
};
// A mail is some 600 px wide.
constexpr std::array units{Unit{"", 1200}, Unit{"px", 1200}, Unit{"pt", 900}, Unit{"%", 100},
                           Unit{"em", 75}, Unit{"rem", 75},  Unit{"ex", 150}, Unit{"ch", 150},
                           Unit{"in", 12}, Unit{"cm", 32},   Unit{"mm", 320}, Unit{"pc", 75}};
// Letters as high as the screen are an overlay, an indent or a margin as wide as it carries the text out of sight.
constexpr double share_of_text = 0.15, share_of_space = 0.3;
constexpr double most_percent_of_letters = 300;  // of the letters around, not of the box

bool shapes_text(std::string_view property) {
  return property == "font" || property == "font-size" || property == "letter-spacing" || property == "word-spacing" ||
         property == "text-indent" || property == "vertical-align";
}

bool makes_space(std::string_view property) {
  return property.starts_with("margin") || property.starts_with("padding") || property.starts_with("border");
}

double share_of(std::string_view property) {
  return shapes_text(property) ? share_of_text : makes_space(property) ? share_of_space : 1;
}

bool is_word_char(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; }

// Reads the tokens of one value; `ok_` falls at the first one that is not known to be harmless.
class ValueReader {
 public:
  ValueReader(std::string_view property, std::string_view value)
      : rest_(trim(value)),
        share_(share_of(property)),
        is_of_letters_(property.starts_with("font") || property == "line-height") {}

  std::string read() {
    while (ok_ && !rest_.empty()) step();
    return ok_ ? std::move(out_) : std::string{};
  }

 private:
  void step() {
    auto c = rest_.front();
    if (is_space(c)) {
      rest_ = trim(rest_);
      space_ = true;
      return;
    }
    if (c == ',' || c == '/') {
      out_ += c;
      rest_.remove_prefix(1);
      space_ = false;
      return;
    }
    if (is_digit(c) || c == '.') return number();
    if (c == '#') return hex_color();
    if (is_letter(c) || c == '-') return word();
    if (c == '"' || c == '\'') return quoted();
    if (c == '!') return important();
    ok_ = false;
  }

  void put(std::string_view token) {
    if (!out_.empty() && out_.back() != ',' && out_.back() != '/') {
      if (!space_) return void(ok_ = false);  // two tokens without a blank: nobody writes that in good faith
      out_ += ' ';
    }
    out_ += token;
    space_ = false;
  }

  std::string_view take_while(auto keep) {
    auto n = static_cast<std::size_t>(std::ranges::find_if_not(rest_, keep) - rest_.begin());
    auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  void number() {
    auto digits = take_while([](char c) { return is_digit(c) || c == '.'; });
    auto unit = take_while([](char c) { return is_letter(c) || c == '%'; });
    double value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 12) return void(ok_ = false);
    for (const auto& known : units)
      if (same_letters(unit, known.name) && value <= most_of(known))
        return put(std::string(digits) + std::string(known.name));
    ok_ = false;
  }

  // A weight of letters is no size.
  double most_of(const Unit& unit) const {
    if (unit.name == "%") return is_of_letters_ ? most_percent_of_letters : unit.most;
    return unit.name.empty() ? unit.most : unit.most * share_;
  }

  void hex_color() {
    rest_.remove_prefix(1);
    auto digits = take_while([](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); });
    if (digits.size() != 3 && digits.size() != 4 && digits.size() != 6 && digits.size() != 8) return void(ok_ = false);
    put("#" + to_lower(digits));
  }

  void word() {
    auto text = to_lower(take_while(is_word_char));
    if (text.size() > 40 || text == "-" || (text[0] == '-' && text.size() > 1 && is_digit(text[1])))
      return void(ok_ = false);
    if (rest_.starts_with('(')) return function(text);
    put(text);
  }

  void function(std::string_view name) {
    auto end = rest_.find(')');
    auto colour = name == "rgb" || name == "rgba" || name == "hsl" || name == "hsla";
    if (!colour || end == std::string_view::npos) return void(ok_ = false);
    std::string inside;
    for (char c : rest_.substr(1, end - 1)) {
      if (is_space(c)) {
        if (!inside.empty() && inside.back() != ' ' && inside.back() != ',') inside += ' ';
        continue;
      }
      if (!is_digit(c) && c != ',' && c != '.' && c != '%' && c != '/') return void(ok_ = false);
      if (c == ',' && inside.ends_with(' ')) inside.pop_back();
      inside += c;
    }
    if (inside.ends_with(' ')) inside.pop_back();
    rest_.remove_prefix(end + 1);
    put(std::string(name) + "(" + inside + ")");
  }

  // A font's name; kept without its quotes, as words.
  void quoted() {
    auto end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return void(ok_ = false);
    auto inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    while (!(inside = trim(inside)).empty()) {
      auto blank = std::min(inside.find_first_of(" \t\r\n\f"), inside.size());
      auto part = inside.substr(0, blank);
      inside.remove_prefix(blank);
      if (!std::ranges::all_of(part, is_word_char) || !is_letter(part[0]) || part.size() > 40) return void(ok_ = false);
      put(to_lower(part));
      space_ = true;
    }
  }

  void important() {
    if (!starts_with_letters(rest_, "!important") || !trim(rest_.substr(10)).empty()) return void(ok_ = false);
    rest_ = {};
  }

  std::string_view rest_;
  double share_;  // of the largest numbers that are let through
  std::string out_;
  bool is_of_letters_, ok_ = true, space_ = false;
};

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

// A line ten times as high as its letters, or 999 of a unit, is the most.
bool fits_line(std::string_view value) {
  auto digits = value.find_first_not_of("0123456789");
  return digits == std::string_view::npos ? value.size() <= 1
                                          : digits <= 3 && value.find(' ') == std::string_view::npos;
}

// Properties some of whose harmless-looking values do more than shape text.
bool is_allowed(std::string_view property, std::string_view value) {
  if (property == "display")
    return is_one_of(value,
                     {"none", "block", "inline", "inline-block", "table", "table-row", "table-cell", "list-item"});
  if (property == "float") return is_one_of(value, {"left", "right", "none"});
  if (property == "line-height") return fits_line(value);
  return true;
}

void add_declaration(std::string_view declaration, std::string& out) {
  auto colon = declaration.find(':');
  if (colon == std::string_view::npos) return;
  auto property = to_lower(trim(declaration.substr(0, colon)));
  if (!std::ranges::binary_search(properties, std::string_view(property))) return;
  auto value = ValueReader(property, declaration.substr(colon + 1)).read();
  if (value.empty() || !is_allowed(property, value)) return;
  if (property == "background") property = "background-color";  // which takes nothing but a colour
  if (!out.empty()) out += ';';
  out += property;
  out += ':';
  out += value;
}

}  // namespace

std::string safe_style(std::string_view style) {
  std::string out;
  if (style.size() > max_style_bytes) return out;
  while (!style.empty()) {
    auto end = style.find(';');
    add_declaration(style.substr(0, end), out);
    style.remove_prefix(end == std::string_view::npos ? style.size() : end + 1);
  }
  return out;
}

std::string safe_color(std::string_view value) {
  auto text = to_lower(trim(value));
  auto body = std::string_view(text).substr(text.starts_with('#') ? 1 : 0);
  auto fits = !body.empty() && body.size() <= 24 &&
              std::ranges::all_of(body, [](char c) { return is_letter(c) || is_digit(c); });
  return fits ? text : std::string{};
}

}  // namespace answerable::mail
