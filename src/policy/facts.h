// Facts are recorded as English sentences, for programs and people alike. Who reads another language is told them in
// it: a sentence that a control says is known here, and what stands in it goes over; so does the reason of a
// suspension, which has the rule, the facts and the cure. What nobody of ours has said (the words of people, an excerpt
// of a message) stays as it is.
#pragma once

#include <string>
#include <string_view>

namespace answerable::policy {

// "fr" is French, all else English, which is how they came.
std::string facts_in(std::string_view language, std::string_view facts);

}  // namespace answerable::policy
