// The installation's secret keys. One 32-byte master key in data_dir/keys/installation.key (mode 0600, made on first
// use); each purpose has its own key derived from it (libsodium crypto_kdf, BLAKE2b), so that a leak of one tells
// nothing of another. The ledger's signing key stands beside it in ledger.key, in the form that audit/signing_key.h
// gives it.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::app {

struct Keys {
  std::string blobs;            // encrypts blobs at rest
  std::string channel_secrets;  // encrypts passwords of channels in the database
  std::string reply_tokens;     // signs the tokens in reply addresses and Message-IDs
  std::string chat_files;       // signs the addresses of files in a chat
  std::string second_factors;   // encrypts the secrets of second factors
  std::string account_links;    // makes the tokens of links in mails about accounts
  std::string browsers;         // makes the keys of what browsers keep
  std::string fingerprint;      // tells nothing of the others: names this set of keys
};

// Creates the keys when `may_create`; otherwise a missing file is not_found "keys_missing".
// Errors: internal "keys_damaged" when a file has the wrong size; denied "keys_exposed" when others may read them.
Result<Keys> load_keys(const std::string& data_dir, bool may_create);

// The next installation key, until everything is sealed under it (replace_key.h). It lies in installation.key.next from
// keep_next_key() on; put_in_force() makes it the installation key and keeps the old one under the name that it
// returns.
struct NextKey {
  std::string master;
  Keys keys;
  bool is_kept = false;  // found there: a replacement was interrupted
};
// Makes a key where none is kept. Errors: as load_keys().
Result<NextKey> begin_next_key(const std::string& data_dir);
Status keep_next_key(const std::string& data_dir, const NextKey& next);
Result<std::string> put_in_force(const std::string& data_dir, Time now);
// The same of any key: the file `next` takes the place of `current`, which stays under the name returned; none was
// there: empty. Interrupted, it can be done again. Errors: unavailable "keys_unwritable".
Result<std::string> put_in_force(const std::string& current, const std::string& next, Time now);
// Errors: conflict "key_half_replaced": rows may be sealed under either key until `answerable keys replace` has ended.
Status check_no_next_key(const std::string& data_dir);
// What a key is called where it may be read: 16 hex digits that tell nothing of it.
std::string key_name(std::string_view master);

}  // namespace answerable::app
