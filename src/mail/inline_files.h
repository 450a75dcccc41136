// Files written into the text of a mail, as was done before MIME: uuencode ("begin 644 name") and yEnc ("=ybegin").
// Pure; linear in the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

struct InlineFile {
  std::string name;  // as written
  std::string content;
  bool damaged = false;  // cut short, or not of the size that it names
};

bool may_hold_files(std::string_view text);  // no is certain, yes is not

// The files in `text`, and in `rest` the text without them, unless there are none. What is no whole file stays where it
// is, for it may be what somebody wrote.
std::vector<InlineFile> take_inline_files(std::string_view text, std::string& rest);

}  // namespace answerable::mail
