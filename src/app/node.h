// The name of a data folder among those that share one database: each takes up only what it left itself.
#pragma once

#include <string>

#include "base/result.h"

namespace answerable::app {

// Kept in <data_dir>/node, made at the first start. The file also says which file it is (its inode): one that was
// copied with its folder, or restored from a backup, names another node, so that no two have one name. Errors:
// unavailable "data_folder_unwritable".
Result<std::string> load_node(const std::string& data_dir);

}  // namespace answerable::app
