#include "app/completion.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <vector>

namespace answerable::app {

namespace {

struct Level {
  std::string path;                // "", "mail", "mail parse"
  std::vector<std::string> words;  // subcommands and options
};

void collect(const CLI::App& app, const std::string& path, std::vector<Level>& levels) {
  Level level{path, {}};
  for (const auto* command : app.get_subcommands(nullptr)) level.words.push_back(command->get_name());
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) level.words.push_back("--" + name);
  }
  levels.push_back(level);
  for (const auto* command : app.get_subcommands(nullptr)) {
    collect(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), levels);
  }
}

std::string bash(const std::vector<Level>& levels) {
  std::string script =
      "_answerable() {\n  local path= word\n  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    [[ $word == -* ]] || path=\"${path:+$path }$word\"\n  done\n  case \"$path\" in\n";
  for (const auto& level : levels) {
    script += fmt::format("    \"{}\") COMPREPLY=($(compgen -W \"{}\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"));;\n",
                          level.path, fmt::join(level.words, " "));
  }
  return script +
         "    *) COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"));;\n  esac\n}\ncomplete -o filenames -F "
         "_answerable answerable\n";
}

std::string fish(const std::vector<Level>& levels) {
  std::string script =
      "function __answerable_path\n  set -l words (commandline -opc)\n"
      "  string join ' ' (string match -v -- '-*' $words[2..-1])\nend\n";
  for (const auto& level : levels) {
    script += fmt::format("complete -c answerable -f -n 'test \"(__answerable_path)\" = \"{}\"' -a '{}'\n", level.path,
                          fmt::join(level.words, " "));
  }
  return script;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& shell) {
  std::vector<Level> levels;
  collect(app, "", levels);
  if (shell == "fish") return fish(levels);
  if (shell == "zsh") return "#compdef answerable\nautoload -U +X bashcompinit && bashcompinit\n" + bash(levels);
  return bash(levels);
}

}  // namespace answerable::app
