// `answerable restored`: for a backup whose restore the server cannot see, because the whole data folder was put back
// (docs/operations/backup.md). Done twice it does nothing more.
#include <fmt/format.h>

#include "access/workspace.h"
#include "app/commands.h"
#include "app/doubt_waiting.h"
#include "app/installation.h"
#include "store/file_lock.h"

namespace answerable::app {

namespace {

Result<std::int64_t> doubt_everything(const Configuration& configuration) {
  SystemClock clock;
  TRY(const auto lock, store::FileLock::take(configuration.data_dir + "/lock"));
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  intake::ChannelDirectory channels(installation->keys().channel_secrets);
  TRY_STATUS(channels.refresh(installation->database()));
  return installation->database().write([&](store::Transaction& tx) -> Result<std::int64_t> {
    std::int64_t doubted = 0;
    TRY(const auto workspaces, access::workspaces(tx));
    for (const auto& workspace : workspaces) {
      TRY(const auto of_it, doubt_waiting(tx, workspace.id, channels));
      doubted += of_it;
    }
    return doubted;
  });
}

}  // namespace

int run_restored(const Configuration& configuration) {
  const auto doubted = doubt_everything(configuration);
  if (!doubted) return report(doubted.error());
  fmt::print("{} messages that waited to leave may have left since the backup: they are listed as unknown.\n",
             *doubted);
  return exit_ok;
}

}  // namespace answerable::app
