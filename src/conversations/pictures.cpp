#include "conversations/pictures.h"

#include <algorithm>
#include <array>
#include <string>

namespace answerable::conversations {
namespace {

constexpr std::array<std::string_view, 4> picture_types{"image/png", "image/jpeg", "image/gif", "image/webp"};

bool may_stand_in_text(const Attachment& upload) {
  return std::ranges::find(picture_types, upload.content_type) != picture_types.end() &&
         upload.size <= picture_bytes_max;
}

}  // namespace

void place_pictures(std::vector<Attachment>& uploads, std::string_view text) {
  std::vector<std::string_view> placed;
  for (auto& upload : uploads) {
    const bool is_named = text.find("[" + upload.filename + "]") != std::string_view::npos;
    const bool is_twice = std::ranges::find(placed, upload.filename) != placed.end();
    upload.is_inline = is_named && !is_twice && may_stand_in_text(upload) && placed.size() < pictures_max;
    upload.content_id = upload.is_inline ? upload.id.text() + "@inline" : std::string();  // of a reply taken back: anew
    if (upload.is_inline) placed.push_back(upload.filename);
  }
}

}  // namespace answerable::conversations
