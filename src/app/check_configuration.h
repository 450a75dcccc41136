// What each setting may be, beyond its type. Files are looked at only where a wrong one would show late.
#pragma once

#include "app/configuration.h"

namespace answerable::app {

// Errors: invalid "configuration_value", whose detail names the key, what it is, and what to write.
Status check_configuration(const Configuration& configuration);

}  // namespace answerable::app
