#include "app/node.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdint>
#include <fstream>

#include "base/random.h"

namespace answerable::app {

namespace {

std::uint64_t inode_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

Result<std::string> load_node(const std::string& data_dir) {
  const auto path = data_dir + "/node";
  std::string name;
  std::uint64_t inode = 0;
  if (std::ifstream file(path); file >> name) file >> inode;
  if (inode != 0 && inode == inode_of(path)) return name;
  // A name alone was written by a version before, here.
  if (name.empty() || inode != 0) name = "node-" + random_token(9);
  std::ofstream file(path);
  file << name << ' ' << inode_of(path) << '\n';
  file.close();
  if (!file) return fail(ErrorKind::unavailable, "data_folder_unwritable", fmt::format("Cannot write {}.", path));
  return name;
}

}  // namespace answerable::app
