// What the program writes to people about acceptable use, in English and French. All sentences stand in sentences.h; a
// saying is one of them with what is filled in, and is put into words when it is known who reads it. Facts that a
// control has put on record go in by facts.h, what people have written as it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::policy {

struct Sentence {
  // {0}, {1}… are filled in: the same in both, which the compiler checks.
  consteval Sentence(std::string_view english, std::string_view french) : english(english), french(french) {
    for (char which = '0'; which <= '9'; ++which) {
      if (has(english, which) != has(french, which))
        throw "one language has something filled in that the other has not";
    }
  }
  static constexpr bool has(std::string_view text, char which) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      if (text[i] == '{' && text[i + 1] == which && text[i + 2] == '}') return true;
    }
    return false;
  }

  std::string_view english, french;
};

class Saying {
 public:
  Saying(std::string text) : text_(std::move(text)) {}  // in no language of ours
  Saying(const char* text) : text_(text) {}
  Saying(const Sentence& sentence) : sentence_(&sentence) {}
  Saying(const Sentence& sentence, std::vector<Saying> filled_in)
      : sentence_(&sentence), filled_in_(std::move(filled_in)) {}

  static Saying recorded(std::string facts) {
    Saying saying(std::move(facts));
    saying.is_recorded_ = true;
    return saying;
  }

  // "fr" is French, all else English.
  std::string in(std::string_view language) const;

 private:
  const Sentence* sentence_ = nullptr;  // lives for ever
  std::string text_;
  bool is_recorded_ = false;
  std::vector<Saying> filled_in_;
};

struct Letter {
  Saying subject, text;
};

}  // namespace answerable::policy
