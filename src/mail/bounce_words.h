// The words by which mail servers say that a message did not arrive: one row a language or a program, data only.
#pragma once

#include <string_view>

#include "mail/phrase_set.h"

namespace answerable::mail {

// ASCII letters are in lower case, white space is one blank. Other letters stand as servers write them.
struct BounceWords {
  std::string_view of;     // the language or the program, for the reader of the table
  std::string_view words;  // between bars
};

// Who writes: in the local part or the name of From.
extern const std::string_view robot_names;    // no person has such a name
extern const std::string_view manager_names;  // people and programs share these addresses

const PhraseSet& bounce_subjects();       // hardly anything else has such a subject
const PhraseSet& weak_bounce_subjects();  // other mail has it too
const PhraseSet& list_refusals();         // of a program that keeps lists
const PhraseSet& bounce_forms();          // sentences that programs write
const PhraseSet& weak_bounce_phrases();   // what a report says, and other mail may say

extern const std::string_view answer_prefixes;  // subjects of answers and forwards begin so
extern const std::string_view mail_words;       // a text with one of them speaks of mail
extern const std::string_view parcel_words;     // and with one of these of what a postman carries

}  // namespace answerable::mail
