#include "audit/proof_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>

#include "audit/entry.h"
#include "base/encoding.h"

namespace answerable::audit {
namespace {

// Four thirds of the longest entry, the hashes and the checkpoint; twice; and the changes of the key.
constexpr std::size_t proof_bytes_max = 2 * entry_bytes_max + proof_hashes_max * 45 + note_bytes_max;
constexpr std::size_t file_bytes_max = 2 * proof_bytes_max + 2 * key_changes_max * note_bytes_max;

std::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorKind::invalid, "proof_malformed", "The proof is not well formed: " + std::string(what) + ".");
}

std::unexpected<Error> wrong(std::string_view what) {
  return fail(ErrorKind::invalid, "proof_wrong", "The proof does not verify: " + std::string(what) + ".");
}

std::string lines_of(const std::vector<Digest>& proof) {
  std::string lines;
  for (const auto& hash : proof) lines += to_base64(as_bytes(hash)) + "\n";
  return lines;
}

// Takes "name value\n" off the front.
std::optional<std::string_view> take(std::string_view& rest, std::string_view name) {
  auto end = rest.find('\n');
  if (end == std::string_view::npos || !rest.starts_with(name) || rest.substr(name.size(), 1) != " ")
    return std::nullopt;
  auto value = rest.substr(name.size() + 1, end - name.size() - 1);
  rest.remove_prefix(end + 1);
  return value;
}

std::optional<std::uint64_t> number_in(std::optional<std::string_view> text) {
  std::uint64_t number = 0;
  if (!text) return std::nullopt;
  std::from_chars(text->data(), text->data() + text->size(), number);
  if (std::to_string(number) != *text) return std::nullopt;
  return number;
}

// The hashes and the blank line after them.
std::optional<std::vector<Digest>> take_hashes(std::string_view& rest) {
  std::vector<Digest> proof;
  while (!rest.starts_with('\n')) {
    auto end = rest.find('\n');
    auto bytes = end == std::string_view::npos ? std::nullopt : from_base64(rest.substr(0, end));
    Digest hash;
    if (!bytes || bytes->size() != hash.size() || proof.size() == proof_hashes_max) return std::nullopt;
    std::memcpy(hash.data(), bytes->data(), hash.size());
    proof.push_back(hash);
    rest.remove_prefix(end + 1);
  }
  rest.remove_prefix(1);
  return proof;
}

// Takes the changes of the key off the end. No other line of a proof begins like theirs.
Result<std::vector<KeyChange>> take_changes(std::string_view& file) {
  auto begin = file.find("\n" + std::string(key_change_first_line) + "\n");
  if (begin == std::string_view::npos) return std::vector<KeyChange>();
  auto changes = file.substr(begin + 1);
  file = file.substr(0, begin + 1);
  return open_key_changes(changes);
}

// The newest key of the ledger that this proof says it is of.
Result<PublicKey> signer_of(const PublicKey& trusted, const std::vector<KeyChange>& changes, std::string_view proof) {
  auto blank = proof.find("\n\n");
  auto note = proof.substr(blank == std::string_view::npos ? proof.size() : blank + 2);
  auto ledger = ledger_called(trusted, note.substr(0, note.find('\n')));
  if (!ledger) return wrong("it is of another installation");
  std::vector<KeyChange> own;
  std::ranges::copy_if(changes, std::back_inserter(own),
                       [&](const KeyChange& change) { return change.ledger.workspace == ledger->workspace; });
  TRY(auto keys, LedgerKeys::of(trusted, std::move(own)));
  return keys.newest();
}

}  // namespace

std::string inclusion_file(std::string_view entry, std::uint64_t seq, const std::vector<Digest>& proof,
                           std::string_view note) {
  return std::string(inclusion_first_line) + "extra " + to_base64(entry) + "\nindex " + std::to_string(seq) + "\n" +
         lines_of(proof) + "\n" + std::string(note);
}

Result<ProvenEntry> open_inclusion_file(const PublicKey& key, std::string_view file) {
  if (file.size() > proof_bytes_max || !file.starts_with(inclusion_first_line)) return malformed("its first line");
  auto rest = file.substr(inclusion_first_line.size());
  auto extra = take(rest, "extra");
  auto entry = extra ? from_base64(*extra) : std::nullopt;
  if (!entry) return malformed("it does not have the entry as extra data");
  auto index = number_in(take(rest, "index"));
  if (!index) return malformed("its index");
  auto proof = take_hashes(rest);
  if (!proof) return malformed("its hashes");
  TRY(auto checkpoint, open_checkpoint(key, rest));
  if (!verify_inclusion(hash_leaf(*entry), *index, checkpoint.head.size, *proof, checkpoint.head.root))
    return wrong("this entry is not in the tree that was signed");
  ProvenEntry proven{.entry = *std::move(entry), .seq = 0, .checkpoint = checkpoint, .note = std::string(rest)};
  TRY(auto act, decode_entry(proven.entry, &proven.seq));
  if (act.workspace != checkpoint.ledger.workspace || proven.seq != static_cast<std::int64_t>(*index))
    return wrong("the entry calls itself another one");
  return proven;
}

Result<std::vector<ProvenEntry>> open_entry_proof(const PublicKey& key, std::string_view file) {
  if (file.size() > file_bytes_max) return malformed("its length");
  TRY(auto changes, take_changes(file));
  const auto first = file.substr(0, file.find(inclusion_first_line, 1));
  const auto second = file.substr(first.size());
  std::vector<ProvenEntry> chain;
  for (auto part : {first, second}) {
    if (part.empty() && !chain.empty()) break;
    TRY(auto signer, signer_of(key, changes, part));
    TRY(auto proven, open_inclusion_file(signer, part));
    chain.push_back(std::move(proven));
  }
  if (chain.size() == 1) return chain;
  TRY(auto act, decode_entry(chain[1].entry));
  if (act.action != "ledger.checkpoint" || act.details.size() != 1 || act.details.front().second != chain[0].note)
    return wrong("the second one is not of the checkpoint that the first ends in");
  return chain;
}

std::string growth_file(std::uint64_t older_size, const std::vector<Digest>& proof, std::string_view note) {
  return "old " + std::to_string(older_size) + "\n" + lines_of(proof) + "\n" + std::string(note);
}

Result<Checkpoint> open_growth_file(const PublicKey& key, std::string_view held, std::string_view file) {
  if (file.size() > file_bytes_max) return malformed("its length");
  TRY(auto changes, take_changes(file));
  TRY(auto keys, LedgerKeys::of(key, std::move(changes)));
  TRY(auto older, keys.open(held));
  auto size = number_in(take(file, "old"));
  if (!size) return malformed("its first line");
  auto proof = take_hashes(file);
  if (!proof) return malformed("its hashes");
  TRY(auto newer, open_checkpoint(keys.newest(), file));
  if (older.ledger != newer.ledger) return wrong("the two checkpoints are of different ledgers or epochs");
  if (older.head.size != *size || !verify_consistency(older.head, newer.head, *proof))
    return wrong("the newer tree does not continue the one that is held");
  return newer;
}

}  // namespace answerable::audit
