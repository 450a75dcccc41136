#include "access/single_sign_on.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "access/authenticator.h"
#include "access/enter.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

struct Company : AccessFixture {
  const std::string key = std::string(32, 'k');
  User zoe = add("zoe@acme.example", Role::agent);
  User admin = add("admin@acme.example", Role::administrator);
  SingleSignOnChange wanted{.issuer = "https://login.acme.example",
                            .client_id = "answerable",
                            .client_secret = "hush",
                            .domains = {"acme.example"},
                            .is_on = true,
                            .is_enforced = false,
                            .break_glass = {}};

  template <class F>
  auto write(F job) {
    return database->write([&](store::Transaction& tx) { return job(tx); });
  }
  Result<SingleSignOn> set() {
    return write([&](store::Transaction& tx) { return set_single_sign_on(tx, key, actor_of(admin), wanted); });
  }
  std::string secret() {
    return must(database->query([&](store::Session& s) { return load_client_secret(s, key, workspace.id); }));
  }
  static IdTokenClaims claims(std::string subject, std::string email, bool is_verified = true) {
    IdTokenClaims said;
    said.subject = std::move(subject);
    said.email = std::move(email);
    said.is_email_verified = is_verified;
    return said;
  }
  Result<User> person(const IdTokenClaims& said) {
    const auto settings =
        must(database->query([&](store::Session& s) { return find_single_sign_on(s, workspace.id); }));
    return write([&](store::Transaction& tx) { return person_of_token(tx, *settings, said); });
  }
  Result<SignedIn> come_in(const User& user, std::string_view by) {
    return write([&](store::Transaction& tx) {
      return enter(tx, user, {.device_token = {}, .user_agent = "Test", .address = "::1", .by = by});
    });
  }
  Result<std::optional<SingleSignOn>> offered(std::string_view email) {
    return database->query([&](store::Session& s) { return single_sign_on_of(s, email); });
  }
};

TEST_CASE("an issuer is an https address, or one on this machine") {
  for (const auto* good : {"https://login.acme.example", "https://acme.example/realms/x", "http://localhost:8080/x",
                           "http://127.0.0.1:5", "https://login.acme.example/"})
    CHECK_MESSAGE(is_issuer(good), good);
  for (const auto* bad : {"", "http://login.acme.example", "https://", "https:///x", "https://a.example?x",
                          "https://a.example#x", "https://user@a.example", "ftp://a.example", "http://localhost.evil",
                          "https://a.example/ x", "https://\xc3\xa9.example"})
    CHECK_MESSAGE(!is_issuer(bad), bad);
  const std::string head = "https://a.example/";
  CHECK(is_issuer(head + std::string(issuer_bytes_max - head.size(), 'x')));
  CHECK(!is_issuer(head + std::string(issuer_bytes_max - head.size() + 1, 'x')));
}

TEST_CASE_FIXTURE(Company,
                  "a person is linked once by a verified address in a declared domain, then by the subject alone") {
  must(set());
  CHECK(person(claims("s1", "zoe@acme.example", false)).error().code == "sign_on_unknown_person");
  CHECK(person(claims("s1", "zoe@elsewhere.example")).error().code == "sign_on_unknown_person");
  CHECK(person(claims("s1", "nobody@acme.example")).error().code == "sign_on_unknown_person");
  CHECK(must(person(claims("s1", "Zoe@Acme.example"))).id == zoe.id);
  // Whatever the address says later, or another issuer's same subject.
  CHECK(must(person(claims("s1", "admin@acme.example"))).id == zoe.id);
  CHECK(must(person(claims("s1", "", false))).id == zoe.id);
  CHECK(person(claims("s2", "zoe@acme.example")).error().code == "sign_on_linked_otherwise");
  wanted.issuer = "https://other.example";
  must(set());
  CHECK(person(claims("s1", "")).error().code == "sign_on_unknown_person");
  const auto names = acts();
  CHECK(std::count(names.begin(), names.end(), "user.link_single_sign_on") == 1);
}

TEST_CASE_FIXTURE(Company, "nobody of another workspace and nobody disabled is linked, whatever the domain") {
  const auto other =
      must(write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Other"); }));
  must(write([&](store::Transaction& tx) {
    return create_user(tx, system_actor(other.id),
                       {.workspace = other.id, .name = "Ivy", .email = "ivy@acme.example", .password_hash = "x"});
  }));
  must(set());
  CHECK(person(claims("s9", "ivy@acme.example")).error().code == "sign_on_unknown_person");
  must(person(claims("s1", "zoe@acme.example")));
  must(write([&](store::Transaction& tx) { return update_user(tx, actor_of(admin), zoe.id, {.is_active = false}); }));
  CHECK(person(claims("s1", "zoe@acme.example")).error().code == "sign_on_unknown_person");
}

TEST_CASE_FIXTURE(Company, "the secret is kept sealed, and does not go to another issuer") {
  must(set());
  CHECK(secret() == "hush");
  wanted.client_secret = std::nullopt;
  must(set());
  CHECK(secret() == "hush");
  wanted.issuer = "https://evil.example";
  CHECK(!must(set()).has_secret);
  CHECK(secret().empty());
  const auto shown = must(database->query([](store::Session& s) {
    return s.number(
        "select count(*) from single_sign_on where "
        "length(sealed_secret) > 0");
  }));
  CHECK(shown == 0);
}

TEST_CASE_FIXTURE(Company, "where it is enforced the break-glass administrator alone comes in by other means") {
  wanted.is_enforced = true;
  CHECK(set().error().code == "break_glass_needed");
  wanted.break_glass = zoe.id;
  CHECK(set().error().code == "break_glass_needed");
  wanted.break_glass = admin.id;
  must(set());
  CHECK(come_in(zoe, "").error().code == "single_sign_on_required");
  CHECK(come_in(zoe, "passkey").error().code == "single_sign_on_required");
  CHECK(come_in(zoe, by_single_sign_on));
  CHECK(come_in(admin, ""));
  const auto boss = add("boss@acme.example", Role::administrator);
  const auto change = [&](const UserChange& to) {
    return write([&](store::Transaction& tx) { return update_user(tx, actor_of(boss), admin.id, to); });
  };
  CHECK(change({.role = Role::agent}).error().code == "break_glass");
  CHECK(change({.is_active = false}).error().code == "break_glass");
  CHECK(change({.name = "Ada"}));
  wanted.is_on = false;
  must(set());
  CHECK(come_in(zoe, ""));
  CHECK(change({.role = Role::agent}));
}

TEST_CASE_FIXTURE(
    Company, "it is offered by the domain of an address, to nobody when it is off, and by people when two have it") {
  must(set());
  CHECK(must(offered("whoever@acme.example"))->workspace == workspace.id);
  CHECK(!must(offered("zoe@elsewhere.example")));
  CHECK(!must(offered("no address")));
  const auto other =
      must(write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Other"); }));
  must(write([&](store::Transaction& tx) { return set_single_sign_on(tx, key, system_actor(other.id), wanted); }));
  CHECK(!must(offered("whoever@acme.example")));
  CHECK(must(offered("zoe@acme.example"))->workspace == workspace.id);
  must(write([&](store::Transaction& tx) {
    return create_user(tx, system_actor(other.id),
                       {.workspace = other.id, .name = "Ivy", .email = "ivy@acme.example", .password_hash = "x"});
  }));
  CHECK(must(offered("ivy@acme.example"))->workspace == other.id);
  wanted.is_on = false;
  must(set());
  CHECK(must(offered("whoever@acme.example"))->workspace == other.id);
}

// Else an administrator who declares another company's domain has its people sent to a sign-in page of his own.
TEST_CASE_FIXTURE(Company, "a workspace that declares a domain gets nobody of another workspace to its provider") {
  must(set());
  const auto other =
      must(write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Other"); }));
  must(write([&](store::Transaction& tx) {
    return create_user(tx, system_actor(other.id),
                       {.workspace = other.id, .name = "Ivy", .email = "ivy@acme.example", .password_hash = "x"});
  }));
  CHECK(!must(offered("ivy@acme.example")));
  CHECK(must(offered("zoe@acme.example"))->workspace == workspace.id);
}

TEST_CASE_FIXTURE(Company, "a logout at the provider ends the sessions that began there, and those alone") {
  must(set());
  const auto come = [&](const User& user, std::string_view subject, std::string_view session) {
    return must(write([&](store::Transaction& tx) {
             return enter(tx, user,
                          {.device_token = {},
                           .user_agent = "Test",
                           .address = "::1",
                           .by = by_single_sign_on,
                           .provider = {.issuer = wanted.issuer, .subject = subject, .id = session}});
           }))
        .session.token;
  };
  const auto logout = [&](std::string id, std::string subject, std::string session) {
    LogoutClaims claims{.token = {}, .id = std::move(id), .is_logout = true, .has_nonce = false};
    claims.token.subject = std::move(subject);
    claims.token.session = std::move(session);
    return write([&](store::Transaction& tx) -> Result<std::int64_t> {
      TRY(const auto settings, find_single_sign_on(tx, workspace.id));
      return end_sign_on_sessions(tx, *settings, claims);
    });
  };
  Authenticator authenticator{*database, clock};
  const auto desk = come(zoe, "s1", "sid-1");
  const auto phone = come(zoe, "s1", "sid-2");
  const auto nameless = come(zoe, "s1", "");
  const auto other = come(admin, "s2", "sid-3");
  const auto own = must(come_in(zoe, "")).session.token;
  CHECK(must(logout("j1", "s1", "sid-1")) == 2);  // one that has no id may have been this one
  CHECK(!authenticator.by_session(desk));
  CHECK(!authenticator.by_session(nameless));
  CHECK(authenticator.by_session(phone));
  CHECK(logout("j1", "s1", "").error().code == "challenge_unknown");
  CHECK(must(logout("j2", "", "sid-unknown")) == 0);
  CHECK(must(logout("j3", "s1", "")) == 1);
  authenticator.changed();
  CHECK(!authenticator.by_session(phone));
  CHECK(authenticator.by_session(other));
  CHECK(authenticator.by_session(own));
  CHECK(std::ranges::count(acts(), "session.end_by_provider") == 3);
  CHECK(must(database->query([&](store::Session& s) { return single_sign_ons_with(s, wanted.issuer); })).size() == 1);
  CHECK(must(database->query([&](store::Session& s) { return single_sign_ons_with(s, "https://x.example"); })).empty());
}

TEST_CASE_FIXTURE(Company, "what a token must say of how it was shown who it is, is kept, at its bound") {
  wanted.assurance = {"urn:acme:strong", "mfa"};
  CHECK(must(set()).assurance == wanted.assurance);
  wanted.assurance.assign(assurances_max, std::string(assurance_bytes_max, 'x'));
  CHECK(must(set()).assurance.size() == assurances_max);
  wanted.assurance.emplace_back("y");
  CHECK(set().error().code == "acr_invalid");
  for (const auto& bad : {std::string(), std::string("a b"), std::string(assurance_bytes_max + 1, 'x')}) {
    wanted.assurance = {bad};
    CHECK_MESSAGE(set().error().code == "acr_invalid", bad);
  }
  wanted.assurance.clear();
  CHECK(must(set()).assurance.empty());
}

TEST_CASE_FIXTURE(Company, "an agent changes nothing, and what is no domain or no client is refused at its bound") {
  CHECK(
      write([&](store::Transaction& tx) { return set_single_sign_on(tx, key, actor_of(zoe), wanted); }).error().kind ==
      ErrorKind::denied);
  for (const auto* bad :
       {"", "acme", "Acme.example", ".acme.example", "acme..example", "acme.example.", "a b.example"}) {
    wanted.domains = {bad};
    CHECK_MESSAGE(set().error().code == "domain_invalid", bad);
  }
  wanted.domains.assign(sign_on_domains_max + 1, "acme.example");
  CHECK(set().error().code == "domain_invalid");
  wanted.domains.pop_back();
  CHECK(set());
  wanted.client_id = std::string(client_id_bytes_max + 1, 'x');
  CHECK(set().error().code == "client_id_invalid");
}

}  // namespace
}  // namespace answerable::access
