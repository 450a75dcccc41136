// What watches over each clause, with its last test, and what it has led to in a period: for the operator of the whole
// installation, for an administrator of the own workspace.
#pragma once

#include <optional>

#include "base/id.h"
#include "http/route.h"

namespace answerable::http {

inline constexpr std::int64_t figure_days_max = 366;

// `days` of the query: 1 to figure_days_max, 30 without.
Result<net::Response> clause_page(Call& call, std::optional<WorkspaceId> workspace);

}  // namespace answerable::http
