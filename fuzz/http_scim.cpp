// Arbitrary bytes as what a directory sends by SCIM. Whatever comes: no crash, and names keep their bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "http/scim_json.h"

using namespace answerable;
using namespace answerable::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& user : {read_scim_user(text), read_scim_patch(text)}) {
    if (!user) continue;
    const auto name = name_of(*user, {}, "someone");
    ensure(!name.empty() && name.size() <= access::person_name_bytes_max && is_valid_utf8(name), "a name of one line");
  }
  const auto filter = read_scim_filter(text);
  if (filter) ensure(filter->user_name.empty() != filter->external_id.empty(), "one of the two");
  return 0;
}
