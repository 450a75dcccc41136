#pragma once

#include <string>

namespace answerable::app {

std::string version_text();  // "0.1.0"

}  // namespace answerable::app
