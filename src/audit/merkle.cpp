#include "audit/merkle.h"

#include <bit>
#include <string>

#include "base/ensure.h"

namespace answerable::audit {
namespace {

// The largest power of two smaller than n (n > 1).
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// SUBPROOF of RFC 9162: `known` says that the verifier has the hash of this subtree, being the whole older tree.
void subproof(std::uint64_t size, std::span<const Digest> leaves, bool known, std::vector<Digest>& proof) {
  if (size == leaves.size()) {
    if (!known) proof.push_back(root_of(leaves));
    return;
  }
  auto split = split_of(leaves.size());
  if (size <= split) {
    subproof(size, leaves.first(split), known, proof);
    proof.push_back(root_of(leaves.subspan(split)));
  } else {
    subproof(size - split, leaves.subspan(split), false, proof);
    proof.push_back(root_of(leaves.first(split)));
  }
}

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

Digest root_of(std::span<const Digest> leaves) {
  CompactRange range;
  for (const auto& leaf : leaves) range.append(leaf);
  return range.root();
}

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

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t size) {
  ensure(size > 0 && size <= leaves.size(), "a consistency proof needs an older tree that is not empty");
  std::vector<Digest> proof;
  subproof(size, leaves, true, proof);
  return proof;
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
