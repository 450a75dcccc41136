#include "audit/merkle.h"

#include <doctest/doctest.h>

#include <string>

#include "base/encoding.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

std::vector<Digest> leaves_of(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(hash_leaf("leaf " + std::to_string(i)));
  return leaves;
}

// The definition of RFC 9162 section 2.1.1, word for word and without any cleverness.
Digest defined_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return hash_node(defined_root(leaves.first(k)), defined_root(leaves.subspan(k)));
}

std::string hex(const Digest& digest) { return to_hex(as_bytes(digest)); }

constexpr std::size_t largest = 70;

}  // namespace

TEST_CASE("roots agree with the values that certificate transparency logs are tested with") {
  constexpr std::string_view entries[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  constexpr std::string_view roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CompactRange range;
  CHECK(hex(range.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < std::size(entries); ++i) {
    range.append(hash_leaf(from_hex(entries[i]).value()));
    CHECK(hex(range.root()) == roots[i]);
  }
}

TEST_CASE("a compact range has the root of the definition at every size, also after being stored") {
  auto leaves = leaves_of(largest);
  CompactRange range;
  for (std::size_t size = 0; size < largest; ++size) {
    CHECK(range.root() == defined_root(std::span(leaves).first(size)));
    range = CompactRange::restore(range.size(), range.hashes()).value();
    range.append(leaves[size]);
  }
  CHECK(!CompactRange::restore(5, {Digest{}}));
}

TEST_CASE("every leaf of every tree has an inclusion proof that fits, and only for itself") {
  auto leaves = leaves_of(largest);
  for (std::size_t size = 1; size <= largest; ++size) {
    auto tree = std::span(leaves).first(size);
    auto root = defined_root(tree);
    for (std::size_t index = 0; index < size; ++index) {
      auto proof = inclusion_proof(tree, index);
      REQUIRE(verify_inclusion(leaves[index], index, size, proof, root));
      CHECK(!verify_inclusion(leaves[(index + 1) % largest], index, size, proof, root));
      CHECK(!verify_inclusion(leaves[index], index + size, size, proof, root));
      CHECK(!verify_inclusion(leaves[index], index, size, proof, Digest{}));
      if (size > 1) CHECK(!verify_inclusion(leaves[index], index ^ 1U, size, proof, root));
      proof.push_back(Digest{});
      CHECK(!verify_inclusion(leaves[index], index, size, proof, root));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.back()[0] ^= 1;
      CHECK(!verify_inclusion(leaves[index], index, size, proof, root));
      proof.pop_back();
      CHECK(!verify_inclusion(leaves[index], index, size, proof, root));
    }
  }
}

TEST_CASE("every older tree has a consistency proof with every newer one, and a changed leaf has none") {
  auto leaves = leaves_of(largest);
  for (std::size_t newer = 1; newer <= largest; ++newer) {
    auto tree = std::span(leaves).first(newer);
    TreeHead head{newer, defined_root(tree)};
    for (std::size_t older = 1; older <= newer; ++older) {
      TreeHead first{older, defined_root(tree.first(older))};
      auto proof = consistency_proof(tree, older);
      REQUIRE(verify_consistency(first, head, proof));
      REQUIRE(consistency_proof(range_of(tree.first(older)), tree.subspan(older)) == proof);
      auto forged = first;
      forged.root[0] ^= 1;
      CHECK(!verify_consistency(forged, head, proof));
      auto other = head;
      other.root[31] ^= 1;
      CHECK(!verify_consistency(first, other, proof));
      CHECK(!verify_consistency({older + 1, first.root}, head, proof));
      proof.push_back(Digest{});
      CHECK(!verify_consistency(first, head, proof));
      proof.pop_back();
      for (auto& hash : proof) {
        hash[7] ^= 1;
        CHECK(!verify_consistency(first, head, proof));
        hash[7] ^= 1;
      }
      if (!proof.empty()) {
        proof.pop_back();
        CHECK(!verify_consistency(first, head, proof));
      }
    }
  }
  CHECK(!verify_consistency({0, sha256("")}, {1, leaves[0]}, {}));
}
