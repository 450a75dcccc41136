// Files written into the text of a mail, as was done before MIME: uuencode ("begin 644 name") and yEnc ("=ybegin").
// Pure; linear in the text.
#pragma once

#include <string>
#include <vector>

namespace answerable::mail {

struct InlineFile {
  std::string name;  // as written
  std::string content;
  bool damaged = false;  // cut short, or not of the size that it names
};

// Takes the files out of `text`; what is no whole file stays where it is, for it may be what somebody wrote.
std::vector<InlineFile> take_inline_files(std::string& text);

}  // namespace answerable::mail
