// The language of a text, by CLD2. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// ISO 639-1 in lower case, or empty when the text is too short or no language is certain. `text` must be valid UTF-8.
std::string detect_language(std::string_view text);

}  // namespace answerable::mail
