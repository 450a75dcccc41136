#include "conversations/contacts.h"

#include <doctest/doctest.h>

#include "conversations/list.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::conversations;

TEST_CASE_FIXTURE(CompanyBed, "contacts are found by part of a name or address") {
  company.receive({.from = "zoe@example.org", .name = "Zoë Müller"});
  company.receive({.from = "100%@example.org", .name = "Per Cent"});
  company.receive({.from = "plain@example.org", .name = "Plain"});
  auto names = [&](std::string_view part) {
    std::vector<std::string> found;
    auto page = company.read(
        [&](store::Session& session) { return list_contacts(session, company.alice, part, std::nullopt, 50); });
    for (const auto& contact : page.items) found.push_back(contact.name);
    CHECK(static_cast<std::size_t>(page.total) == found.size());
    return found;
  };
  CHECK(names("muller") == std::vector<std::string>{"Zoë Müller"});
  CHECK(names("ZOE@ex") == std::vector<std::string>{"Zoë Müller"});
  CHECK(names("%") == std::vector<std::string>{"Per Cent"});
  CHECK(names("_").empty());
  CHECK(names("").size() == 3);
}

TEST_CASE_FIXTURE(CompanyBed, "that a sender's mail is shown whole is remembered and told to live screens") {
  auto first = company.receive();
  auto item =
      company.read([&](store::Session& session) { return load_item(session, company.workspace, first.conversation); });
  auto load = [&](store::Session& session) { return load_contact(session, company.alice, item.contact); };
  CHECK_FALSE(company.read(load).shows_quotes);
  auto before = company.last_seq();
  auto set = [&](bool shows) {
    return company.write([&](store::Transaction& tx) {
      return update_contact(tx, company.alice, item.contact, {.shows_quotes = shows});
    });
  };
  CHECK(set(true).shows_quotes);
  CHECK(company.read(load).shows_quotes);
  auto events = company.events(before);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == "contact_changed");
  CHECK_FALSE(set(false).shows_quotes);
  CHECK_FALSE(company.read(load).shows_quotes);
}

TEST_CASE_FIXTURE(CompanyBed, "a contact's new name shows in its conversations") {
  auto first = company.receive();
  auto item =
      company.read([&](store::Session& session) { return load_item(session, company.workspace, first.conversation); });
  auto before = company.last_seq();
  company.write([&](store::Transaction& tx) {
    return update_contact(tx, company.alice, item.contact, {.name = "Anna B.", .note = "VIP"});
  });
  auto after =
      company.read([&](store::Session& session) { return load_item(session, company.workspace, first.conversation); });
  CHECK(after.contact_name == "Anna B.");
  CHECK(after.version == item.version + 1);
  auto events = company.events(before);
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == "conversation_changed");
  CHECK(events[1].kind == "contact_changed");
  CHECK(company.error_of([&](store::Transaction& tx) {
    return update_contact(tx, company.alice, item.contact, {.name = std::string(201, 'x')});
  }) == "name_too_long");
}
