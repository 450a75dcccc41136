#include "app/node.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "store/testing.h"

using namespace answerable;
using namespace answerable::app;

TEST_CASE("a node keeps its name, and a copy of its folder is another node") {
  store::TemporaryFolder folder, copy;
  const auto name = load_node(folder.path()).value();
  CHECK(load_node(folder.path()).value() == name);
  std::filesystem::copy_file(folder.path() + "/node", copy.path() + "/node");
  const auto other = load_node(copy.path()).value();
  CHECK(other != name);
  CHECK(load_node(copy.path()).value() == other);
}

TEST_CASE("the name that a version before has written is kept") {
  store::TemporaryFolder folder;
  std::ofstream(folder.path() + "/node") << "node-before\n";
  CHECK(load_node(folder.path()).value() == "node-before");
  CHECK(load_node(folder.path()).value() == "node-before");
}
