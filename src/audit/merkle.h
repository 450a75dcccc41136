// The Merkle tree of RFC 6962 section 2 / RFC 9162 section 2: leaf hash SHA-256(0x00 || entry), node hash
// SHA-256(0x01 || left || right). Pure functions; no storage.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.h"

namespace answerable::audit {

Digest hash_leaf(std::string_view entry);
Digest hash_node(const Digest& left, const Digest& right);

// The roots of the perfect subtrees that a tree of some size falls into, largest first: all that is needed to append.
class CompactRange {
 public:
  CompactRange() = default;
  // Nothing when the number of hashes does not belong to the size.
  static std::optional<CompactRange> restore(std::uint64_t size, std::vector<Digest> hashes);

  void append(const Digest& leaf);
  Digest root() const;  // of the empty tree: SHA-256 of nothing
  std::uint64_t size() const { return size_; }
  const std::vector<Digest>& hashes() const { return hashes_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

CompactRange range_of(std::span<const Digest> leaves);
Digest root_of(std::span<const Digest> leaves);

// RFC 9162 section 2.1.3: that the leaf `index` is in the tree. Requires index < leaves.size().
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index);
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                      const Digest& root);

// RFC 9162 section 2.1.4: that the tree of the first `size` leaves is a prefix. Requires 0 < size <= leaves.size().
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t size);
// The same from the older tree's compact range and the leaves after it, so that it costs only what was added.
std::vector<Digest> consistency_proof(const CompactRange& older, std::span<const Digest> leaves);
struct TreeHead {
  std::uint64_t size = 0;
  Digest root{};
};
bool verify_consistency(const TreeHead& older, const TreeHead& newer, std::span<const Digest> proof);

}  // namespace answerable::audit
