#include "audit/ledger.h"

#include <doctest/doctest.h>

#include "audit/entry.h"
#include "audit/ledger_fixture_test.h"
#include "audit/merkle.h"
#include "base/encoding.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

using Fixture = LedgerFixture;

Act act_in(WorkspaceId workspace) {
  return {.workspace = workspace,
          .actor = {"user", "u-1", "s-1"},
          .action = "conversation.reply",
          .object_kind = "conversation",
          .object_id = "c-1",
          .details = {{"to", "open"}, {"from", "closed"}}};
}

Act note_in(WorkspaceId workspace) {
  return {.workspace = workspace,
          .actor = {"user", "u-1", "s-1"},
          .action = "message.note",
          .object_kind = "message",
          .object_id = "c-1"};
}

}  // namespace

TEST_CASE("an entry is encoded and hashed as the format document shows") {
  auto act = act_in(WorkspaceId::parse("01890a5d-ac96-774b-bcce-b302099a8057").value());
  act.details.emplace_back("note", "a\\b\nc=d\x7f\xc3\xa9");
  auto encoded = encode_entry(act, 7, Time{1'700'000'000'123}).value();
  CHECK(encoded ==
        "answerable-ledger-entry v1\n"
        "workspace=01890a5d-ac96-774b-bcce-b302099a8057\n"
        "seq=7\n"
        "at=2023-11-14T22:13:20.123Z\n"
        "actor_kind=user\n"
        "actor_id=u-1\n"
        "credential=s-1\n"
        "action=conversation.reply\n"
        "object_kind=conversation\n"
        "object_id=c-1\n"
        "detail.from=closed\n"
        "detail.note=a\\\\b\\x0ac=d\\x7f\xc3\xa9\n"
        "detail.to=open\n");
  auto leaf = hash_leaf(encoded);
  CHECK(to_hex(as_bytes(leaf)) == "e5e83ece9c6b796fdd1297d7a5493ec1b6c35d03e32c6900af6887b97723cf98");
}

TEST_CASE("what is encoded is decoded, and no other bytes mean the same") {
  auto act = act_in({});
  act.actor.id = std::string("line\nback\\slash\0nul", 19);
  auto encoded = encode_entry(act, 3, Time{5}).value();
  std::int64_t seq = 0;
  Time at;
  auto decoded = decode_entry(encoded, &seq, &at).value();
  CHECK(seq == 3);
  CHECK(at == Time{5});
  CHECK(decoded.actor.id == act.actor.id);
  CHECK(decoded.action == act.action);
  CHECK(decoded.details.size() == 2);
  auto with = [&](std::string_view what, std::string_view by) {
    auto changed = encoded;
    return changed.replace(changed.find(what), what.size(), by);
  };
  CHECK(!decode_entry(with("seq=3", "seq=03")));
  CHECK(!decode_entry(with("Z\n", "+00:00\n")));
  CHECK(!decode_entry(with("\\x0a", "\\x0A")));
  CHECK(!decode_entry(with("line", "\\x6cine")));
  CHECK(!decode_entry(with("detail.from=closed\ndetail.to=open\n", "detail.to=open\ndetail.from=closed\n")));
  CHECK(!decode_entry(with("detail.to=open\n", "detail.from=closed\n")));
  CHECK(!decode_entry(with("v1", "v2")));
  CHECK(!decode_entry(encoded + "\n"));
  CHECK(!decode_entry(encoded.substr(0, encoded.size() - 1)));
  CHECK(!decode_entry(""));
}

TEST_CASE("an entry of 65,535 bytes is taken and one byte more is refused") {
  auto act = act_in({});
  act.details = {{"text", ""}};
  auto rest = entry_bytes_max - encode_entry(act, 0, {})->size();
  act.details[0].second = std::string(rest, 'x');
  CHECK(encode_entry(act, 0, {})->size() == entry_bytes_max);
  CHECK(decode_entry(*encode_entry(act, 0, {})));
  act.details[0].second += 'x';
  CHECK(encode_entry(act, 0, {}).error().code == "entry_too_large");
}

TEST_CASE("names are checked and text that is no UTF-8 is repaired") {
  auto act = act_in({});
  act.action = "Reply!";
  CHECK(encode_entry(act, 0, {}).error().code == "entry_malformed");
  act = act_in({});
  act.details = {{"same", "1"}, {"same", "2"}};
  CHECK(encode_entry(act, 0, {}).error().code == "entry_malformed");
  act = act_in({});
  act.object_id = "\xff";
  CHECK(encode_entry(act, 0, {})->find("object_id=\xef\xbf\xbd\n") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "entries are numbered from nought in each workspace, in the transaction of the act") {
  auto append = [&](WorkspaceId where, bool fails) {
    return db->write([&](store::Transaction& tx) -> Result<std::int64_t> {
      TRY(auto seq, append_entry(tx, note_in(where)));
      if (fails) return fail(ErrorKind::conflict, "no");
      return seq;
    });
  };
  CHECK(append(workspace, false).value() == 0);
  CHECK(!append(workspace, true));
  CHECK(append(workspace, false).value() == 1);
  CHECK(append({}, false).value() == 0);
  auto list = db->query([&](store::Session& session) { return entries(session, workspace, 0, 10); }).value();
  REQUIRE(list.size() == 2);
  CHECK(list[1].seq == 1);
  CHECK(list[1].at == clock.now());
  CHECK(list[1].leaf_hash == hash_leaf(list[1].encoded));
  CHECK(decode_entry(list[1].encoded)->object_id == "c-1");
  CHECK(db->query([&](store::Session& session) { return entry_count(session, workspace); }).value() == 2);
}

TEST_CASE("a commitment tells nothing without its key and is the same with it") {
  CHECK(commit_to("key", "ann@example.com") == commit_to("key", "ann@example.com"));
  CHECK(commit_to("key", "ann@example.com") != commit_to("other", "ann@example.com"));
  CHECK(commit_to("key", "x").size() == 64);
}
