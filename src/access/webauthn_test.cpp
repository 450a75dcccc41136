#include "access/webauthn.h"

#include <doctest/doctest.h>

#include "access/challenge.h"
#include "access/soft_authenticator_test.h"
#include "access/testing.h"

namespace answerable::access {
namespace {

const RelyingParty desk = relying_party("https://desk.example");

ClientData said(std::string_view type, std::string_view origin = "https://desk.example") {
  return {.type = std::string(type),
          .challenge = "c",
          .origin = std::string(origin),
          .is_cross_origin = false,
          .hash = sha256(std::string("client data of ").append(type))};
}

TEST_CASE("the relying party is the host of the public address, and localhost for the own machine on any port") {
  CHECK(desk.id == "desk.example");
  CHECK(is_origin_of(desk, "https://desk.example"));
  for (const auto* origin : {"http://desk.example", "https://desk.example:444", "https://evil.desk.example",
                             "https://desk.example.evil", "", "null"})
    CHECK_MESSAGE(!is_origin_of(desk, origin), origin);
  CHECK(is_origin_of(relying_party("https://desk.example:8443/inbox"), "https://desk.example:8443"));
  CHECK(relying_party("https://desk.example:8443/inbox").id == "desk.example");
  for (const auto* url : {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"}) {
    const auto local = relying_party(url);
    CHECK(local.id == "localhost");
    CHECK(is_origin_of(local, "http://localhost"));
    CHECK(is_origin_of(local, "http://localhost:65535"));
    for (const auto* origin : {"http://localhost:", "http://localhost:80a", "http://localhost.evil",
                               "https://localhost", "http://localhost:123456"})
      CHECK_MESSAGE(!is_origin_of(local, origin), origin);
  }
}

TEST_CASE("a passkey that was made here verifies what it signs, and nothing else does") {
  const SoftAuthenticator phone;
  const auto made = must(read_registration(desk, said("webauthn.create"), phone.registration("desk.example")));
  CHECK(made.credential_id == phone.credential_id());
  CHECK(made.counter == 1);
  const auto get = said("webauthn.get");
  const auto data = phone.assertion("desk.example");
  const auto signature = phone.sign(data, get.hash);
  CHECK(must(verify_assertion(desk, get, made.key, data, signature)) == 1);

  auto other_hash = get;
  other_hash.hash = sha256("another challenge");
  CHECK(verify_assertion(desk, other_hash, made.key, data, signature).error().code == "passkey_refused");
  const SoftAuthenticator stranger;
  CHECK(!verify_assertion(desk, get, made.key, data, stranger.sign(data, get.hash)));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto bent = signature;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    CHECK(!verify_assertion(desk, get, made.key, data, bent));
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    auto bent = data;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    CHECK(!verify_assertion(desk, get, made.key, bent, signature));
  }
}

TEST_CASE("a passkey is refused for another site, another act, or when nobody was checked") {
  const SoftAuthenticator phone;
  const auto made = must(read_registration(desk, said("webauthn.create"), phone.registration("desk.example")));
  const auto try_it = [&](const ClientData& client, std::string_view party_id, std::uint8_t flags) {
    const auto data = phone.assertion(party_id, flags);
    return verify_assertion(desk, client, made.key, data, phone.sign(data, client.hash)).has_value();
  };
  constexpr auto both = SoftAuthenticator::touched_and_verified;
  CHECK(try_it(said("webauthn.get"), "desk.example", both));
  CHECK(!try_it(said("webauthn.get"), "evil.example", both));
  CHECK(!try_it(said("webauthn.get", "https://evil.example"), "desk.example", both));
  CHECK(!try_it(said("webauthn.create"), "desk.example", both));
  CHECK(!try_it(said("webauthn.get"), "desk.example", 0x01));  // touched, but not verified
  CHECK(!try_it(said("webauthn.get"), "desk.example", 0x04));
  auto framed = said("webauthn.get");
  framed.is_cross_origin = true;
  CHECK(!try_it(framed, "desk.example", both));
  CHECK(!read_registration(desk, said("webauthn.get"), phone.registration("desk.example")));
  CHECK(!read_registration(desk, said("webauthn.create"), phone.registration("evil.example")));
  CHECK(!read_registration(desk, said("webauthn.create"), phone.registration("desk.example", 0x01)));
}

TEST_CASE("answers that are cut short or too long are refused, at every length") {
  const SoftAuthenticator phone;
  const auto whole = phone.registration("desk.example");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(!read_registration(desk, said("webauthn.create"), whole.substr(0, size)));
  const auto made = must(read_registration(desk, said("webauthn.create"), whole));
  CHECK(!read_registration(desk, said("webauthn.create"), whole + std::string(authenticator_data_bytes_max, '\0')));
  const auto get = said("webauthn.get");
  const auto data = phone.assertion("desk.example");
  CHECK(!verify_assertion(desk, get, made.key, data, ""));
  CHECK(!verify_assertion(desk, get, made.key, data, std::string(passkey_signature_bytes_max + 1, 'x')));
  CHECK(!verify_assertion(desk, get, {.algorithm = -7, .bytes = "short"}, data, phone.sign(data, get.hash)));
  CHECK(!verify_assertion(desk, get, {.algorithm = -8, .bytes = made.key.bytes}, data, phone.sign(data, get.hash)));
  CHECK(!verify_assertion(desk, get, {.algorithm = 0, .bytes = made.key.bytes}, data, phone.sign(data, get.hash)));
}

TEST_CASE_FIXTURE(AccessFixture, "a challenge is good for its purpose, for ten minutes, and once") {
  const std::string key(32, 'k');
  const auto made = make_challenge(key, "sign in", clock.now());
  CHECK(made.size() == challenge_characters_max);
  CHECK(made != make_challenge(key, "sign in", clock.now()));
  CHECK(check_challenge(key, "sign in", made, clock.now()));
  CHECK(!check_challenge(key, "confirm", made, clock.now()));
  CHECK(!check_challenge(std::string(32, 'x'), "sign in", made, clock.now()));
  CHECK(!check_challenge(key, "sign in", made + "A", clock.now()));
  CHECK(!check_challenge(key, "sign in", "", clock.now()));
  CHECK(check_challenge(key, "sign in", made, clock.now() + (challenge_ms - 1)));
  CHECK(!check_challenge(key, "sign in", made, clock.now() + challenge_ms));
  const auto spend = [&] { return database->write([&](store::Transaction& tx) { return spend_challenge(tx, made); }); };
  CHECK(spend());
  CHECK(spend().error().code == "challenge_unknown");
  clock.advance_ms(challenge_ms);
  CHECK(database->write([&](store::Transaction& tx) { return spend_challenge(tx, "another"); }));
  const auto kept = must(
      database->query([](store::Session& session) { return session.number("select count(*) from spent_challenges"); }));
  CHECK(kept == 1);  // those that nobody could use any more are gone
}

}  // namespace
}  // namespace answerable::access
