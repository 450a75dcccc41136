// ensure(): aborts on our own mistakes, in release too. Never on input, a network, a disk or a clock.
#pragma once

#include <source_location>
#include <string_view>

namespace answerable {

[[noreturn]] void ensure_failed(std::string_view what, std::source_location where);

inline void ensure(bool holds, std::string_view what, std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    ensure_failed(what, where);
}

}  // namespace answerable
