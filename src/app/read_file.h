// The bytes of a file that somebody named on the command line.
#pragma once

#include <string>

#include "base/result.h"

namespace answerable::app {

// "-" is stdin. Errors: "unreadable" with the name and the reason.
Result<std::string> read_file(const std::string& file);

}  // namespace answerable::app
