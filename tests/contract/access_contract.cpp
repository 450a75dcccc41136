// How people come in, on both engines: devices, passkeys, single sign-on, directories, and what is undone.
#include <doctest/doctest.h>

#include "access/enter.h"
#include "access/known_device.h"
#include "access/passkey.h"
#include "access/provision.h"
#include "access/report_exposed.h"
#include "access/scim_token.h"
#include "access/second_factor.h"
#include "access/single_sign_on.h"
#include "access/soft_authenticator_test.h"
#include "access/testing.h"
#include "contract/engines.h"

using namespace answerable;
using namespace answerable::access;

namespace {

#define ANSWERABLE_ACCESS_SCHEMAS {cluster::schema(), audit::schema(), access::schema()}

struct People {
  contract::Bed& bed;
  const std::string key = std::string(32, 'k');
  WorkspaceId workspace =
      must(bed.db().write([](store::Transaction& tx) { return create_workspace(tx, system_actor({}), "Acme"); })).id;
  User admin = add("admin@acme.example", Role::administrator);
  User zoe = add("zoe@acme.example", Role::agent);

  template <class F>
  auto write(F job) {
    return must(bed.db().write([&](store::Transaction& tx) { return job(tx); }));
  }
  template <class F>
  auto read(F job) {
    return must(bed.db().query([&](store::Session& session) { return job(session); }));
  }
  User add(std::string email, Role role) {
    return write([&](store::Transaction& tx) {
      return create_user(tx, system_actor(workspace),
                         {.workspace = workspace, .name = email, .email = email, .role = role, .password_hash = "x"});
    });
  }
  Actor me(const User& user) const { return AccessFixture::actor_of(user); }
};

TEST_CASE("devices are remembered, found by the half of their hash, and forgotten with their sessions") {
  contract::on_each_engine(ANSWERABLE_ACCESS_SCHEMAS, [](contract::Bed& bed) {
    People people{bed};
    const auto in = people.write([&](store::Transaction& tx) {
      return enter(tx, people.zoe, {.device_token = {}, .user_agent = "Test", .address = "::1"});
    });
    CHECK(people.read([&](store::Session& s) { return is_known_device(s, people.zoe.id, in.device_token); }));
    const auto devices =
        people.read([&](store::Session& s) { return known_devices(s, people.me(people.admin), people.zoe.id); });
    REQUIRE(devices.size() == 1);
    CHECK(people.read([&](store::Session& s) { return sessions_of(s, people.me(people.zoe), people.zoe.id); }).size() ==
          1);
    people.write([&](store::Transaction& tx) { return forget_device(tx, people.me(people.zoe), devices[0].id); });
    CHECK(!people.read([&](store::Session& s) { return is_known_device(s, people.zoe.id, in.device_token); }));
    CHECK(people.read([&](store::Session& s) { return sessions_of(s, people.me(people.zoe), people.zoe.id); }).empty());
    people.write([&](store::Transaction& tx) { return end_sessions_of(tx, people.me(people.admin), people.zoe.id); });
  });
}

TEST_CASE("a passkey is added, signs in, and is removed") {
  contract::on_each_engine(ANSWERABLE_ACCESS_SCHEMAS, [](contract::Bed& bed) {
    People people{bed};
    const auto party = relying_party("https://desk.example");
    SoftAuthenticator phone;
    const auto client = [&](std::string_view type, const std::string& challenge) {
      return ClientData{.type = std::string(type),
                        .challenge = challenge,
                        .origin = party.origin,
                        .is_cross_origin = false,
                        .hash = sha256(challenge)};
    };
    const auto me = people.me(people.zoe);
    const auto added = people.write([&](store::Transaction& tx) {
      const auto challenge = challenge_to_add_passkey(people.key, me, bed.clock.now());
      return add_passkey(tx, party, people.key, me,
                         {.name = "Phone",
                          .client = client("webauthn.create", challenge),
                          .authenticator_data = phone.registration(party.id)});
    });
    CHECK(added.recovery_codes.size() == recovery_codes_given);
    ++phone.counter;
    SignInThrottle throttle(bed.clock);
    const auto said = client("webauthn.get", challenge_to_sign_in(people.key, bed.clock.now()));
    const auto data = phone.assertion(party.id);
    const PasskeyUse use{.credential_id = phone.credential_id(),
                         .client = said,
                         .authenticator_data = data,
                         .signature = phone.sign(data, said.hash)};
    const SignInParts parts{.database = bed.db(),
                            .throttle = throttle,
                            .clock = bed.clock,
                            .cost = cheap_cost,
                            .second_factor_key = people.key};
    CHECK(must(sign_in_with_passkey(parts, party, use, {})).user.id == people.zoe.id);
    CHECK(sign_in_with_passkey(parts, party, use, {}).error().kind == ErrorKind::unauthenticated);
    const auto renamed =
        people.write([&](store::Transaction& tx) { return rename_passkey(tx, me, added.passkey.id, "Work"); });
    CHECK(renamed.last_used_at == bed.clock.now());
    CHECK(people.read([&](store::Session& s) { return my_second_factor(s, me); }).passkeys == 1);
    people.write([&](store::Transaction& tx) { return remove_passkey(tx, me, added.passkey.id); });
    CHECK(people.read([&](store::Session& s) { return my_passkeys(s, me); }).empty());
    CHECK(people.read([&](store::Session& s) { return my_second_factor(s, me); }).recovery_codes_left == 0);
  });
}

TEST_CASE("single sign-on is set, offered by its domain, links a person once, and is enforced") {
  contract::on_each_engine(ANSWERABLE_ACCESS_SCHEMAS, [](contract::Bed& bed) {
    People people{bed};
    const auto settings = people.write([&](store::Transaction& tx) {
      return set_single_sign_on(tx, people.key, people.me(people.admin),
                                {.issuer = "https://login.acme.example",
                                 .client_id = "answerable",
                                 .client_secret = "hush",
                                 .domains = {"acme.example"},
                                 .is_on = true,
                                 .is_enforced = true,
                                 .break_glass = people.admin.id});
    });
    CHECK(settings.has_secret);
    CHECK(people.read([&](store::Session& s) { return single_sign_on_of(s, "x@acme.example"); }).has_value());
    CHECK(people.read([&](store::Session& s) { return load_client_secret(s, people.key, people.workspace); }) ==
          "hush");
    IdTokenClaims claims;
    claims.subject = "s-1";
    claims.email = people.zoe.email;
    claims.is_email_verified = true;
    for (int i = 0; i < 2; ++i) {
      const auto user = people.write([&](store::Transaction& tx) { return person_of_token(tx, settings, claims); });
      CHECK(user.id == people.zoe.id);
    }
    claims.subject = "s-2";
    CHECK(bed.db().write([&](store::Transaction& tx) { return person_of_token(tx, settings, claims); }).error().code ==
          "sign_on_linked_otherwise");
    CHECK(bed.db().query([&](store::Session& s) { return check_other_way_in(s, people.zoe); }).error().code ==
          "single_sign_on_required");
    CHECK(people.read([&](store::Session& s) { return check_other_way_in(s, people.admin); }));
  });
}

TEST_CASE("a logout at the provider ends what began there, and how sure it must be is kept, on both engines") {
  contract::on_each_engine(ANSWERABLE_ACCESS_SCHEMAS, [](contract::Bed& bed) {
    People people{bed};
    const auto settings = people.write([&](store::Transaction& tx) {
      return set_single_sign_on(tx, people.key, people.me(people.admin),
                                {.issuer = "https://login.acme.example",
                                 .client_id = "answerable",
                                 .client_secret = {},
                                 .domains = {"acme.example"},
                                 .is_on = true,
                                 .is_enforced = false,
                                 .break_glass = {},
                                 .assurance = {"urn:acme:strong", "mfa"}});
    });
    CHECK(settings.assurance.size() == 2);
    const auto come_in = [&](std::string_view id) {
      people.write([&](store::Transaction& tx) {
        return enter(tx, people.zoe,
                     {.device_token = {},
                      .user_agent = "Test",
                      .address = "::1",
                      .by = by_single_sign_on,
                      .provider = {.issuer = settings.issuer, .subject = "s-1", .id = id}});
      });
    };
    const auto end = [&](std::string id, std::string subject, std::string session) {
      LogoutClaims claims{.token = {}, .id = std::move(id), .is_logout = true, .has_nonce = false};
      claims.token.subject = std::move(subject);
      claims.token.session = std::move(session);
      return people.write([&](store::Transaction& tx) { return end_sign_on_sessions(tx, settings, claims); });
    };
    come_in("sid-1");
    come_in("sid-2");
    CHECK(end("j-1", "", "sid-1") == 1);
    CHECK(end("j-2", "s-1", "sid-1") == 0);
    CHECK(end("j-3", "s-1", "") == 1);
    CHECK(people.read([&](store::Session& s) { return single_sign_ons_with(s, settings.issuer); }).size() == 1);
  });
}

TEST_CASE("a directory finds people by address and by its own id, page by page, and not those that it deleted") {
  contract::on_each_engine(ANSWERABLE_ACCESS_SCHEMAS, [](contract::Bed& bed) {
    People people{bed};
    const auto made =
        people.write([&](store::Transaction& tx) { return make_scim_token(tx, people.me(people.admin)); });
    const auto actor = people.read([&](store::Session& s) { return actor_of_scim_token(s, made.secret); });
    people.write([&](store::Transaction& tx) { return note_scim_token_used(tx, actor); });
    CHECK(people.read([&](store::Session& s) { return scim_token(s, people.me(people.admin)); })->last_used_at ==
          bed.clock.now());
    const auto store = [&](bool is_hidden) {
      people.write([&](store::Transaction& tx) {
        return store_provisioned(
            tx, actor, people.zoe.id,
            {.external_id = "e-1", .given_name = "Zoe", .family_name = "", .is_hidden = is_hidden});
      });
    };
    const auto total = [&](const ProvisionFilter& filter) {
      return people.read([&](store::Session& s) { return provisioned_users(s, actor, filter, 0, 10); }).total;
    };
    store(false);
    people.write([&](store::Transaction& tx) { return change_address(tx, actor, people.zoe.id, "Zo@acme.example"); });
    CHECK(total({}) == 2);
    CHECK(total({.user_name = "ZO@acme.example", .external_id = {}}) == 1);
    CHECK(total({.user_name = {}, .external_id = "e-1"}) == 1);
    const auto second = people.read([&](store::Session& s) { return provisioned_users(s, actor, {}, 1, 10); });
    CHECK(second.items.size() == 1);
    people.write([&](store::Transaction& tx) { return revoke_keys_of(tx, actor, people.zoe.id); });
    store(true);
    CHECK(total({}) == 1);
    CHECK(people.read([&](store::Session& s) { return load_provisioned(s, actor, people.zoe.id); }).more.is_hidden);
    people.write([&](store::Transaction& tx) { return end_scim_token(tx, people.me(people.admin)); });
    CHECK(!bed.db().query([&](store::Session& s) { return actor_of_scim_token(s, made.secret); }));
  });
}

}  // namespace
