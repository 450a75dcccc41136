// Whether a message that arrives shows itself as somebody it is not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/content_matcher.h"

namespace answerable::policy {

// The name that it is shown with is that of one of our people or of a brand (`values`; those that begin with @ are
// further domains of ours), and its address is not ours, or its domain says that it is not its own. Names are compared
// without case, blanks and signs, and letters that look alike count as the same.
std::optional<std::string> find_impersonation(const std::vector<std::string>& values, const Content& content,
                                              const OwnSenders& own);
// An answer would go to another house than the sender's.
std::optional<std::string> find_reply_elsewhere(const Content& content);

// What of a name is compared.
std::string likeness_of(std::string_view name);

}  // namespace answerable::policy
