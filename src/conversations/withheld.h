// Messages that colleagues see in their place, and nothing of what they say: those that wait for a reviewer, that one
// has rejected, or that were taken down. Search, quotes and forwards pass them by.
#pragma once

#include <cstdint>
#include <string_view>

namespace answerable::conversations {

// Stored numbers; never change them. The SQL texts of this folder write 0 out.
enum class Withheld : std::uint8_t { no = 0, review = 1, rejected = 2, removed = 3 };

constexpr std::string_view to_string(Withheld withheld) {
  switch (withheld) {
    case Withheld::no: return "";
    case Withheld::review: return "review";
    case Withheld::rejected: return "rejected";
    case Withheld::removed: return "removed";
  }
  return "";
}

}  // namespace answerable::conversations
