#include "policy/saying.h"

#include "base/ensure.h"
#include "policy/facts.h"

namespace answerable::policy {

std::string Saying::in(std::string_view language) const {
  if (sentence_ == nullptr) return is_recorded_ ? facts_in(language, text_) : text_;
  const auto sentence = language == "fr" ? sentence_->french : sentence_->english;
  std::string text;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool is_filled_in = sentence[i] == '{';
    if (!is_filled_in) {
      text += sentence[i];
      continue;
    }
    const auto which = static_cast<std::size_t>(sentence.at(i + 1) - '0');
    ensure(which < filled_in_.size(), "what a sentence has room for is given");
    text += filled_in_[which].in(language);
    i += 2;
  }
  return text;
}

}  // namespace answerable::policy
