// Files that people take away: a table as JSON or CSV, with a watermark that says who exported it, when, and whether it
// is whole. The marker is keyed by the workspace and stands in the ledger, and the start of it in every row, so that a
// part of a file still leads to the export that it came from. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "net/http.h"

namespace answerable::http {

struct ExportedBy {
  std::string person, workspace;  // names
  std::string person_id;
  Time at;
  std::string what;  // "Conversation 17", "Search: refund"
};

struct ExportTable {
  std::vector<std::string> columns;            // snake_case
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
  std::int64_t total = 0;                      // that there are; more than rows when not complete
  bool is_complete = true;
};

inline constexpr std::size_t marker_of_row_characters = 16;

// HMAC-SHA-256 over who, when, what and all cells, in hex; `key`: the workspace's.
std::string export_marker(std::string_view key, const ExportedBy& by, const ExportTable& table);
std::string export_json(const ExportedBy& by, const ExportTable& table, std::string_view marker);
// RFC 4180 after lines that begin with #. A cell that a spreadsheet would take for a formula gets a ' before it.
std::string export_csv(const ExportedBy& by, const ExportTable& table, std::string_view marker);

}  // namespace answerable::http
