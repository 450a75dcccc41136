// Known-answer vectors of others, run through our own code: Merkle proofs, one-time passwords, webhook signatures.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::app {

// `text` is a JSON array of {"id","in":{…}}; the answer has a line {"id","out":…} for each, or {"id","error"} when
// there is nothing to compute with. `kind`: "merkle", "totp", "webhook"; docs/formats/vectors.md has the members of
// `in`. Whatever does not make sense as a proof is one that does not verify: "out":false, never an error. Errors:
// invalid "vectors_malformed" (not a JSON array).
Result<std::string> answer_vectors(std::string_view kind, std::string_view text);

}  // namespace answerable::app
