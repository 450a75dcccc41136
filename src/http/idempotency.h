// Acts that a client may repeat (Idempotency-Key): the answer is kept for 24 hours in the transaction of the act
// itself, so that a repetition finds either both or neither. Keys belong to one credential of one workspace.
#pragma once

#include <functional>
#include <string>

#include "conversations/judge_outgoing.h"
#include "http/route.h"
#include "store/session.h"

namespace answerable::http {

inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr std::int64_t idempotency_kept_ms = 24LL * 3'600'000;

struct Produced {
  net::Response response;
  // What a repetition gets instead of the body: for answers with a secret that is shown once and kept nowhere.
  std::string body_for_repetition = {};
};
// Runs in the transaction, perhaps more than once: no effect but through it.
using Produce = std::function<Result<Produced>(store::Transaction&)>;

// Without the header it is a plain write. Blocks until durable. Errors: those of `produce`, invalid "bad_header" and
// "idempotency_mismatch" (the same key with another request). Two at once are done one after the other: the second is
// answered with what the first has stored.
Result<net::Response> write_once(Call& call, const Produce& produce);
// The same for an act that sends: when a rule on content has refused it, that is kept in a transaction of its own.
Result<net::Response> send_once(Call& call, const conversations::ContentRefusal& refusal, const Produce& produce);

}  // namespace answerable::http
