#include "audit/evidence.h"

#include <doctest/doctest.h>

#include "audit/export.h"
#include "audit/ledger_fixture_test.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace answerable::audit {
namespace {

struct Packed : LedgerFixture {
  std::vector<EvidenceFile> files{{.name = "incident.json", .content = "{\"id\":1}\n"},
                                  {.name = "empty.csv", .content = ""},
                                  {.name = "block.bin", .content = std::string(512, 'x')}};
  EvidenceHead head{.subject = "incident 7", .made_at = Time{1'700'000'000'000}};
  std::string ledger = ledger_with(evidence_manifest(head, files));
  std::string tar = packed(files);

  std::string packed(std::span<const EvidenceFile> of) const {
    std::string bytes;
    REQUIRE(pack_evidence(head, of, ledger, [&](std::string_view piece) -> Status {
      bytes += piece;
      return {};
    }));
    return bytes;
  }
  std::string ledger_with(std::string_view manifest) {
    REQUIRE(db->write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(append_entry(tx, {.workspace = workspace,
                                   .actor = {"user", "1", "2"},
                                   .action = evidence_act,
                                   .object_kind = "incident",
                                   .object_id = "7",
                                   .details = {{"sha256", to_hex(as_bytes(sha256(manifest)))}}}));
      return {};
    }));
    std::string text;
    REQUIRE(db->read([&](store::Session& session) -> Status {
      return export_ledger(session, workspace, key, [&](std::string_view piece) -> Status {
        text += piece;
        return {};
      });
    }));
    return text;
  }
  std::string opened(std::string_view bytes) const {
    const auto found = open_evidence(key.public_key(), bytes);
    return found ? std::string() : found.error().code;
  }
};

TEST_CASE_FIXTURE(Packed, "a pack opens to the files that were put in, and names its entry") {
  const auto found = open_evidence(key.public_key(), tar);
  REQUIRE(found);
  CHECK(found->head.subject == "incident 7");
  CHECK(found->head.made_at == head.made_at);
  CHECK(found->ledger.ok);
  CHECK(found->entry == found->ledger.entries - 1);
  REQUIRE(found->files.size() == 3);
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK(found->files[i].name == files[i].name);
    CHECK(found->files[i].content == files[i].content);
  }
  CHECK(tar.size() % 512 == 0);
}

TEST_CASE_FIXTURE(Packed, "every changed byte of a pack is found") {
  for (std::size_t i = 0; i < tar.size(); ++i) {
    auto changed = tar;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    CAPTURE(i);
    CHECK(!opened(changed).empty());
  }
}

TEST_CASE_FIXTURE(Packed, "a file that is left out, added, swapped or cut is found, and so is the wrong key") {
  // As somebody would who leaves manifest and ledger as they were.
  const auto forged = [&](std::vector<EvidenceFile> other) {
    const auto whole = packed(other);
    const auto own = packed({});
    const auto begin = own.size() - 1024;
    return tar.substr(0, begin) + whole.substr(begin);
  };
  CHECK(opened(forged(files)).empty());
  CHECK(opened(forged({files[0], files[1]})) == "evidence_changed");
  CHECK(opened(forged({files[0], files[2], files[1]})) == "evidence_changed");
  CHECK(opened(forged({files[0], files[1], files[2], {.name = "more", .content = "y"}})) == "evidence_changed");
  auto other = files;
  other[0].content += "x";
  CHECK(opened(packed(other)) == "evidence_changed");  // with a manifest of its own
  for (std::size_t size = 0; size < tar.size(); size += 100) CHECK(!opened(tar.substr(0, size)).empty());
  CHECK(!opened(tar + std::string(512, '\0')).empty());
  const auto stranger = SigningKey::load_or_create(db.folder() + "/other", "answerable.example").value();
  CHECK(open_evidence(stranger.public_key(), tar).error().code == "evidence_ledger");
}

TEST_CASE_FIXTURE(Packed, "other bytes are no pack") {
  for (const auto* bytes : {"", "x", "MANIFEST"}) CHECK(opened(bytes) == "evidence_malformed");
  CHECK(opened(std::string(1 << 20, '\0')) == "evidence_malformed");
}

}  // namespace
}  // namespace answerable::audit
