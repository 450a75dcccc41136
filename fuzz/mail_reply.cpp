// Any text as the body of a mail: each letter and digit of it is in exactly one of the parts, however it is split.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/reply_text.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

using Count = std::array<std::size_t, 256>;

void count(std::string_view text, Count& letters) {
  for (char c : text)
    if (is_letter(c) || is_digit(c)) ++letters[static_cast<unsigned char>(c)];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = to_valid_utf8({reinterpret_cast<const char*>(data), size});
  auto parts = split_reply(text);
  Count whole{}, split{};
  count(text, whole);
  for (const auto* part : {&parts.visible, &parts.quoted, &parts.signature}) {
    ensure(is_valid_utf8(*part), "each part is valid UTF-8");
    count(*part, split);
  }
  ensure(whole == split, "nothing of the text is lost or told twice");
  auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  ensure(parts.folded_lines <= 2 * lines, "no more is folded than there is");
  return 0;
}
