#include "outbox/recipient_results.h"

#include <algorithm>

#include "base/utf8.h"

namespace answerable::outbox {
namespace {

constexpr std::size_t address_max_bytes = 998;
constexpr std::size_t detail_max_bytes = 300;
constexpr std::string_view took = "+\t", refused = "-\t";

}  // namespace

std::string encode_recipients(const RecipientResults& results) {
  std::string text;
  for (const auto& result : results) {
    text += result.has_it ? took : refused;
    text += one_line(to_valid_utf8(result.address), address_max_bytes) + "\t";
    text += one_line(to_valid_utf8(result.detail), detail_max_bytes) + "\n";
  }
  return text;
}

RecipientResults decode_recipients(std::string_view text) {
  RecipientResults results;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto detail = line.find('\t', took.size());
    if ((!line.starts_with(took) && !line.starts_with(refused)) || detail == std::string_view::npos) continue;
    results.push_back({.address = std::string(line.substr(took.size(), detail - took.size())),
                       .has_it = line.starts_with(took),
                       .detail = std::string(line.substr(detail + 1))});
  }
  return results;
}

void add_results(RecipientResults& known, const RecipientResults& later) {
  for (const auto& result : later) {
    auto same = std::ranges::find(known, result.address, &RecipientResult::address);
    if (same == known.end())
      known.push_back(result);
    else if (result.has_it)
      *same = result;
  }
}

bool add_return(RecipientResults& known, const RecipientResult& returned) {
  auto same = std::ranges::find(known, returned.address, &RecipientResult::address);
  if (same == known.end()) same = known.insert(known.end(), {.address = returned.address, .has_it = true});
  if (!same->has_it) return false;
  *same = {.address = returned.address, .has_it = false, .detail = returned.detail};
  return true;
}

bool has_anybody(const RecipientResults& results) { return std::ranges::any_of(results, &RecipientResult::has_it); }

}  // namespace answerable::outbox
