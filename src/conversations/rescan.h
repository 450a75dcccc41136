// Whether anything is left of what a measure was taken for: what waits to leave is judged again by the rules and the
// malware scanner of now, what the measure names must not leave, and nothing of its clause waits for a reviewer.
#pragma once

#include "base/result.h"
#include "policy/clean.h"
#include "policy/scanner.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::conversations {

struct RescanParts {
  store::Database& database;
  store::Blobs& blobs;
  policy::Scanner* scanner = nullptr;  // nullptr: none is configured
};

// Blocks, and reads the files of all that waits. False also when the scanner does not answer: asked again later.
Result<bool> is_clean(const RescanParts& parts, const policy::KeptClause& kept);
// Ends the measures of all workspaces whose cause is gone; a suspension ends with the last that it rests on, a second
// later (policy/cure.h). Returns how many.
Result<int> end_cured_measures(const RescanParts& parts);

}  // namespace answerable::conversations
