// What a raw message needs before it is parsed: a mbox line removed, bare CR turned into line ends, NUL bytes in the
// header replaced, an endless header cut. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct Prepared {
  std::string_view text;  // a slice of the given bytes, or of `owned`
  std::string owned;
  std::vector<std::string> defects;
};

// Keep the given bytes and the result (not moved) as long as `text` is used.
void prepare(std::string_view raw, Prepared& out);

}  // namespace answerable::mail
