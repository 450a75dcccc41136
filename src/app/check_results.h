// What `answerable policy check` has found, on its way to the pages of the clauses. The command may run beside a server
// that holds the database, or before one starts; so it leaves a file in the data folder, which the server takes.
#pragma once

#include <string>
#include <vector>

#include "policy/control.h"
#include "store/database.h"

namespace answerable::app {

inline constexpr std::size_t check_results_bytes_max = 65'536;  // a larger file is none of ours

// In place of what is there and nobody has taken. Errors: not_found "no_data_folder"; unavailable
// "data_folder_unwritable".
Status leave_check_results(const std::string& data_dir, const std::vector<policy::ControlTest>& tests);
// Records them and removes the file; a result that is older than what is known changes nothing, and what is no result
// is removed with a line in the log. How many there were.
Result<int> take_check_results(store::Database& database, const std::string& data_dir);

}  // namespace answerable::app
