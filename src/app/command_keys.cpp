// `answerable keys replace`: a new installation key, and everything sealed under it (replace_key.h); `answerable keys
// replace-ledger`: a new key of the ledger (replace_ledger_key.h).
#include <fmt/format.h>

#include "app/commands.h"
#include "app/replace_key.h"
#include "app/replace_ledger_key.h"

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

int run_keys_replace_ledger(const Configuration& configuration, bool is_unannounced) {
  SystemClock clock;
  const auto done = replace_ledger_key(configuration, clock, is_unannounced ? OldKey::is_lost : OldKey::announces);
  if (!done) return report(done.error());
  fmt::print("The key of the ledger is replaced. The new one signs from the next start on: {}\n", done->public_key);
  fmt::print("{}", is_unannounced ? "The old key has not signed the change: give the new one to everybody who checks "
                                    "the ledger, by a way that they trust.\n"
                                  : "Whoever has the old one can follow the change; witnesses must be given the new "
                                    "one.\n");
  if (!done->old_file.empty()) fmt::print("The old key is {}.\n", done->old_file);
  fmt::print("Make a copy of the new key. On several nodes, copy the folder keys to each.\n");
  return exit_ok;
}

}  // namespace answerable::app
