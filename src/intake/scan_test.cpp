// What becomes of what a scanner finds. ClamAV's own daemon is in tests/api/malware.test.mjs.
#include "intake/scan.h"

#include <doctest/doctest.h>

#include "intake/mail_fixture.h"

namespace answerable::intake {
namespace {

// Knows one word, and no packing at all.
struct WordScanner : policy::Scanner {
  Result<policy::Scanned> scan(std::string_view bytes) override {
    if (bytes.find("unjudged") != std::string_view::npos)
      return policy::Scanned{policy::ScanVerdict::not_scannable, "too large"};
    if (bytes.find("plague") == std::string_view::npos) return policy::Scanned{};
    return policy::Scanned{policy::ScanVerdict::malware, "Plague.A"};
  }
  bool is_there() override { return true; }
};

struct ScannedFixture : Fixture {
  ScannedFixture() {
    intake = Intake::make({*database, *blobs, directory, clock, metrics, {}, &scanner});
    intake->normalise_with("email", understand);
    REQUIRE(intake->start());
  }
  ~ScannedFixture() { intake->stop(); }
  std::string refusal(SpoolId id, std::string_view why) {
    const auto status = intake->replay(actor, id, Insistence::despite_malware, why);
    return status ? "" : status.error().code;
  }
  WordScanner scanner;
};

TEST_CASE("what is found leaves its row, is kept encrypted, and can still be read as it came") {
  ScannedFixture test;
  const std::string raw = "a@example.com|one@x||a plague upon you";
  test.receive(raw);
  CHECK(test.messages() == 0);
  CHECK(test.stats().quarantined == 1);
  const auto entry = test.quarantine().items.at(0);
  CHECK(entry.reason == "malware");
  CHECK(entry.detail.find("Plague.A") != std::string::npos);
  CHECK(test.count("select count(*) from spool where raw is null and blob is not null") == 1);
  CHECK(read_quarantined_raw(*test.database, *test.blobs, test.actor, entry.id).value() == raw);
  test.receive("a@example.com|two@x||unjudged");
  CHECK(test.quarantine().items.at(0).reason == "not_scannable");
  test.receive("a@example.com|three@x||harmless");
  CHECK(test.messages() == 1);
  CHECK(test.count("select count(*) from spool where raw is not null") == 1);
}

TEST_CASE("only with a reason is it let through, and only what is there because of malware") {
  ScannedFixture test;
  test.receive("a@example.com|one@x||a plague upon you");
  const auto id = test.quarantine().items.at(0).id;
  REQUIRE(test.intake->replay(test.actor, id));
  test.intake->wait_until_idle();
  CHECK(test.quarantine().total == 1);  // asked again, found again
  CHECK(test.refusal(id, "") == "reason_missing");
  CHECK(test.refusal(id, std::string(release_reason_bytes_max + 1, 'x')) == "reason_too_long");
  CHECK(test.refusal(id, std::string(release_reason_bytes_max, 'x')) == "");
  test.intake->wait_until_idle();
  CHECK(test.messages() == 1);
  CHECK(test.quarantine().total == 0);
  test.receive("unreadable bytes");
  CHECK(test.refusal(test.quarantine().items.at(0).id, "why not") == "not_malware");
}

TEST_CASE("base64 around base64 is looked into three times, and a disguise is found without a scanner") {
  Fixture test;
  WordScanner scanner;
  const auto reason = [&](policy::Scanner* by, const std::string& name, const std::string& content) {
    const auto danger = find_danger(by, *test.blobs, "", {{.filename = name, .content = content}}).value();
    return danger ? danger->reason : "";
  };
  std::string packed = "here is the plague";
  for (int level = 0; level <= 3; ++level, packed = to_base64(packed))
    CHECK(reason(&scanner, "a", packed) == "malware");
  CHECK(reason(&scanner, "a", packed).empty());
  CHECK(reason(&scanner, "a", to_base64("here is the plague") + "!").empty());  // nothing but base64
  std::string program("MZ");
  program.resize(0x40);
  program[0x3C] = 0x40;
  program += std::string("PE\0\0", 4);
  CHECK(reason(nullptr, "invoice.pdf", program) == "disguised_program");
  CHECK(reason(nullptr, "setup.exe", program).empty());
  CHECK(reason(nullptr, "a", "here is the plague").empty());
  const auto stored = test.blobs->put("here is the plague").value();
  InboundAttachment file{.filename = "a"};
  file.stored_blob = stored.digest;
  CHECK(find_danger(&scanner, *test.blobs, "", {file}).value()->reason == "malware");
}

}  // namespace
}  // namespace answerable::intake
