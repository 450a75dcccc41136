// Composed roles, what a confined person sees, and the read log, on both engines.
#include <doctest/doctest.h>

#include "access/api_key.h"
#include "access/authenticator.h"
#include "access/read_log.h"
#include "access/read_rules.h"
#include "access/roles.h"
#include "access/session.h"
#include "contract/desk.h"
#include "conversations/contacts.h"
#include "conversations/list.h"
#include "conversations/search.h"
#include "conversations/sight.h"
#include "conversations/tags.h"
#include "routing/assign.h"

using namespace answerable;
using contract::Desk;

namespace {

const std::vector<std::string> all_of_an_agent{"conversation:list", "conversation:read", "tag:list",
                                               "contact:list",      "contact:read",      "search:read"};

struct Confined {
  explicit Confined(contract::Bed& bed) : desk(bed) {
    access::NewUser wanted;
    wanted.workspace = desk.workspace;
    wanted.name = "Zoe";
    wanted.email = "zoe@example.org";
    wanted.must_change_password = false;
    const auto system = access::system_actor(desk.workspace);
    zoe = *desk.bed.db().write([&](store::Transaction& tx) { return access::create_user(tx, system, wanted); });
    role = *desk.bed.db().write([&](store::Transaction& tx) {
      return access::create_role(tx, system,
                                 {.name = "Confined", .permissions = all_of_an_agent, .sees_only_assigned = true});
    });
    REQUIRE(desk.bed.db().write(
        [&](store::Transaction& tx) { return access::update_user(tx, system, zoe.id, {.composed = role.id}); }));
  }
  access::Actor signed_in() {
    access::Authenticator authenticator(desk.bed.db(), desk.bed.clock);
    const auto session = *desk.bed.db().write([&](store::Transaction& tx) {
      return access::open_session(tx, {.workspace = desk.workspace, .user = zoe.id, .user_agent = "", .address = ""});
    });
    return *authenticator.by_session(session.token);
  }
  template <class Ask>
  auto read(Ask ask) {
    return desk.bed.db().query([&](store::Session& session) { return ask(session); });
  }
  void index() {
    conversations::SearchIndexer indexer;
    auto options = indexer.options();
    const auto events = *read([&](store::Session& s) { return cluster::events_after(s, desk.workspace, 0, 1'000); });
    REQUIRE(read([&](store::Session& s) { return options.prepare(s, desk.workspace, events); }));
    REQUIRE(desk.bed.db().write([&](store::Transaction& tx) { return options.handle(tx, desk.workspace, events); }));
  }
  Desk desk;
  access::User zoe;
  access::ComposedRole role;
};

std::string letter(std::string_view from, std::string_view subject) {
  return "From: " + std::string(from) + "\r\nTo: help@example.org\r\nSubject: " + std::string(subject) +
         "\r\nMessage-ID: <" + std::string(subject) + "@example.com>\r\n\r\nOf ferrets.\r\n";
}

}  // namespace

TEST_CASE("a composed role is read with the session, changed, listed and given up, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Confined on(bed);
    const auto zoe = on.signed_in();
    REQUIRE(zoe.composed);
    CHECK(zoe.sees_only_assigned());
    CHECK(access::to_names(zoe.composed->permissions).size() == all_of_an_agent.size());
    const auto system = access::system_actor(on.desk.workspace);
    const auto write = [&](auto act) { return bed.db().write([&](store::Transaction& tx) { return act(tx); }); };
    const auto other = write(
        [&](auto& tx) { return access::create_role(tx, system, {.name = "Robot", .permissions = {"tag:list"}}); });
    const auto key =
        write([&](auto& tx) { return access::create_api_key(tx, system, {.name = "K", .composed = other->id}); });
    REQUIRE(key);
    access::Authenticator keys(bed.db(), bed.clock);
    CHECK(keys.by_api_key(key->secret)->composed->permissions.count() == 1);
    CHECK(on.read([&](auto& s) { return access::api_keys(s, system); })->at(0).composed == other->id);
    CHECK(write([&](auto& tx) { return access::delete_role(tx, system, other->id); }).error().code == "role_in_use");
    CHECK(write([&](auto& tx) { return access::revoke_api_key(tx, system, key->key.id); }));
    CHECK(write([&](auto& tx) { return access::delete_role(tx, system, other->id); }));
    CHECK(write([&](auto& tx) {
      return access::change_role(tx, system, on.role.id, {.name = "Less", .permissions = {"tag:list"}});
    }));
    CHECK(on.signed_in().composed->permissions.count() == 1);
    CHECK(on.read([&](auto& s) { return access::roles(s, system); })->at(0).people == 1);
    CHECK(write([&](auto& tx) { return access::delete_role(tx, system, on.role.id); }).error().code == "role_in_use");
    CHECK(write([&](auto& tx) { return access::update_user(tx, system, on.zoe.id, {.role = access::Role::agent}); }));
    CHECK(write([&](auto& tx) { return access::delete_role(tx, system, on.role.id); }));
    CHECK(!on.signed_in().composed);
  });
}

TEST_CASE(
    "who is confined finds what is assigned in lists, tags, contacts and search, and nothing else, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Confined on(bed);
    auto& desk = on.desk;
    const auto channel = desk.add_channel("email", "help@example.org", "{}");
    desk.arrive(channel, letter("Kim <kim@example.com>", "first"));
    const auto id = desk.only_conversation();
    desk.arrive(channel, letter("Lee <lee@example.net>", "second"));
    REQUIRE(
        bed.db().write([&](store::Transaction& tx) { return conversations::set_tags(tx, desk.actor, id, {"pet"}); }));
    on.index();
    const auto zoe = on.signed_in();
    const auto seen = [&] {
      std::vector<std::int64_t> totals;
      totals.push_back(on.read([&](auto& s) { return conversations::list_conversations(s, zoe, {}, {}, 10); })->total);
      totals.push_back(on.read([&](auto& s) { return conversations::count_views(s, zoe); })->all);
      totals.push_back(
          static_cast<std::int64_t>(on.read([&](auto& s) { return conversations::list_tags(s, zoe); })->size()));
      totals.push_back(on.read([&](auto& s) { return conversations::list_contacts(s, zoe, "", {}, 10); })->total);
      totals.push_back(on.read([&](auto& s) { return conversations::list_contacts(s, zoe, "kim", {}, 10); })->total);
      const auto found = on.read([&](auto& s) { return conversations::search(s, zoe, "ferrets", {}, 10); });
      totals.push_back(found->total);
      totals.push_back(static_cast<std::int64_t>(found->hits.size()));
      totals.push_back(on.read([&](auto& s) { return conversations::require_seen(s, zoe, id); }).has_value() ? 1 : 0);
      return totals;
    };
    CHECK(seen() == std::vector<std::int64_t>(8, 0));
    REQUIRE(bed.db().write([&](store::Transaction& tx) { return routing::assign(tx, desk.actor, id, on.zoe.id); }));
    CHECK(seen() == std::vector<std::int64_t>(8, 1));
    const auto item = *on.read([&](auto& s) { return conversations::load_item(s, desk.workspace, id); });
    CHECK(on.read([&](auto& s) { return conversations::require_seen(s, zoe, item.contact); }));
    CHECK(on.read([&](auto& s) { return conversations::require_seen(s, zoe, item.last_message); }));
    const auto contact = on.read([&](auto& s) { return conversations::load_contact(s, zoe, item.contact); });
    CAPTURE((contact ? std::string() : contact.error().code));
    REQUIRE(contact);
    CHECK(contact->conversation_count == 1);
    CHECK(on.read([&](auto& s) { return conversations::require_seen(s, zoe, AttachmentId::make(bed.clock)); })
              .error()
              .code == "no_attachment");
  });
}

TEST_CASE("readings are numbered, found, sealed, checked and forgotten, on both engines") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Desk desk(bed);
    const auto contact = ContactId::make(bed.clock);
    const auto write = [&](auto act) { REQUIRE(bed.db().write([&](store::Transaction& tx) { return act(tx); })); };
    const auto read = [&](auto ask) { return bed.db().query([&](store::Session& s) { return ask(s); }); };
    access::Reading one;
    one.workspace = desk.workspace;
    one.at = bed.clock.now();
    one.actor_kind = "user";
    one.actor_id = desk.actor.user.text();
    one.contact = contact;
    write([&](auto& tx) { return access::append_readings(tx, {one, one, one}); });
    write([&](auto& tx) { return access::set_read_rules(tx, desk.actor, {.kept_days = 30}); });
    CHECK(!*read([](auto& s) { return access::is_seal_due(s); }));
    bed.clock.advance_ms(access::seal_reads_every_ms);
    CHECK(*read([](auto& s) { return access::is_seal_due(s); }));
    write([](auto& tx) { return access::seal_reads(tx); });
    const auto page = *read([&](auto& s) {
      return access::readings(s, desk.actor, {.reader = desk.actor.user, .contact = contact}, {}, 2);
    });
    CHECK(page.total == 3);
    CHECK(page.items.at(0).seq == 3);
    CHECK(page.next == 2);
    CHECK(!read([&](auto& s) { return access::check_readings(s, desk.actor); })->first_bad);
    bed.clock.advance_ms(31 * access::day_ms);
    write([](auto& tx) { return access::delete_old_readings(tx, 2); });
    CHECK(desk.count("select count(*) from read_log") == 1);
    CHECK(read([&](auto& s) { return access::load_read_rules(s, desk.workspace); })->kept_days == 30);
  });
}
