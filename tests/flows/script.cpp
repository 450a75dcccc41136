#include "flows/script.h"

#include <fstream>
#include <sstream>

namespace answerable::flows {

namespace {

constexpr std::string_view restart_mark = "not restarted:";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// `at` stands on the opening quote and ends behind the closing one.
std::string read_quoted(std::string_view text, std::size_t& at) {
  std::string value;
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    const bool is_escape = text[at] == '\\' && at + 1 < text.size();
    if (is_escape) ++at;
    value += is_escape && text[at] == 'n' ? '\n' : text[at];
  }
  if (at >= text.size()) throw Trouble{"a closing quote", std::string(text)};
  ++at;
  return value;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '"') {
      tokens.push_back({read_quoted(text, at), true});
    } else if (text[at] == ',') {
      tokens.push_back({",", false});
      ++at;
    } else {
      const auto end = std::min(text.find_first_of(" \",", at), text.size());
      tokens.push_back({std::string(text.substr(at, end - at)), false});
      at = end;
    }
  }
  return tokens;
}

// Takes `but is refused: code` off the end.
void take_refusal(Line& line) {
  constexpr std::size_t words = 4;
  auto& tokens = line.tokens;
  if (tokens.size() <= words) return;
  const auto mark = tokens.end() - static_cast<std::ptrdiff_t>(words);
  if (mark->text != "but" || (mark + 1)->text != "is" || (mark + 2)->text != "refused:") return;
  line.refusal = tokens.back().text;
  tokens.erase(mark, tokens.end());
}

void add_comment(Script& script, std::string_view text) {
  if (script.title.empty()) script.title = trimmed(text.substr(1));
}

void add_statement(Script& script, std::string_view text, int number) {
  if (text.starts_with(restart_mark)) {
    script.not_restarted = trimmed(text.substr(restart_mark.size()));
    return;
  }
  Line line{.number = number, .source = std::string(text), .tokens = tokens_of(text), .block = {}, .refusal = {}};
  take_refusal(line);
  script.lines.push_back(std::move(line));
}

// Blank lines within a block count, those after it do not.
struct Block {
  int blank_lines = 0;
  std::size_t indentation = 0;

  void add(Script& script, const std::string& text) {
    if (script.lines.empty()) throw Trouble{"a statement above the indented line", text};
    auto& block = script.lines.back().block;
    if (block.empty()) indentation = text.find_first_not_of(' ');
    if (!block.empty()) block.insert(block.end(), static_cast<std::size_t>(blank_lines), "");
    blank_lines = 0;
    block.push_back(text.substr(std::min(indentation, text.find_first_not_of(' '))));
  }
};

}  // namespace

Script read_script(const std::string& path) {
  Script script{.path = path, .title = {}, .not_restarted = {}, .lines = {}};
  std::ifstream file(path);
  if (!file) throw Trouble{"a file that can be read", path};
  Block block;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    const auto content = trimmed(text);
    if (content.empty()) {
      ++block.blank_lines;
    } else if (text.front() == '#') {
      add_comment(script, content);
    } else if (text.front() == ' ') {
      block.add(script, text);
    } else {
      block.blank_lines = 0;
      add_statement(script, content, number);
    }
  }
  return script;
}

std::optional<Words> match(std::string_view pattern, const std::vector<Token>& tokens) {
  Words words;
  const auto wanted = tokens_of(pattern);
  std::size_t at = 0;
  for (const auto& want : wanted) {
    if (want.text == "...") {
      for (; at < tokens.size(); ++at) words.push_back(tokens[at].text);
      return words;
    }
    if (at == tokens.size()) return std::nullopt;
    const auto& token = tokens[at++];
    if (token.is_quoted != want.is_quoted) return std::nullopt;
    const bool is_name = want.is_quoted || want.text.front() == '<';
    if (!is_name && token.text != want.text) return std::nullopt;
    if (is_name) words.push_back(token.text);
  }
  if (at != tokens.size()) return std::nullopt;
  return words;
}

}  // namespace answerable::flows
