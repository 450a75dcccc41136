#include "app/version.h"

namespace answerable::app {

std::string version_text() { return "0.1.0"; }

}  // namespace answerable::app
