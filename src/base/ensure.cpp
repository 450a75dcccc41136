#include "base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace answerable {

void ensure_failed(std::string_view what, std::source_location where) {
  std::fprintf(stderr, "answerable: broken invariant: %.*s (%s:%u)\n", static_cast<int>(what.size()), what.data(),
               where.file_name(), where.line());
  std::abort();
}

}  // namespace answerable
