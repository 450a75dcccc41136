// What an act wrote over, kept for a while so that the act can be undone (supervision/undo_act.h): the ledger says that
// something was changed, and never what it said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/ledger.h"
#include "store/session.h"

namespace answerable::access {

inline constexpr std::int64_t overwritten_kept_ms = 30LL * 24 * 3'600'000;

struct Overwritten {
  std::string field;  // what the act that writes it calls it: "subject", "tags" (lines), "shows_quotes" ("1" or "")
  std::string before, after;
};

// A thing as texts: its fields by name, always the same ones in the same order.
using Fields = std::vector<std::pair<std::string, std::string>>;
// What a change, or a deletion (`after` is empty), wrote over.
std::vector<Overwritten> written_over(const Fields& before, const Fields& after);

// The act's ledger entry, and beside it what it wrote over. What is the same before and after is left out.
Status enter_overwriting(store::Transaction& tx, const audit::Act& act, const std::vector<Overwritten>& fields);

// Of the act with this number in the ledger; empty when it wrote nothing over, or too long ago.
Result<std::vector<Overwritten>> overwritten_by(store::Session& session, WorkspaceId workspace, std::int64_t seq);

// Those older than overwritten_kept_ms; returns how many of at most `limit`.
Result<std::int64_t> delete_old_overwritten(store::Transaction& tx, int limit);

}  // namespace answerable::access
