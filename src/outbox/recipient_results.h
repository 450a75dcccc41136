// What became of each recipient of a delivery that not all of its recipients fared alike with: one of five addresses is
// unknown, another server is greylisting. Kept in the delivery's row, so that nobody gets a mail twice because another
// did not get it at all. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::outbox {

struct RecipientResult {
  std::string address;
  bool has_it = false;  // the other side has taken it; otherwise it never will
  std::string detail;   // the other side's answer, one line
};
using RecipientResults = std::vector<RecipientResult>;

// A line for each. What cannot stand in a line is made a space.
std::string encode_recipients(const RecipientResults& results);
// Lines that cannot be read are left out.
RecipientResults decode_recipients(std::string_view text);

// `later` added to `known`: the first word on an address stands, but that somebody has the mail outweighs all.
void add_results(RecipientResults& known, const RecipientResults& later);
// What was taken came back from `returned`. False when that was known.
bool add_return(RecipientResults& known, const RecipientResult& returned);
bool has_anybody(const RecipientResults& results);  // at least one has it

}  // namespace answerable::outbox
