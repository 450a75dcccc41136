// Message identifiers (RFC 5322 section 3.6.4) in Message-ID, In-Reply-To and References. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::mail {

// The ids of a field, without <>, in order, each once. Forgives missing brackets, commas, comments and folding inside
// an id. At most max_references: the first ones and the last ones are kept.
std::vector<std::string> parse_message_ids(std::string_view value);

}  // namespace answerable::mail
