#include "mail/dkim_sign.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mail/build.h"
#include "mail/dkim.h"
#include "mail/dkim_record.h"
#include "mail/limits.h"

namespace answerable::mail {
namespace {

const DkimKey& key_of(DkimAlgorithm algorithm) {
  static const auto rsa = DkimKey::make(DkimAlgorithm::rsa), ed25519 = DkimKey::make(DkimAlgorithm::ed25519);
  return algorithm == DkimAlgorithm::rsa ? rsa : ed25519;
}

DkimSigner signer(DkimAlgorithm algorithm) { return *DkimSigner::make("shop.example", "k1", key_of(algorithm)); }

std::string letter(std::string text = "Your parcel  is on its way.\n\tSoon.\n\n\n") {
  OutgoingMessage message{.message_id = *MessageIdText::make("1.t@shop.example"),
                          .in_reply_to = *MessageIdText::make("q@x.example"),
                          .references = {*MessageIdText::make("q@x.example")},
                          .date = *parse_rfc3339("2026-11-24T09:08:07Z"),
                          .from = *Mailbox::make("Größe, Shop", "help@shop.example"),
                          .to = {*Mailbox::make("Anna", "anna@x.example")},
                          .cc = {*Mailbox::make("", "ben@x.example")},
                          .reply_to = {*Mailbox::make("", "help+t@shop.example")},
                          .subject = *HeaderText::make("Re: A subject that is so long that its field must be folded"),
                          .text = std::move(text)};
  message.html = "<p>Your parcel</p>";
  message.auto_submitted = true;
  return *build_message(message);
}

std::string sign(const std::string& raw, DkimAlgorithm algorithm = DkimAlgorithm::rsa) {
  return dkim_signature(raw, signer(algorithm), *parse_rfc3339("2026-11-24T09:08:07Z")) + raw;
}

DkimResult verify(const std::string& raw, DkimAlgorithm algorithm = DkimAlgorithm::rsa) {
  const auto results = verify_dkim(split_raw(raw), [&](const std::string& name) {
    if (name != "k1._domainkey.shop.example") return DnsText{DnsText::Outcome::absent, {}};
    return DnsText{DnsText::Outcome::found, {key_of(algorithm).record()}};
  });
  REQUIRE(results.size() == 1);
  return results[0];
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

TEST_CASE("what is signed verifies, with either kind of key, and is the same each time") {
  for (const auto algorithm : {DkimAlgorithm::rsa, DkimAlgorithm::ed25519}) {
    const auto raw = sign(letter(), algorithm);
    CHECK(raw == sign(letter(), algorithm));
    const auto result = verify(raw, algorithm);
    CHECK(result.reason == "");
    CHECK(result.outcome == DkimResult::Outcome::pass);
    CHECK(result.domain == "shop.example");
    CHECK(result.selector == "k1");
    for (const std::string name : {"from:from", ":to", ":cc", ":subject", ":date", ":message-id", ":in-reply-to",
                                   ":references", ":mime-version", ":content-type", ":reply-to", ":auto-submitted"})
      CHECK(raw.substr(0, raw.find("bh=")).find(name) != std::string::npos);
  }
}

TEST_CASE("each signed field, the body and a second author are covered, blanks and folding are not") {
  const auto good = sign(letter());
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"To: Anna", "To: Anne"},
                                                                                 {"Cc: ben", "Cc: bea"},
                                                                                 {"Subject: Re", "Subject: Fw"},
                                                                                 {"09:08:07", "09:08:08"},
                                                                                 {"parcel", "pencil"},
                                                                                 {"help+t@", "evil@"},
                                                                                 {"From: ", "From: e@x.org\r\nFrom: "},
                                                                                 {"alternative", "mixed"}}) {
    CAPTURE(from);
    auto changed = good;
    replace(changed, from, to);
    CHECK(verify(changed).outcome != DkimResult::Outcome::pass);
  }
  auto refolded = good;
  replace(refolded, "Subject: Re: A", "SUBJECT:  Re:\r\n   A");
  CHECK(verify(refolded + "\r\n\r\n").outcome == DkimResult::Outcome::pass);
}

TEST_CASE("an empty body and lines of blanks are signed as a verifier reads them") {
  for (const std::string body : {"", "\r\n", "\r\n\r\n", " \t\r\n", "a \t \r\n\r\n", "a\r\n \r\nb\r\n", "\r\na\r\n"}) {
    CAPTURE(body);
    CHECK(verify(sign("From: help@shop.example\r\nTo: a@x.example\r\n\r\n" + body)).outcome ==
          DkimResult::Outcome::pass);
  }
}

TEST_CASE("nothing can be smuggled into the field by a domain or a selector") {
  const auto& key = key_of(DkimAlgorithm::ed25519);
  for (const std::string bad : {"", "a b", "A", "a;", "a\r\nX: y", "-a", "a-", ".a", "a.", "a..b", "\xC3\xBC"}) {
    CAPTURE(bad);
    CHECK_FALSE(DkimSigner::make("shop.example", bad, key));
    CHECK_FALSE(DkimSigner::make(bad, "k1", key));
  }
  CHECK(is_dkim_selector(std::string(max_dkim_selector_bytes, 'a')));
  CHECK_FALSE(is_dkim_selector(std::string(max_dkim_selector_bytes, 'a') + "a"));
}

std::string pem_of_rsa(unsigned bits) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(bits), EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

TEST_CASE("a key is read back from its PEM, and what is no such key is refused") {
  for (const auto algorithm : {DkimAlgorithm::rsa, DkimAlgorithm::ed25519}) {
    const auto pem = key_of(algorithm).pem();
    const auto read = DkimKey::read(pem);
    REQUIRE(read);
    CHECK(read->algorithm() == algorithm);
    CHECK(read->record() == key_of(algorithm).record());
    CHECK(read->has_128_bits());
    CHECK_FALSE(DkimKey::read(pem.substr(0, pem.size() / 2)));
    CHECK(DkimKey::read(pem + std::string(max_dkim_key_bytes - pem.size(), '\n')));
    CHECK_FALSE(DkimKey::read(pem + std::string(max_dkim_key_bytes + 1 - pem.size(), '\n')));
  }
  CHECK(DkimKey::read(pem_of_rsa(dkim_rsa_bits_min)));
  CHECK_FALSE(DkimKey::read(pem_of_rsa(dkim_rsa_bits_made - 8))->has_128_bits());
  CHECK_FALSE(DkimKey::read(pem_of_rsa(dkim_rsa_bits_min - 8)));
  CHECK_FALSE(DkimKey::read(""));
  CHECK_FALSE(DkimKey::read("v=DKIM1; p=AAAA"));
  const auto elliptic = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(bio.get(), elliptic.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  CHECK(DkimKey::read({text, static_cast<std::size_t>(size)}).error().code == "dkim_key");
}

TEST_CASE("the record in the DNS is right, absent, of another key, doubled, or cannot be had") {
  using Outcome = DnsText::Outcome;
  const auto record = key_of(DkimAlgorithm::ed25519).record();
  const auto judge = [&](Outcome outcome, std::vector<std::string> records) {
    return to_string(judge_dkim_record(record, {outcome, std::move(records)}));
  };
  CHECK(judge(Outcome::found, {record}) == "right");
  CHECK(judge(Outcome::found, {"k=ed25519 ;t=s; p = " + record.substr(record.find("p=") + 2, 10) + " " +
                               record.substr(record.find("p=") + 12)}) == "right");
  CHECK(judge(Outcome::found, {key_of(DkimAlgorithm::rsa).record()}) == "other");
  CHECK(judge(Outcome::found, {"v=DKIM1; k=ed25519; p="}) == "other");
  CHECK(judge(Outcome::found, {"v=spf1 -all"}) == "other");
  CHECK(judge(Outcome::found, {record, record}) == "several");
  CHECK(judge(Outcome::absent, {}) == "absent");
  CHECK(judge(Outcome::failed, {}) == "unreachable");
}

// By Debian's python3-dkim, which shares no line with libopendkim and OpenSSL's canonical forms of ours.
TEST_CASE("another verifier finds the same signatures good and changed ones bad") {
  char name[] = "/tmp/answerable-dkim-XXXXXX";
  REQUIRE(mkdtemp(name) != nullptr);
  const std::filesystem::path folder(name);
  const auto verdict = [&](const std::string& raw, const std::string& record) {
    std::ofstream(folder / "mail.eml", std::ios::binary) << raw;
    std::ofstream(folder / "record") << record;
    const auto command = "/usr/bin/python3 tests/lib/verify_dkim.py " + (folder / "mail.eml").string() + " " +
                         (folder / "record").string() + " >/dev/null 2>&1";
    return WEXITSTATUS(std::system(command.c_str()));
  };
  for (const auto algorithm : {DkimAlgorithm::rsa, DkimAlgorithm::ed25519}) {
    auto raw = sign(letter("Größe 你好 \n\n  indented\n"), algorithm);
    CHECK(verdict(raw, key_of(algorithm).record()) == 0);
    replace(raw, "To: Anna", "To: Anne");
    CHECK(verdict(raw, key_of(algorithm).record()) == 3);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace answerable::mail
