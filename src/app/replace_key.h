// Replaces the installation key: with the server stopped, every blob is written again under the new key and every
// secret in the database is sealed under it. Interrupted at any moment it can be run again; until the secrets are
// sealed anew, which is one transaction, the old key holds.
//
// What the old key signed or named by derivation ends: tokens in the addresses of replies (a reply to an older mail is
// matched by its References from then on), links in mails about accounts, addresses of files in chats that are open.
#pragma once

#include <cstdint>
#include <string>

#include "app/configuration.h"
#include "base/clock.h"
#include "base/result.h"

namespace answerable::app {

class Installation;

struct ReplacedKey {
  std::int64_t blobs = 0, missing_blobs = 0;  // missing: rows name them, and they were not there before either
  std::int64_t unreadable_secrets = 0;        // sealed under neither key: left as they are, to be entered again
  std::string old_file;                       // where the old key is, for backups that were made under it
};

// Blocks, for as long as all blobs take to be read and written; they need twice their room until the server has swept.
// Errors: those of opening; conflict "nodes_run"; limited "storage_full", internal "blob_damaged": nothing has changed
// then.
Result<ReplacedKey> replace_installation_key(const Configuration& configuration, const Clock& clock);

// For what is done to the keys of all nodes. The server of this folder holds its lock; those of other nodes are known
// by their signs of life. Errors: conflict "nodes_run".
Status check_nobody_runs(Installation& at);

}  // namespace answerable::app
