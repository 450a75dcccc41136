// Known-answer vectors of strangers: a line of JSON for each that the file has, whatever is in it.
#include "app/vectors.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

// As deep as what was taken, and with the byte order mark that it may have had.
boost::json::value parsed(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  boost::json::parse_options options;
  options.max_depth = 1'000;
  return boost::json::parse(text, {}, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::string_view kinds[] = {"merkle", "totp", "webhook"};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto lines = answerable::app::answer_vectors(kinds[data[0] % 3], text);
  if (!lines) return 0;
  std::size_t count = 0;
  for (std::string_view rest = *lines; !rest.empty(); ++count) {
    const auto end = rest.find('\n');
    check(end != std::string_view::npos);
    const auto line = parsed(rest.substr(0, end));
    check(line.is_object() && line.as_object().size() == 2 && line.as_object().contains("id"));
    check(line.as_object().contains("out") || line.as_object().contains("error"));
    rest.remove_prefix(end + 1);
  }
  check(count == parsed(text).as_array().size());
  return 0;
}
