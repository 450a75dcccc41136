// Shell completion made from the command description itself, so that it cannot fall behind.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace answerable::app {

std::string completion_script(const CLI::App& app, const std::string& shell);  // "bash", "zsh" or "fish"

}  // namespace answerable::app
