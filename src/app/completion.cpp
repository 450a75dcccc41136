#include "app/completion.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <ranges>
#include <vector>

namespace answerable::app {

namespace {

struct Level {
  std::string path;                // "", "mail", "mail parse"
  std::vector<std::string> words;  // commands, or what the first argument may be; none: files
  std::vector<std::string> options;
  bool is_last = false;  // no command follows, so all that does are arguments
};

struct Valued {  // an option that the next word belongs to
  std::string name, choices;
};

struct Grammar {
  std::vector<Level> levels;
  std::vector<Valued> valued;
};

// CLI11 tells a choice by its type only: TEXT:{desk,list}.
std::string choices_of(const CLI::Option& option) {
  auto type = option.get_type_name();
  const auto open = type.find('{');
  const auto close = type.rfind('}');
  if (open == type.npos || close == type.npos) return {};
  auto choices = type.substr(open + 1, close - open - 1);
  std::ranges::replace(choices, ',', ' ');
  return choices;
}

void collect(const CLI::App& app, const std::string& path, Grammar& grammar) {
  Level level{.path = path};
  for (const auto* command : app.get_subcommands(nullptr)) level.words.push_back(command->get_name());
  level.is_last = level.words.empty();
  for (const auto* option : app.get_options()) {
    if (option->get_positional() && level.words.empty()) level.words = {choices_of(*option)};
    for (const auto& name : option->get_lnames()) {
      level.options.push_back("--" + name);
      if (option->get_expected_max() > 0 && option->get_type_size_max() > 0)
        grammar.valued.push_back({"--" + name, choices_of(*option)});
    }
  }
  if (level.words == std::vector<std::string>{""}) level.words.clear();
  grammar.levels.push_back(level);
  for (const auto* command : app.get_subcommands(nullptr))
    collect(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), grammar);
}

// Where no word fits, bash itself completes files (-o default).
std::string bash(const Grammar& grammar) {
  std::string valued;
  std::string choices;
  for (const auto& option : grammar.valued) {
    valued += (valued.empty() ? "" : "|") + option.name;
    if (!option.choices.empty()) choices += fmt::format("      {}) words=\"{}\" ;;\n", option.name, option.choices);
  }
  auto script = fmt::format(
      R"(_answerable() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path= words= options= value_of= word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [[ -n $value_of ]]; then value_of=; continue; fi
    case $word in
      {}) value_of=$word ;;
      -*) ;;
      *) path="${{path:+$path }}$word" ;;
    esac
  done
  if [[ -n $value_of ]]; then
    case $value_of in
{}    esac
  else
    case $path in
)",
      valued, choices);
  // The first pattern that fits counts: deeper ones first. After a last command come its arguments.
  for (const auto& level : std::views::reverse(grammar.levels)) {
    const auto options = fmt::format("{}", fmt::join(level.options, " "));
    script +=
        fmt::format("      \"{}\") words=\"{}\" options=\"{}\" ;;\n", level.path, fmt::join(level.words, " "), options);
    if (level.is_last) script += fmt::format("      \"{} \"*) options=\"{}\" ;;\n", level.path, options);
  }
  return script + R"(    esac
    [[ $current != -* ]] || words=$options
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _answerable answerable
)";
}

std::string fish(const Grammar& grammar) {
  std::string script =
      "function __answerable_path\n  set -l words (commandline -opc)\n"
      "  string join ' ' (string match -v -- '-*' $words[2..-1])\nend\n";
  for (const auto& level : grammar.levels) {
    script += fmt::format("complete -c answerable {}-n 'test \"(__answerable_path)\" = \"{}\"' -a '{} {}'\n",
                          level.words.empty() ? "" : "-f ", level.path, fmt::join(level.words, " "),
                          fmt::join(level.options, " "));
  }
  return script;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& shell) {
  Grammar grammar;
  collect(app, "", grammar);
  if (shell == "fish") return fish(grammar);
  if (shell == "zsh") return "#compdef answerable\nautoload -U +X bashcompinit && bashcompinit\n" + bash(grammar);
  return bash(grammar);
}

}  // namespace answerable::app
