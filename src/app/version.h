// The version of the program, from CMakeLists.txt by way of the build. Any thread.
#pragma once

#include <string>

namespace answerable::app {

std::string version_text();  // "0.1.0"

}  // namespace answerable::app
