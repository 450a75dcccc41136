// Documents of offices come from strangers: whatever the bytes, what is read of them is text within its bound.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "policy/file_text.h"
#include "policy/office_words.h"

using namespace answerable;
using namespace answerable::policy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // As it stands, and as an archive whose first member it is.
  for (const auto& file : {std::string(bytes), "PK\x03\x04" + std::string(bytes)}) {
    ensure(words_of_office_file(file, 1'000).size() <= 1'000, "no more than was asked for");
    const auto text = text_of_file("application/octet-stream", file);
    ensure(text.size() <= 3 * file_text_bytes_max && is_valid_utf8(text), "it is text, within its bound");
  }
  std::string words;
  append_words_of_xml(words, bytes);
  // An entity may be longer than its sign, a line break stands for a tag: it never grows.
  ensure(words.size() <= bytes.size() + 1, "the words of a document are no more than the document");
  return 0;
}
