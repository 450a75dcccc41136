// Arbitrary bytes, in arbitrary pieces, as the answer of a POP3 server, and what it holds as both listings. Whatever
// comes: no crash, the same answer however the bytes were cut, and no two mails of a listing with one name.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "channels/email/pop3_answer.h"

using namespace answerable;
using namespace answerable::channels;

namespace {

constexpr std::size_t content_bytes_max = 500;

struct Read {
  std::string line, content;
  std::size_t used = 0;
  bool is_complete = false, is_broken = false, is_too_large = false;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view bytes, std::size_t piece, bool has_content) {
  Pop3Answer answer(has_content, content_bytes_max);
  Read found;
  while (found.used < bytes.size() && !answer.is_complete() && !answer.is_broken()) {
    found.used += answer.feed(bytes.substr(found.used, piece));
    found.content += answer.take_content();
  }
  found.line = answer.is_broken() ? "" : answer.line();  // how much is kept of a line without end depends on the cuts
  found.is_complete = answer.is_complete();
  found.is_broken = answer.is_broken();
  found.is_too_large = answer.is_too_large();
  if (found.is_broken) found.used = 0;
  if (found.is_too_large) found.content.clear();
  ensure(answer.line().size() <= pop3_line_bytes_max, "the line is bounded");
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0] % 16;
  const bool has_content = data[0] >= 128;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ensure(read(bytes, bytes.size(), has_content) == read(bytes, piece, has_content), "cuts change nothing");
  const auto half = bytes.size() / 2;
  const auto mails = read_pop3_listing(bytes.substr(0, half), bytes.substr(half));
  if (!mails) return 0;
  std::set<std::string> keys;
  for (const auto& mail : *mails) {
    ensure(mail.number > 0 && !mail.key.empty() && is_valid_utf8(mail.key), "a mail has a number and a name");
    ensure(keys.insert(mail.key).second, "no two mails have one name");
  }
  return 0;
}
