#include "mail/format_flowed.h"

#include <algorithm>

namespace answerable::mail {

std::string unflow(std::string_view text, bool delete_space) {
  std::string out;
  out.reserve(text.size());
  std::size_t open_depth = 0;
  bool open = false;  // the last line flows into the next one of the same depth
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    auto ended = end != std::string_view::npos;
    text.remove_prefix(ended ? end + 1 : text.size());
    auto depth = std::min(line.find_first_not_of('>'), line.size());
    line.remove_prefix(depth);
    if (line.starts_with(' ')) line.remove_prefix(1);  // stuffed
    auto signature = line == "-- " || line == "--";
    if (open && (depth != open_depth || signature)) {
      out += '\n';
      open = false;
    }
    if (!open && depth > 0) {
      out.append(depth, '>');
      out += ' ';
    }
    open = line.ends_with(' ') && !signature;
    open_depth = depth;
    if (open && delete_space) line.remove_suffix(1);
    out += line;
    if (!open && ended) out += '\n';
  }
  if (open) out += '\n';
  return out;
}

}  // namespace answerable::mail
