// Which way a text is written: by its first letter, as Unicode's bidirectional algorithm says (UAX 9, P2 and P3), with
// the blocks of scripts for the properties of letters. Pure.
#pragma once

#include <string_view>

namespace answerable::mail {

// Hebrew, Arabic, Syriac and so on. False where no letter says anything. `text` is valid UTF-8.
bool is_right_to_left(std::string_view text);

}  // namespace answerable::mail
