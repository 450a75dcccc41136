// `answerable vectors merkle|totp|webhook FILE`: for whoever wants to compare our cryptography with vectors of their
// own. Needs no installation.
#include <cstdio>

#include "app/commands.h"
#include "app/read_file.h"
#include "app/vectors.h"

namespace answerable::app {

int run_vectors(const std::string& kind, const std::string& file) {
  auto text = read_file(file);
  if (!text) return report(text.error());
  auto lines = answer_vectors(kind, *text);
  if (!lines) return report(lines.error());
  std::fwrite(lines->data(), 1, lines->size(), stdout);
  return exit_ok;
}

}  // namespace answerable::app
