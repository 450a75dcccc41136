// The name of an attachment: safe to save under, and made up from what is known where the sender gave none. Pure.
#pragma once

#include <string>
#include <string_view>

namespace answerable::mail {

// Without folders, control characters and signs that nobody sees, at most max_filename_bytes; may be empty.
std::string safe_filename(std::string_view name);

// "image/png" of "photo.PNG"; application/octet-stream when its end says nothing.
std::string type_by_name(std::string_view name);

// What a part without a name tells of itself.
struct NamelessPart {
  std::string_view type;         // "image/png"
  std::string_view description;  // Content-Description, decoded
  std::string_view location;     // Content-Location
  std::string_view content_id;   // without <>
  std::string subject;           // of an attached message, decoded
};

// Never empty: "Re: Order.eml", "image001.png", "Delivery report.txt", "image.jpg", "file".
std::string make_filename(const NamelessPart& part);

// "image.jpg" and 2 give "image2.jpg".
std::string numbered_filename(std::string_view name, std::size_t number);

}  // namespace answerable::mail
