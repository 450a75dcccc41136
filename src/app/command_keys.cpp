// `answerable keys replace`: a new installation key, and everything sealed under it (replace_key.h).
#include <fmt/format.h>

#include "app/commands.h"
#include "app/replace_key.h"

namespace answerable::app {

int run_keys_replace(const Configuration& configuration) {
  SystemClock clock;
  const auto done = replace_installation_key(configuration, clock);
  if (!done) return report(done.error());
  fmt::print("The installation key is replaced: {} files and all secrets are sealed under the new one.\n", done->blobs);
  if (done->missing_blobs > 0)
    fmt::print("{} files were missing before, and are missing still.\n", done->missing_blobs);
  if (done->unreadable_secrets > 0)
    fmt::print("{} secrets could not be read before either: enter them again.\n", done->unreadable_secrets);
  fmt::print(
      "The old key is {}. Keep it with the backups that were made under it, and delete it here.\n"
      "Make a copy of the new key, and a backup. Links in mails that have left no longer work.\n",
      done->old_file);
  return done->unreadable_secrets > 0 || done->missing_blobs > 0 ? exit_partly : exit_ok;
}

}  // namespace answerable::app
