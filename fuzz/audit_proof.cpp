// Proofs, checkpoints and exports come from a stranger: whatever the bytes, they are refused, or say what was signed.
// An input is a list of edits to a good file, or (an odd first byte) a file of its own.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "audit/entry.h"
#include "audit/export.h"
#include "audit/proof_file.h"
#include "audit/witness.h"
#include "base/encoding.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

constexpr std::uint64_t entry_total = 7;
constexpr std::uint64_t held_total = 3;
constexpr std::uint64_t leaf_total = 64;

void check(bool holds) {
  if (!holds) std::abort();
}

// The bytes that libFuzzer gives, from the front; zeros when there are no more.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t number = 0;
    for (; bytes > 0; --bytes) number = number << 8 | byte();
    return number;
  }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  bool is_empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

SigningKey fixed_key() {
  std::string path = "/tmp/answerable-fuzz-XXXXXX";
  const int file = ::mkstemp(path.data());
  check(file >= 0);
  ::close(file);
  std::ofstream(path) << "PRIVATE+KEY+fuzz.example+8c5a4406+AfengzSrZL+J1h3xdsVpPt58jf6v7BqGpUCdQXgEHKc4\n";
  auto key = SigningKey::load_or_create(path, "fuzz.example");
  ::unlink(path.c_str());
  return key.value();
}

// A small ledger that was signed at two sizes, and everything that is handed out of it.
struct Ledger {
  SigningKey key = fixed_key();
  WorkspaceId workspace = WorkspaceId::parse("01900000-0000-7000-8000-000000000001").value();
  std::vector<std::string> entries;
  std::vector<Digest> leaves;
  TreeHead held, head;
  std::string held_note, note, growth, exported;
  std::vector<std::string> proofs;

  Ledger() {
    exported = "answerable-ledger-export v1\nworkspace=" + workspace.text() + "\nkey=" + key.public_key().text() + "\n";
    for (std::uint64_t seq = 0; seq < entry_total; ++seq) {
      const Act act{.workspace = workspace,
                    .actor = {"user", "u", "s"},
                    .action = "message.note",
                    .object_kind = "message",
                    .object_id = std::to_string(seq),
                    .details = {{"text", "a\nb"}}};
      entries.push_back(encode_entry(act, static_cast<std::int64_t>(seq), Time{1'700'000'000'000}).value());
      leaves.push_back(hash_leaf(entries.back()));
      exported += "entry " + to_hex(as_bytes(leaves.back())) + " " + std::to_string(entries.back().size()) + "\n" +
                  entries.back();
      if (leaves.size() == held_total || leaves.size() == entry_total) sign();
    }
    exported += "end entries=7 checkpoints=2\n";
    for (std::uint64_t seq = 0; seq < entry_total; ++seq) {
      proofs.push_back(
          inclusion_file(entries[seq], static_cast<std::int64_t>(seq), inclusion_proof(leaves, seq), note));
    }
    growth = growth_file(held_total, consistency_proof(leaves, held_total), note);
    check(root_of(leaves) == head.root);
  }

  void sign() {
    head = {leaves.size(), root_of(leaves)};
    note = sign_checkpoint(key, workspace, head);
    exported += "checkpoint " + std::to_string(note.size()) + "\n" + note;
    if (leaves.size() != held_total) return;
    held = head;
    held_note = note;
  }
  bool was_signed(const TreeHead& one) const {
    return (one.size == held.size && one.root == held.root) || (one.size == head.size && one.root == head.root);
  }
};

const Ledger& ledger() {
  static const Ledger ledger;
  return ledger;
}

std::string edited(std::string text, Input& in) {
  while (!in.is_empty() && !text.empty()) {
    const auto at = in.number(2) % text.size();
    const auto how = in.byte();
    const auto change = in.byte();
    if (how % 4 == 0) {
      text.erase(at, 1 + change % 64);
    } else if (how % 4 == 1) {
      text.insert(at, 1, static_cast<char>(change));
    } else if (how % 4 == 2) {
      text.insert(at, text.substr(change * text.size() / 256, 1 + how / 4));
    } else {
      text[at] = static_cast<char>(text[at] ^ change);
    }
  }
  return text;
}

void open_files(std::uint8_t kind, Input& in) {
  const auto& own = ledger();
  const auto& key = own.key.public_key();
  const auto file = [&](const std::string& good) { return kind % 2 == 1 ? std::string(in.rest()) : edited(good, in); };
  switch (kind / 2 % 5) {
    case 0:
      if (const auto opened = open_checkpoint(key, file(own.note)))
        check(opened->ledger == LedgerName(own.workspace) && own.was_signed(opened->head));
      return;
    case 1:
      if (const auto proven = open_inclusion_file(key, file(own.proofs[kind / 10 % entry_total]))) {
        check(proven->entry == own.entries.at(static_cast<std::size_t>(proven->seq)));
        check(own.was_signed(proven->checkpoint.head));
      }
      return;
    case 2:
      if (const auto grown = open_growth_file(key, own.held_note, file(own.growth))) check(own.was_signed(grown->head));
      return;
    case 3: {
      std::istringstream text(file(own.exported));
      const auto verdict = verify_export(text, key);
      if (verdict.ok) check(own.was_signed({static_cast<std::uint64_t>(verdict.entries), verdict.root}));
      return;
    }
    default: {
      const auto text = file(key.text());
      if (const auto parsed = parse_public_key(text)) check(parsed->text() == text);
      static_cast<void>(parse_witness_key(text).has_value());
      const WitnessKey witness{.name = "fuzz.example", .id = {}, .key = key.key};
      static_cast<void>(read_answer(witness, own.note, kind < 128 ? 200 : 409, text).has_value());
    }
  }
}

std::vector<Digest> edited(std::vector<Digest> proof, Input& in) {
  const auto how = in.byte();
  const auto at = proof.empty() ? 0 : in.byte() % proof.size();
  if (how % 8 == 1) proof.push_back(proof.empty() ? Digest{} : proof[at]);
  if (proof.empty()) return proof;
  if (how % 8 == 2) proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(at));
  if (how % 8 == 3) std::swap(proof[at], proof.front());
  if (how % 8 == 4) proof[at][in.byte() % sizeof(Digest)] ^= in.byte();
  return proof;
}

const std::vector<Digest>& leaves() {
  static const auto leaves = [] {
    std::vector<Digest> made;
    for (std::uint64_t i = 0; i < leaf_total; ++i) made.push_back(hash_leaf(std::to_string(i)));
    return made;
  }();
  return leaves;
}

// Of two numbers mostly the first, so that proofs are nearly right.
std::uint64_t perhaps(std::uint64_t right, Input& in) {
  const auto how = in.byte();
  return how < 160 ? right : how < 224 ? right ^ in.byte() : in.number(8);
}

void verify_trees(Input& in) {
  const auto size = 1 + in.byte() % leaf_total;
  const auto index = in.byte() % size;
  const auto tree = std::span(leaves()).first(size);
  const TreeHead head{size, root_of(tree)};

  const auto inclusion = inclusion_proof(tree, index);
  const auto proof = edited(inclusion, in);
  const auto leaf = leaves()[perhaps(index, in) % leaf_total];
  const auto said_index = perhaps(index, in);
  const auto said_size = perhaps(size, in);
  const bool is_true = proof == inclusion && leaf == leaves()[index];
  const bool is_in = verify_inclusion(leaf, said_index, said_size, proof, head.root);
  check(is_true || !is_in);
  if (is_true && said_index == index && said_size == size) check(is_in);

  const TreeHead older{index + 1, root_of(tree.first(index + 1))};
  const auto consistency = consistency_proof(tree, older.size);
  const auto path = edited(consistency, in);
  const TreeHead said_older{perhaps(older.size, in), in.byte() == 1 ? Digest{} : older.root};
  const TreeHead said_newer{perhaps(size, in), in.byte() == 1 ? Digest{} : head.root};
  const bool is_grown = verify_consistency(said_older, said_newer, path);
  const bool roots_are_true = said_older.root == older.root && said_newer.root == head.root;
  check(!is_grown || (path == consistency && roots_are_true));
  if (path == consistency && roots_are_true && said_older.size == older.size && said_newer.size == size)
    check(is_grown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  const auto kind = in.byte();
  if (kind >= 200) {
    verify_trees(in);
  } else {
    open_files(kind, in);
  }
  return 0;
}
