// A change of the ledger's key, and the keys that a ledger has had: docs/formats/ledger.md, "Another key". The change
// is an entry of the ledger whose detail is a signed note: it names the tree before it, the old key and the new one,
// and is signed by the new key and, when it is announced, by the old one. Without the old signature (the key is lost,
// or known to others) only who was given a later key believes it, and a new epoch begins. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/ledger.h"

namespace answerable::audit {

inline constexpr std::string_view key_action = "ledger.key";
inline constexpr std::string_view key_change_first_line = "answerable-ledger-key v1";
inline constexpr std::size_t key_changes_max = 64;  // of one ledger

struct KeyChange {
  LedgerName ledger;
  TreeHead before;  // of the entries before the one that changes the key
  PublicKey from, to;
  bool is_announced = false;
  std::string note;
};

std::string announce_key(const LedgerName& ledger, const TreeHead& before, const SigningKey& from,
                         const SigningKey& to);
std::string declare_key(const LedgerName& ledger, const TreeHead& before, const PublicKey& from, const SigningKey& to);

// Errors: invalid "key_change_malformed": not in the one form, or a signature does not verify.
Result<KeyChange> open_key_change(std::string_view note);
// What an entry of this action says.
Result<KeyChange> read_key_change(const Act& act);
// Notes one after the other. Errors: also when there are more than twice key_changes_max.
Result<std::vector<KeyChange>> open_key_changes(std::string_view notes);

// The keys that signed one ledger, in their order, as somebody believes them who trusts one of them.
class LedgerKeys {
 public:
  LedgerKeys(PublicKey only) : keys_{std::move(only)} {}  // NOLINT(google-explicit-constructor): as nearly always
  // Errors: invalid "key_unknown" (`trusted` is none of them), "key_change_unannounced" (a later key that the one
  // before it did not sign), "key_change_malformed" (they are no chain, or of several ledgers).
  static Result<LedgerKeys> of(const PublicKey& trusted, std::vector<KeyChange> changes);

  const PublicKey& newest() const { return keys_.back(); }
  const std::vector<KeyChange>& changes() const { return changes_; }
  // Errors: those of open_checkpoint; "checkpoint_signature" too when the key was not the ledger's at that size.
  Result<Checkpoint> open(std::string_view note) const;

 private:
  // Before the first change, between two, after the last: position in keys_ of who signed a tree of that size.
  std::size_t position(const Checkpoint& checkpoint) const;

  std::vector<PublicKey> keys_;
  std::vector<KeyChange> changes_;  // one fewer
};

}  // namespace answerable::audit
