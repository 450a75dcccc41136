#include "app/node.h"

#include <fmt/format.h>

#include <fstream>

#include "base/random.h"

namespace answerable::app {

Result<std::string> load_node(const std::string& data_dir) {
  const auto path = data_dir + "/node";
  std::string name;
  if (std::ifstream file(path); std::getline(file, name) && !name.empty()) return name;
  name = "node-" + random_token(9);
  std::ofstream file(path);
  file << name << '\n';
  file.close();
  if (!file) return fail(ErrorKind::unavailable, "data_folder_unwritable", fmt::format("Cannot write {}.", path));
  return name;
}

}  // namespace answerable::app
