// How many statements this process has run on its databases since it began. Any thread. For figures, and for tests that
// hold what an act costs.
#pragma once

#include <cstdint>

namespace answerable::store {

std::int64_t statements_run();

}  // namespace answerable::store
