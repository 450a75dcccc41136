// Pictures within the text of a mail that we write. The text names each in brackets ("[photo.png]"), which is what
// plain text says of it; in HTML, and on our screens, the picture stands there. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "conversations/message.h"

namespace answerable::conversations {

inline constexpr std::size_t pictures_max = 20;                // in one text; further ones are attached
inline constexpr std::int64_t picture_bytes_max = 10'000'000;  // of one; larger ones are attached

// Makes the uploads inline that the text names: of the types that mail programs show, which were found in their bytes
// when they were uploaded.
void place_pictures(std::vector<Attachment>& uploads, std::string_view text);

}  // namespace answerable::conversations
