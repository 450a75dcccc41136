// What Outlook hides in winmail.dat (application/ms-tnef): the attached files and, when the mail has no other, the
// text. Reads as far as the bytes are sound. Pure; the result is never larger than the input, compressed text excepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct TnefFile {
  std::string name;  // UTF-8
  std::string type;  // as declared: "image/png", or empty
  std::string content_id;
  std::string content;
};

struct Tnef {
  std::vector<TnefFile> files;
  std::string text, html;  // UTF-8, mostly empty
  bool damaged = false;    // cut short
};

bool is_tnef(std::string_view bytes);                   // begins as one
std::optional<Tnef> read_tnef(std::string_view bytes);  // nullopt when it is no TNEF at all

}  // namespace answerable::mail
