#include "audit/checkpoint.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "store/testing.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

struct Fixture {
  store::TemporaryFolder folder;
  SigningKey key = SigningKey::load_or_create(folder.path() + "/key", "answerable.example").value();
  WorkspaceId workspace = WorkspaceId::parse("01890a5d-ac96-774b-bcce-b302099a8057").value();
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a key is made once, kept for its owner only, and read again") {
  struct stat status{};
  REQUIRE(::stat((folder.path() + "/key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  auto again = SigningKey::load_or_create(folder.path() + "/key", "ignored").value();
  CHECK(again.public_key().text() == key.public_key().text());
  CHECK(parse_public_key(key.public_key().text())->key == key.public_key().key);
  std::ofstream(folder.path() + "/broken") << "PRIVATE+KEY+x+00000000+AAAA\n";
  CHECK(SigningKey::load_or_create(folder.path() + "/broken", "x").error().code == "key_malformed");
  CHECK(SigningKey::load_or_create(folder.path() + "/none", "a+b").error().code == "key_malformed");
}

TEST_CASE("the public key of the signed-note standard's example is understood") {
  auto key = parse_public_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  REQUIRE(key);
  CHECK(key->name == "PeterNeumann");
  CHECK(key->text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  CHECK(!parse_public_key("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
}

TEST_CASE_FIXTURE(Fixture, "a checkpoint has the lines of the standard and opens again") {
  TreeHead head{.size = 12, .root = hash_leaf("x")};
  auto note = sign_checkpoint(key, workspace, head);
  CHECK(note.starts_with("answerable.example/ledger/01890a5d-ac96-774b-bcce-b302099a8057\n12\n"));
  CHECK(note.find("\n\n\u2014 answerable.example/ledger/01890a5d-ac96-774b-bcce-b302099a8057 ") != std::string::npos);
  auto opened = open_checkpoint(key.public_key(), workspace, note).value();
  CHECK(opened.size == 12);
  CHECK(opened.root == head.root);
}

TEST_CASE_FIXTURE(Fixture, "a signature by a witness beside ours is passed over") {
  auto note = sign_checkpoint(key, workspace, {.size = 1, .root = {}});
  CHECK(open_checkpoint(key.public_key(), workspace, note + "\u2014 witness.example AAAAAAAA\n"));
  CHECK(!open_checkpoint(key.public_key(), workspace, note + "something\n"));
}

TEST_CASE_FIXTURE(Fixture,
                  "no checkpoint opens after any bit of it was flipped, with another key or for another ledger") {
  auto note = sign_checkpoint(key, workspace, {.size = 99, .root = hash_leaf("y")});
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    auto flipped = note;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK(!open_checkpoint(key.public_key(), workspace, flipped));
  }
  CHECK(open_checkpoint(key.public_key(), WorkspaceId{}, note).error().code == "checkpoint_origin");
  auto other = SigningKey::load_or_create(folder.path() + "/other", "answerable.example").value();
  CHECK(open_checkpoint(other.public_key(), workspace, note).error().code == "checkpoint_signature");
}
