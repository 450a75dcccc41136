#include "access/report_exposed.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/account_mail.h"
#include "access/api_key.h"
#include "access/authenticator.h"
#include "access/ended.h"
#include "access/scim_token.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

constexpr const char* key = "the key of links, of this installation";

struct Alarm : AccessFixture {
  User zoe = add("zoe@acme.example", Role::administrator);
  User admin = add("admin@acme.example", Role::administrator);
  User max = add("max@acme.example", Role::agent);
  Authenticator authenticator{*database, clock};

  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  Result<IncidentId> report(const Actor& by, UserId user, std::string_view security = "security@host.example") {
    return write([&](store::Transaction& tx) { return report_exposed(tx, security, by, user); });
  }
  std::string open(const User& user) {
    return must(write([&](store::Transaction& tx) {
             return open_session(tx, {.workspace = workspace.id, .user = user.id, .user_agent = "T", .address = "::1"});
           }))
        .token;
  }
  std::vector<AccountMail> mails() {
    return must(write([](store::Transaction& tx) { return claim_account_mails(tx, 60'000, 100); }));
  }
  std::vector<IncidentEntry> timeline(IncidentId id) {
    return must(database->query([&](store::Session& s) { return incident_entries(s, actor_of(admin), id); }));
  }
  ExposedActs acts_of(IncidentId id) {
    return must(database->query([&](store::Session& s) { return exposed_acts(s, actor_of(admin), id); }));
  }
};

TEST_CASE_FIXTURE(Alarm,
                  "whoever reports the own code loses password, sessions, devices and keys, and nobody else does") {
  const auto mine = open(zoe);
  const auto theirs = open(admin);
  const auto my_key =
      must(write([&](store::Transaction& tx) { return create_api_key(tx, actor_of(zoe), {.name = "Mine"}); })).secret;
  const auto their_key =
      must(write([&](store::Transaction& tx) { return create_api_key(tx, actor_of(admin), {.name = "T"}); })).secret;
  must(report(actor_of(zoe), zoe.id));
  authenticator.changed();
  CHECK(!authenticator.by_session(mine));
  CHECK(!authenticator.by_api_key(my_key));
  CHECK(authenticator.by_session(theirs));
  CHECK(authenticator.by_api_key(their_key));
  SignInThrottle throttle{clock};
  std::int64_t wait_ms = 0;
  CHECK(sign_in({.database = *database, .throttle = throttle, .clock = clock, .cost = cheap_cost},
                {.email = "zoe@acme.example", .password = "correct horse 7 battery"}, wait_ms)
            .error()
            .code == "invalid_credentials");
}

TEST_CASE_FIXTURE(Alarm,
                  "the person, the other administrators and the operator's security address are told, once each") {
  must(report(actor_of(zoe), zoe.id));
  const auto sent = mails();
  std::vector<std::string> told;
  for (const auto& mail : sent) told.push_back(mail.to + " " + std::string(to_string(mail.kind)));
  std::sort(told.begin(), told.end());
  CHECK(told == std::vector<std::string>{"admin@acme.example exposed_other", "security@host.example exposed_other",
                                         "zoe@acme.example exposed_own"});
}

TEST_CASE_FIXTURE(Alarm, "the directory's token ends with the code of whoever made it, and with nobody else's") {
  const auto secret = must(write([&](store::Transaction& tx) { return make_scim_token(tx, actor_of(zoe)); })).secret;
  const auto opens = [&] {
    return database->query([&](store::Session& s) { return actor_of_scim_token(s, secret); }).has_value();
  };
  must(report(actor_of(admin), admin.id));
  must(report(actor_of(max), max.id));
  CHECK(opens());
  const auto directory = must(database->query([&](store::Session& s) { return actor_of_scim_token(s, secret); }));
  must(write([&](store::Transaction& tx) {
    return create_user(tx, directory, {.workspace = workspace.id, .name = "Eve", .email = "eve@acme.example"});
  }));
  const auto incident = must(report(actor_of(zoe), zoe.id));
  CHECK_FALSE(opens());
  const auto acts = acts_of(incident).entries;
  CHECK(std::ranges::any_of(
      acts, [](const audit::Entry& one) { return must(audit::decode_entry(one.encoded)).action == "user.create"; }));
}

TEST_CASE_FIXTURE(Alarm, "without a security address the operators are told at their own") {
  add("op@host.example", Role::operator_);
  must(report(actor_of(zoe), zoe.id, ""));
  CHECK(std::ranges::count(mails(), "op@host.example", &AccountMail::to) == 1);
}

TEST_CASE_FIXTURE(Alarm, "an incident opens, and its timeline says what was done") {
  open(max);
  open(max);
  const auto id = must(report(actor_of(admin), max.id));
  const auto entries = timeline(id);
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].what == "opened");
  CHECK(entries[0].by == admin.id);
  CHECK(entries[1].what == "sessions_ended");
  CHECK(entries[1].text == "2");
  CHECK(entries[2].what == "keys_revoked");
  CHECK(entries[3].what == "told");
  const auto list = must(database->query([&](store::Session& s) { return incidents(s, actor_of(admin)); }));
  CHECK(list.total == 1);
  CHECK(list.items.at(0).user == max.id);
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "user.report_exposed") == 1);
}

TEST_CASE_FIXTURE(Alarm, "an agent reports the own code, and nobody else's, and sees no incident") {
  const auto id = must(report(actor_of(max), max.id));
  CHECK(report(actor_of(max), zoe.id).error().kind == ErrorKind::denied);
  CHECK(database->query([&](store::Session& s) { return incidents(s, actor_of(max)); }).error().kind ==
        ErrorKind::denied);
  auto stranger = actor_of(admin);
  stranger.workspace =
      must(write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Other"); })).id;
  CHECK(database->query([&](store::Session& s) { return load_incident(s, stranger, id); }).error().code ==
        "incident_unknown");
  CHECK(report(stranger, max.id).error().code == "user_unknown");
}

TEST_CASE_FIXTURE(Alarm,
                  "what was done with the code in the day before is laid out, and nothing of others or of earlier") {
  const auto make = [&](const User& by, std::string name) {
    return must(write([&](store::Transaction& tx) { return create_api_key(tx, actor_of(by), {.name = name}); })).key.id;
  };
  make(zoe, "long ago");
  clock.advance_ms(looked_back_ms + 1);
  make(admin, "another's");
  const auto recent = make(zoe, "recent");
  clock.advance_ms(looked_back_ms);
  const auto id = must(report(actor_of(admin), zoe.id));
  const auto found = acts_of(id);
  CHECK(found.is_complete);
  REQUIRE(found.entries.size() == 1);
  CHECK(must(audit::decode_entry(found.entries[0].encoded)).object_id == recent.text());
}

TEST_CASE_FIXTURE(Alarm, "acts of the keys that the person made count as the person's") {
  const auto made = must(write(
      [&](store::Transaction& tx) { return create_api_key(tx, actor_of(zoe), {.name = "K", .may_write = true}); }));
  auto program = must(authenticator.by_api_key(made.secret));
  program.role = Role::administrator;
  must(write([&](store::Transaction& tx) { return create_api_key(tx, program, {.name = "By the key"}); }));
  CHECK(acts_of(must(report(actor_of(admin), zoe.id))).entries.size() == 2);
}

TEST_CASE_FIXTURE(Alarm, "a thousand acts are listed, the newest, and it is said that there are more") {
  CHECK(write([&](store::Transaction& tx) -> Status {
    for (std::size_t i = 0; i < acts_listed_max + 1; ++i) {
      const audit::Act act{.workspace = workspace.id,
                           .actor = actor_of(zoe).for_ledger(),
                           .action = "message.note",
                           .object_kind = "message",
                           .object_id = std::to_string(i)};
      TRY_STATUS(audit::append_entry(tx, act));
    }
    return {};
  }));
  const auto found = acts_of(must(report(actor_of(admin), zoe.id)));
  CHECK(!found.is_complete);
  REQUIRE(found.entries.size() == acts_listed_max);
  CHECK(must(audit::decode_entry(found.entries.back().encoded)).object_id == "1");
}

TEST_CASE_FIXTURE(Alarm, "a link from a mail reports without signing in, once, and opens nothing else") {
  ask_for_report_link(*database, key, "max@acme.example");
  ask_for_report_link(*database, key, "nobody@acme.example");
  CHECK(write([](store::Transaction&) -> Status { return {}; }));
  const auto sent = mails();
  REQUIRE(sent.size() == 1);
  const auto session = open(max);
  const auto link =
      must(database->query([&](store::Session& s) { return load_account_link(s, link_token(key, sent[0].link)); }));
  CHECK(link.purpose == LinkPurpose::exposed);
  const auto use = [&] { return write([&](store::Transaction& tx) { return report_exposed_by_link(tx, "", link); }); };
  const auto id = must(use());
  authenticator.changed();
  CHECK(!authenticator.by_session(session));
  CHECK(use().error().code == "link_unknown");
  CHECK(timeline(id).at(0).by == max.id);
}

TEST_CASE_FIXTURE(Alarm, "notes are added to an incident until it is closed") {
  const auto id = must(report(actor_of(admin), max.id));
  const auto note = [&](std::string_view text) {
    return write([&](store::Transaction& tx) { return note_on_incident(tx, actor_of(admin), id, text); });
  };
  CHECK(note("We have looked through it."));
  CHECK(note("").error().code == "text_invalid");
  CHECK(note(std::string(incident_text_bytes_max, 'x')));
  CHECK(note(std::string(incident_text_bytes_max + 1, 'x')).error().code == "text_invalid");
  const auto close = [&] {
    return write([&](store::Transaction& tx) { return close_incident(tx, actor_of(admin), id); });
  };
  CHECK(close());
  CHECK(close().error().code == "incident_closed");
  CHECK(note("Late").error().code == "incident_closed");
  CHECK(timeline(id).back().what == "closed");
}

TEST_CASE_FIXTURE(Alarm, "an incident has a thousand entries at most") {
  const auto id = must(report(actor_of(admin), max.id));
  const auto add = [&](std::int64_t count) {
    return write([&](store::Transaction& tx) -> Status {
      for (std::int64_t i = 0; i < count; ++i)
        TRY_STATUS(add_incident_entry(tx, workspace.id, id, {.at = tx.now(), .what = "note", .text = "x", .by = {}}));
      return {};
    });
  };
  CHECK(add(incident_entries_max - 4));
  CHECK(add(1).error().code == "too_many_entries");
}

TEST_CASE_FIXTURE(Alarm, "whatever ends a credential is seen by those who ask for it") {
  const auto so_far = [&] { return must(database->query([](store::Session& s) { return ended_so_far(s); })); };
  const auto before = so_far();
  open(max);
  CHECK(so_far() == before);
  CHECK(write([&](store::Transaction& tx) { return end_all_my_sessions(tx, actor_of(max)); }));
  CHECK(so_far() > before);
  const auto made =
      must(write([&](store::Transaction& tx) { return create_api_key(tx, actor_of(zoe), {.name = "K"}); }));
  const auto then = so_far();
  CHECK(write([&](store::Transaction& tx) { return revoke_api_key(tx, actor_of(zoe), made.key.id); }));
  CHECK(so_far() > then);
}

}  // namespace
}  // namespace answerable::access
