#include "audit/key_change.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "base/encoding.h"
#include "base/utf8.h"

namespace answerable::audit {
namespace {

std::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorKind::invalid, "key_change_malformed",
              "The change of the ledger's key is not in order: " + std::string(what) + ".");
}

std::string body_of(const KeyChange& change) {
  return std::string(key_change_first_line) + "\nledger=" + origin_of(change.to, change.ledger) +
         "\nsize=" + std::to_string(change.before.size) + "\nroot=" + to_base64(as_bytes(change.before.root)) +
         "\nold=" + change.from.text() + "\nnew=" + change.to.text() + "\n";
}

std::string_view value_of(std::string_view& rest, std::string_view name) {
  auto line = take_line(rest).value_or("");
  return line.starts_with(name) ? line.substr(name.size()) : std::string_view();
}

// The values alone; that they were written in this one way is for the caller to see.
Result<KeyChange> read_body(std::string_view body) {
  value_of(body, key_change_first_line);
  auto origin = value_of(body, "ledger=");
  auto size = parse_decimal(value_of(body, "size="));
  auto root = from_base64(value_of(body, "root="));
  TRY(auto from, parse_public_key(value_of(body, "old=")));
  TRY(auto to, parse_public_key(value_of(body, "new=")));
  auto ledger = ledger_called(to, origin);
  if (!ledger || !size || !root || root->size() != sizeof(Digest)) return malformed("its lines");
  KeyChange change{.ledger = *ledger, .before = {.size = *size}, .from = from, .to = to};
  std::memcpy(change.before.root.data(), root->data(), root->size());
  return change;
}

bool is_signed(const PublicKey& key, std::string_view body, std::string_view line) {
  return line.starts_with(signature_mark) && judge_signature(key, key.name, body, line) == Signature::good;
}

}  // namespace

std::string announce_key(const LedgerName& ledger, const TreeHead& before, const SigningKey& from,
                         const SigningKey& to) {
  auto body = body_of({.ledger = ledger, .before = before, .from = from.public_key(), .to = to.public_key()});
  return body + "\n" + signature_line(from, from.public_key().name, body) +
         signature_line(to, to.public_key().name, body);
}

std::string declare_key(const LedgerName& ledger, const TreeHead& before, const PublicKey& from, const SigningKey& to) {
  auto body = body_of({.ledger = ledger, .before = before, .from = from, .to = to.public_key()});
  return body + "\n" + signature_line(to, to.public_key().name, body);
}

Result<KeyChange> open_key_change(std::string_view note) {
  if (note.size() > note_bytes_max || !is_valid_utf8(note)) return malformed("it is too long or no UTF-8");
  auto split = note.find("\n\n");
  if (split == std::string_view::npos) return malformed("it has no signatures");
  auto body = note.substr(0, split + 1);
  auto signatures = note.substr(split + 2);
  auto parsed = read_body(body);
  if (!parsed) return malformed("its lines");
  auto change = *std::move(parsed);
  if (body_of(change) != body) return malformed("its lines");
  if (change.from == change.to || change.from.name != change.to.name) return malformed("its keys");
  auto first = take_line(signatures).value_or("");
  change.is_announced = is_signed(change.from, body, first);
  auto last = change.is_announced ? take_line(signatures).value_or("") : first;
  if (!is_signed(change.to, body, last) || !signatures.empty()) return malformed("its signatures");
  change.note = note;
  return change;
}

Result<KeyChange> read_key_change(const Act& act) {
  if (act.action != key_action || act.details.size() != 1 || act.details[0].first != "announcement")
    return malformed("the entry has other details");
  return open_key_change(act.details[0].second);
}

Result<std::vector<KeyChange>> open_key_changes(std::string_view notes) {
  std::vector<KeyChange> changes;
  const auto between = "\n" + std::string(key_change_first_line) + "\n";
  while (!notes.empty()) {
    if (changes.size() == 2 * key_changes_max) return malformed("there are too many");
    auto end = notes.find(between);
    auto one = end == std::string_view::npos ? notes : notes.substr(0, end + 1);
    TRY(auto change, open_key_change(one));
    changes.push_back(std::move(change));
    notes.remove_prefix(one.size());
  }
  return changes;
}

Result<LedgerKeys> LedgerKeys::of(const PublicKey& trusted, std::vector<KeyChange> changes) {
  if (changes.empty()) return LedgerKeys(trusted);
  if (changes.size() > key_changes_max) return malformed("there are too many");
  LedgerKeys keys(changes.front().from);
  bool is_trusted = keys.newest() == trusted;
  for (auto& change : changes) {
    auto order = [](const KeyChange& one) { return std::tuple(one.ledger.epoch, one.before.size); };
    const bool follows = keys.changes_.empty() || (change.ledger.workspace == keys.changes_.back().ledger.workspace &&
                                                   order(keys.changes_.back()) < order(change));
    if (!follows || change.from != keys.newest()) return malformed("it does not follow the one before it");
    if (std::ranges::find(keys.keys_, change.to) != keys.keys_.end()) return malformed("a key comes back");
    if (is_trusted && !change.is_announced) {
      return fail(ErrorKind::invalid, "key_change_unannounced",
                  "The ledger's key was replaced without the signature of the one before it: get the new one from "
                  "whoever runs the installation, by a way that you trust.");
    }
    is_trusted = is_trusted || change.to == trusted;
    keys.keys_.push_back(change.to);
    keys.changes_.push_back(std::move(change));
  }
  if (is_trusted) return keys;
  return fail(ErrorKind::invalid, "key_unknown", "The ledger was signed with other keys than this one.");
}

std::size_t LedgerKeys::position(const Checkpoint& checkpoint) const {
  const std::tuple signed_at(checkpoint.ledger.epoch, checkpoint.head.size);
  auto over = std::ranges::find_if(changes_, [&](const KeyChange& change) {
    return signed_at <= std::tuple(change.ledger.epoch, change.before.size);
  });
  return static_cast<std::size_t>(over - changes_.begin());
}

Result<Checkpoint> LedgerKeys::open(std::string_view note) const {
  auto opened = open_checkpoint(newest(), note);
  auto signer = keys_.size() - 1;
  while (!opened && signer > 0) {
    auto older = open_checkpoint(keys_[--signer], note);
    if (older) opened = std::move(older);
  }
  if (!opened) return opened;
  if (position(*opened) != signer) {
    return fail(ErrorKind::invalid, "checkpoint_signature",
                "The checkpoint is signed with a key that was not the ledger's at that size.");
  }
  if (!changes_.empty() && opened->ledger.workspace != changes_.front().ledger.workspace)
    return fail(ErrorKind::invalid, "checkpoint_origin", "The checkpoint belongs to another ledger.");
  return opened;
}

}  // namespace answerable::audit
