#include "audit/witness.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>

#include <string>

#include "base/encoding.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::audit;

namespace {

std::string as_text(const std::array<unsigned char, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A witness with a key of its own, that cosigns whatever it is given.
struct Fixture {
  std::array<unsigned char, 32> public_bytes{};
  std::array<unsigned char, 64> secret{};
  std::string name = "witness.example/w1";
  std::string key_text;
  store::TemporaryFolder folder;
  SigningKey log = SigningKey::load_or_create(folder.path() + "/key", "answerable.example").value();
  std::string note = sign_checkpoint(log, WorkspaceId{}, {.size = 7, .root = hash_leaf("x")});

  Fixture() { take_key(7); }
  void take_key(unsigned char number) {
    std::array<unsigned char, 32> seed{};
    seed[0] = number;
    crypto_sign_seed_keypair(public_bytes.data(), secret.data(), seed.data());
    auto typed = "\x04" + as_text(public_bytes);
    key_text = name + "+" + to_hex(id(typed)) + "+" + to_base64(typed);
  }
  std::string id(const std::string& typed) const {
    return std::string(as_bytes(sha256(name + "\n" + typed)).substr(0, 4));
  }
  std::string cosign(std::uint64_t time) const {
    auto message = "cosignature/v1\ntime " + std::to_string(time) + "\n" + note.substr(0, note.rfind("\n\n") + 1);
    std::string bytes = id("\x04" + as_text(public_bytes));
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(time >> shift & 0xff);
    std::string signature(64, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(), secret.data());
    return "\u2014 " + name + " " + to_base64(bytes + signature) + "\n";
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a witness's key is read in the form of the standard only") {
  auto key = parse_witness_key(key_text).value();
  CHECK(key.name == name);
  CHECK(to_hex({reinterpret_cast<const char*>(key.id.data()), 4}) == key_text.substr(name.size() + 1, 8));
  for (const auto& wrong : {log.public_key().text(), key_text + "=", key_text.substr(1), std::string("+") + key_text,
                            std::string(), std::string("a+b"), "x" + key_text})
    CHECK(parse_witness_key(wrong).error().code == "witness_key_malformed");
}

TEST_CASE_FIXTURE(Fixture, "a key whose base64 has a plus is a key like any other") {
  int with_plus = 0;
  for (unsigned char number = 0; number < 20; ++number) {
    take_key(number);
    with_plus += std::ranges::count(key_text, '+') > 2;
    CHECK(to_hex(as_bytes(parse_witness_key(key_text).value().key)) == to_hex(as_text(public_bytes)));
    auto made = SigningKey::load_or_create(folder.path() + "/key-" + std::to_string(number), "a.example").value();
    const auto text = made.public_key().text();
    CHECK(parse_public_key(text).value().text() == text);
  }
  CHECK(with_plus > 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a cosignature is found among others, verified, and passed over by whoever does not know it") {
  auto key = parse_witness_key(key_text).value();
  auto found = find_cosignature(key, note, "\u2014 somebody.example AAAA\n" + cosign(1'700'000'000)).value();
  CHECK(found.unix_s == 1'700'000'000);
  CHECK(found.line == cosign(1'700'000'000));
  CHECK(open_checkpoint(log.public_key(), note + found.line));
  CHECK(find_cosignature(key, note, "").error().code == "cosignature_missing");
  CHECK(find_cosignature(key, note, cosign(0)).error().code == "cosignature_wrong");
  auto other = sign_checkpoint(log, WorkspaceId{}, {.size = 8, .root = hash_leaf("x")});
  CHECK(find_cosignature(key, other, cosign(5)).error().code == "cosignature_wrong");
}

TEST_CASE_FIXTURE(Fixture, "no bit of a cosignature can be changed") {
  auto key = parse_witness_key(key_text).value();
  auto line = cosign(1'700'000'000);
  for (std::size_t bit = 0; bit < (line.size() - 1) * 8; ++bit) {
    auto changed = line;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE(!find_cosignature(key, note, changed));
  }
}

TEST_CASE_FIXTURE(Fixture, "each answer of a witness says what to do next") {
  auto key = parse_witness_key(key_text).value();
  CHECK(read_answer(key, note, 200, cosign(9))->cosignature->unix_s == 9);
  CHECK(read_answer(key, note, 200, "").error().code == "cosignature_missing");
  CHECK(read_answer(key, note, 409, "12\n")->witnessed_size == 12);
  for (auto body : {"", "12", "012\n", "-1\n", "12\n\n", "99999999999999999999\n"})
    CHECK(read_answer(key, note, 409, body).error().code == "witness_refused");
  for (long status : {400, 403, 404, 422, 429, 503})
    CHECK(read_answer(key, note, status, "").error().code == "witness_refused");
}
