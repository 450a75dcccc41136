// What is remembered of mailboxes, on both engines.
#include <doctest/doctest.h>

#include "channels/email/folder_state.h"
#include "channels/email/pop3_items.h"
#include "channels/schema.h"
#include "contract/engines.h"

namespace answerable::channels {
namespace {

intake::Channel some_channel(const Clock& clock) {
  intake::Channel channel;
  channel.id = ChannelId::make(clock);
  channel.workspace = WorkspaceId::make(clock);
  return channel;
}

TEST_CASE("what was taken by POP3 is noted, noted anew, listed and forgotten, each mailbox by itself") {
  contract::on_each_engine({schema()}, [](contract::Bed& bed) {
    const FakeClock clock;
    const auto channel = some_channel(clock);
    const auto place = pop3_place(channel, {"pop.example.org", 995, MailSecurity::tls, "zoe"});
    const auto other = pop3_place(channel, {"pop.example.org", 995, MailSecurity::tls, "amy"});
    REQUIRE(bed.db().write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(note_pop3_item(tx, place, "a", {10, ItemOutcome::refused, false}));
      TRY_STATUS(note_pop3_item(tx, place, "a", {11, ItemOutcome::taken, true}));
      TRY_STATUS(note_pop3_item(tx, place, "a 2", {12, ItemOutcome::noticed, false}));
      TRY_STATUS(note_pop3_item(tx, place, "b", {13, ItemOutcome::taken, false}));
      TRY_STATUS(note_pop3_item(tx, other, "b", {14, ItemOutcome::taken, false}));
      return forget_pop3_items(tx, place, {"b", "never there"});
    }));
    const auto items = *bed.db().query([&](store::Session& session) { return list_pop3_items(session, place); });
    REQUIRE(items.size() == 2);
    CHECK(items.at("a").bytes == 11);
    CHECK(items.at("a").outcome == ItemOutcome::taken);
    CHECK(items.at("a").is_due);
    CHECK(items.at("a 2").outcome == ItemOutcome::noticed);
    CHECK(bed.db().query([&](store::Session& session) { return list_pop3_items(session, other); })->size() == 1);
  });
}

TEST_CASE("the state of a folder that was found complete is remembered until its UIDVALIDITY is another") {
  contract::on_each_engine({schema()}, [](contract::Bed& bed) {
    const FakeClock clock;
    Place place{some_channel(clock), "INBOX", "zoe@imap.example.org:993/INBOX", 7};
    const auto find = [&] {
      return *bed.db().query([&](store::Session& session) { return find_checked_state(session, place); });
    };
    CHECK_FALSE(find());
    REQUIRE(open_cursor(bed.db(), place));
    CHECK_FALSE(find());
    const FolderState state{7, 4'294'967'295U, 4'294'967'295U, 9'223'372'036'854'775'807};
    REQUIRE(bed.db().write(
        [&](store::Transaction& tx) { return remember_checked_state(tx, place, {state, Time{1'700'000'000'000}}); }));
    REQUIRE(find());
    CHECK(find()->state == state);
    CHECK(find()->at.ms == 1'700'000'000'000);
    place.validity = 8;
    REQUIRE(open_cursor(bed.db(), place));
    CHECK_FALSE(find());
    place.validity = 7;  // an old one that comes back was not looked at either
    REQUIRE(open_cursor(bed.db(), place));
    CHECK_FALSE(find());
  });
}

}  // namespace
}  // namespace answerable::channels
