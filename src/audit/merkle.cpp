#include "audit/merkle.h"

#include <bit>
#include <string>

#include "base/ensure.h"

namespace answerable::audit {
namespace {

// The largest power of two smaller than n (n > 1).
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// What a tree of `older.size()` leaves and the leaves after it know of the larger tree's nodes.
class GrownTree {
 public:
  GrownTree(const CompactRange& older, std::span<const Digest> leaves) : older_(older), leaves_(leaves) {}

  // SUBPROOF of RFC 9162 for the subtree of `size` leaves from `begin`, the first `first` of which are the older ones.
  // `known`: the verifier has its hash, being the whole older tree.
  void prove(std::uint64_t first, std::uint64_t size, std::uint64_t begin, bool known) {
    if (first == size) {
      if (!known) proof.push_back(node(begin, size));
      return;
    }
    auto split = split_of(size);
    if (first <= split) {
      prove(first, split, begin, known);
      proof.push_back(node(begin + split, size - split));
    } else {
      prove(first - split, size - split, begin + split, false);
      proof.push_back(node(begin, split));
    }
  }

  std::vector<Digest> proof;

 private:
  // Never across the border: left of it the proof asks for the older tree's perfect subtrees only.
  Digest node(std::uint64_t begin, std::uint64_t size) const {
    if (begin >= older_.size()) return root_of(leaves_.subspan(begin - older_.size(), size));
    std::size_t i = 0;
    std::uint64_t at = 0;
    for (; at != begin; ++i) at += std::bit_floor(older_.size() - at);
    return older_.hashes()[i];
  }

  const CompactRange& older_;
  std::span<const Digest> leaves_;
};

}  // namespace

Digest hash_leaf(std::string_view entry) {
  std::string bytes;
  bytes.reserve(entry.size() + 1);
  bytes += '\0';
  bytes += entry;
  return sha256(bytes);
}

Digest hash_node(const Digest& left, const Digest& right) {
  std::string bytes;
  bytes.reserve(1 + left.size() + right.size());
  bytes += '\1';
  bytes += as_bytes(left);
  bytes += as_bytes(right);
  return sha256(bytes);
}

std::optional<CompactRange> CompactRange::restore(std::uint64_t size, std::vector<Digest> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) return std::nullopt;
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

void CompactRange::append(const Digest& leaf) {
  auto hash = leaf;
  // Each one bit at the low end is a perfect subtree as large as the one being added: they become one.
  for (auto rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = hash_node(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Digest CompactRange::root() const {
  if (hashes_.empty()) return sha256({});
  auto hash = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;) hash = hash_node(hashes_[i], hash);
  return hash;
}

CompactRange range_of(std::span<const Digest> leaves) {
  CompactRange range;
  for (const auto& leaf : leaves) range.append(leaf);
  return range;
}

Digest root_of(std::span<const Digest> leaves) { return range_of(leaves).root(); }

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index) {
  ensure(index < leaves.size(), "an inclusion proof needs a leaf of the tree");
  std::vector<Digest> from_top;
  while (leaves.size() > 1) {
    auto split = split_of(leaves.size());
    if (index < split) {
      from_top.push_back(root_of(leaves.subspan(split)));
      leaves = leaves.first(split);
    } else {
      from_top.push_back(root_of(leaves.first(split)));
      leaves = leaves.subspan(split);
      index -= split;
    }
  }
  return {from_top.rbegin(), from_top.rend()};
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                      const Digest& root) {
  if (index >= size) return false;
  auto node = index;
  auto last = size - 1;
  auto hash = leaf;
  for (const auto& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = hash_node(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = hash_node(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

std::vector<Digest> consistency_proof(const CompactRange& older, std::span<const Digest> leaves) {
  ensure(older.size() > 0, "a consistency proof needs an older tree that is not empty");
  GrownTree tree(older, leaves);
  tree.prove(older.size(), older.size() + leaves.size(), 0, true);
  return std::move(tree.proof);
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t size) {
  ensure(size > 0 && size <= leaves.size(), "a consistency proof needs an older tree that is not empty");
  return consistency_proof(range_of(leaves.first(size)), leaves.subspan(size));
}

bool verify_consistency(const TreeHead& older, const TreeHead& newer, std::span<const Digest> proof) {
  if (older.size == 0 || older.size > newer.size) return false;
  if (older.size == newer.size) return proof.empty() && older.root == newer.root;
  std::vector<Digest> path(proof.begin(), proof.end());
  if (std::has_single_bit(older.size)) path.insert(path.begin(), older.root);
  if (path.empty()) return false;
  auto node = older.size - 1;
  auto last = newer.size - 1;
  auto shift = std::countr_one(node);
  node >>= shift;
  last >>= shift;
  auto old_hash = path.front();
  auto new_hash = path.front();
  for (const auto& sibling : std::span(path).subspan(1)) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = hash_node(sibling, old_hash);
      new_hash = hash_node(sibling, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = hash_node(new_hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == older.root && new_hash == newer.root;
}

}  // namespace answerable::audit
