#include "audit/entry_kind.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "audit/commitment_key.h"
#include "audit/ledger_fixture_test.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

constexpr std::string_view some_id = "01890a5d-ac96-774b-bcce-b302099a8057";

// An act whose only detail is this one.
Act act_with(std::string_view action, std::string_view object, std::string_view name, std::string_view value) {
  return {.actor = {"system", "", ""},
          .action = action,
          .object_kind = object,
          .object_id = std::string(some_id),
          .details = {{std::string(name), std::string(value)}}};
}

bool is_taken(const Act& act) {
  const auto checked = check_entry(act);
  if (!checked) CHECK(checked.error().code == "entry_unknown");
  return checked.has_value();
}

std::string row_of(const EntryKind& kind) {
  std::string objects;
  for (const char c : kind.objects) objects += c == ' ' ? std::string(", ") : std::string(1, c);
  return "| `" + std::string(kind.action) + "` | " + objects + " | " + std::string(kind.details) + " |";
}

}  // namespace

TEST_CASE("nothing that a person wrote gets into an entry, whatever the detail is called") {
  const std::string words = "Ann Example told me that it is safe";
  for (const auto& kind : entry_kinds()) {
    const auto object = kind.objects.substr(0, kind.objects.find(' '));
    for (const std::string_view name : {"why", "reason", "note", "text", "from", "reference", "subject"})
      CHECK(!is_taken(act_with(kind.action, object, name, words)));
  }
  CHECK(!is_taken(act_with("quarantine.release", "arrival", "why_commitment", words)));
  CHECK(!is_taken(act_with("agreement.save", "agreement", "signatory", "Ann Example")));
  CHECK(!is_taken(act_with("agreement.save", "agreement", "term.0", "no_harm contact = Ann Example")));
  CHECK(!is_taken(act_with("conversation.assign", "conversation", "to", "ann@example.com")));
  CHECK(!is_taken(act_with("session.sign_in", "session", "by", "192.0.2.7, Firefox")));
}

TEST_CASE("an entry is of a kind, done to a thing and with details that the table has") {
  const auto is_released = [](std::string_view name, std::string_view value) {
    return is_taken(act_with("quarantine.release", "arrival", name, value));
  };
  CHECK(is_released("reason", "malware"));
  CHECK(is_released("why_commitment", commit_to("key", "words")));
  CHECK(!is_released("why_commitment", commit_to("key", "words").substr(1)));
  CHECK(is_taken(act_with("conversation.assign", "conversation", "to", some_id)));
  CHECK(is_taken(act_with("conversation.snooze", "conversation", "until", "2023-11-14T22:13:20.123Z")));
  CHECK(!is_taken(act_with("conversation.snooze", "conversation", "until", "tomorrow")));
  CHECK(is_taken(act_with("agreement.save", "agreement", "term.12", "no_spam ladder = 1 warn, 3 suspend sending")));
  CHECK(!is_taken(act_with("conversation.seen", "conversation", "to", some_id)));
  CHECK(!is_taken(act_with("conversation.assign", "message", "to", some_id)));
  auto act = act_with("conversation.assign", "conversation", "to", some_id);
  act.object_id = "ann@example.com";
  CHECK(!is_taken(act));
}

TEST_CASE_FIXTURE(LedgerFixture, "an act whose entry would hold somebody's words is refused and takes no number") {
  const auto append = [&](std::string_view why) {
    return db->write([&](store::Transaction& tx) {
      auto act = act_with("quarantine.release", "arrival", "why_commitment", why);
      act.workspace = workspace;
      return append_entry(tx, act);
    });
  };
  const auto refused = append("Ann says so");
  REQUIRE(!refused);
  CHECK(refused.error().code == "entry_unknown");
  CHECK(append(commit_to("key", "Ann says so")).value() == 0);
}

TEST_CASE_FIXTURE(LedgerFixture, "what explains an act stands beside its entry until its subject is erased") {
  const auto words = [&] {
    return db->query([&](store::Session& session) { return words_of(session, workspace, 0, 10); }).value();
  };
  REQUIRE(db->write([&](store::Transaction& tx) -> Status {
    auto act = act_with("quarantine.release", "arrival", "reason", "malware");
    act.workspace = workspace;
    TRY_STATUS(append_entry_with(tx, act, {.detail = "why_commitment", .subject = "arrival", .text = "Ann says so"}));
    return {};
  }));
  CHECK(words() == std::map<std::int64_t, std::string>{{0, "Ann says so"}});
  const auto list = db->query([&](store::Session& session) { return entries(session, workspace, 0, 1); }).value();
  CHECK(!list.at(0).encoded.contains("Ann"));
  const auto key =
      db->query([&](store::Session& session) { return find_commitment_key(session, workspace, "arrival"); }).value();
  CHECK(list.at(0).encoded.contains("detail.why_commitment=" + commit_to(key, "Ann says so") + "\n"));
  REQUIRE(db->write([&](store::Transaction& tx) { return shred_commitment_key(tx, workspace, "arrival"); }));
  CHECK(words().empty());
}

TEST_CASE("the format document has the table of kinds as the program has it") {
  std::ifstream file("docs/formats/ledger-entries.md");
  REQUIRE(file);
  std::string documented, line;
  while (std::getline(file, line) && !line.starts_with("| action |")) continue;
  while (std::getline(file, line)) {
    if (line.starts_with("| `")) documented += line + "\n";
  }
  std::string built;
  for (const auto& kind : entry_kinds()) built += row_of(kind) + "\n";
  CHECK(documented == built);
}
