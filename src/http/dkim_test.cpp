// A channel that signs its mail: its key is made or taken, and what the DNS says is held against it.
#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "mail/dkim_key.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

mail::DnsText says;
std::string asked;

ApiConfig with_dns() {
  ApiConfig config;
  config.find_txt = [](const std::string& name) {
    asked = name;
    return says;
  };
  return config;
}

struct Signing : ApiFixture {
  Signing() : ApiFixture(with_dns()) { says = {mail::DnsText::Outcome::absent, {}}; }
  access::User admin = add("admin@acme.example", access::Role::administrator);
  access::User zoe = add("zoe@acme.example", access::Role::agent);
  std::string admin_cookie = sign_in(admin), zoe_cookie = sign_in(zoe);
  std::string target = "/channels/" + mail.id.text();

  net::Response change(const std::string& dkim) {
    return send({.method = "PATCH", .target = target, .body = R"({"config":{)" + dkim + "}}", .cookie = admin_cookie});
  }
  json::object dkim_of(const net::Response& response) {
    REQUIRE(response.status == 200);
    return json::parse(response.content()).at("config").at("dkim").as_object();
  }
  json::object check() {
    const auto response = send({.target = target + "/dkim", .cookie = admin_cookie});
    REQUIRE(response.status == 200);
    return json::parse(response.content()).as_object();
  }
  std::string key() {
    const auto channel = channels.find(mail.id);
    return *channels.secret(*channel, "dkim.key");
  }
};

TEST_CASE_FIXTURE(Signing, "a channel gets a key, which is never read; a new selector or kind gets a new one") {
  const auto made = change(R"("dkim":{"selector":"k1","algorithm":"ed25519"})");
  const auto record = std::string(dkim_of(made).at("record").as_string());
  CHECK(record.starts_with("v=DKIM1; k=ed25519; p="));
  CHECK(mail::DkimKey::read(key())->record() == record);
  CHECK(!made.content().contains("PRIVATE"));
  CHECK(!send({.target = "/channels", .cookie = admin_cookie}).content().contains("PRIVATE"));
  // As it was answered, and with other settings changed.
  CHECK(dkim_of(change(R"("from_name":"Shop","dkim":{"selector":"k1","algorithm":"ed25519","record":"x"})"))
            .at("record") == json::string(record));
  CHECK(dkim_of(change(R"("dkim":{"selector":"k2","algorithm":"ed25519"})")).at("record") != json::string(record));
  const auto rsa = dkim_of(change(R"("dkim":{"selector":"k2"})"));
  CHECK(rsa.at("algorithm") == "rsa");
  CHECK(mail::DkimKey::read(key())->record() == rsa.at("record").as_string());
  REQUIRE(change("").status == 200);
  CHECK(key().empty());
  CHECK(send({.target = target + "/dkim", .cookie = admin_cookie}).status == 404);
}

TEST_CASE_FIXTURE(Signing,
                  "a pasted key is taken for what it is, and what is none or too weak is refused at its field") {
  const auto pasted = mail::DkimKey::make(mail::DkimAlgorithm::ed25519);
  const auto with_key = [](const std::string& pem) {
    return R"("dkim":{"selector":"k1","algorithm":"rsa","key":)" + json::serialize(json::string(pem)) + "}";
  };
  const auto dkim = dkim_of(change(with_key(pasted.pem())));
  CHECK(dkim.at("algorithm") == "ed25519");
  CHECK(dkim.at("record").as_string() == pasted.record());
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> weak(EVP_RSA_gen(2'048), EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> weak_pem(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PKCS8PrivateKey(weak_pem.get(), weak.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* weak_text = nullptr;
  const auto weak_bytes = BIO_get_mem_data(weak_pem.get(), &weak_text);
  const auto too_weak = change(with_key({weak_text, static_cast<std::size_t>(weak_bytes)}));
  CHECK(too_weak.status == 422);
  CHECK(too_weak.content().contains("too_weak"));
  for (const auto& bad :
       {with_key("no key"), std::string(R"("dkim":{"selector":"K 1"})"), std::string(R"("dkim":{"algorithm":"rsa"})"),
        std::string(R"("dkim":{"selector":"k1","algorithm":"dsa"})")}) {
    CAPTURE(bad);
    const auto refused = change(bad);
    CHECK(refused.status == 422);
    CHECK(refused.content().contains("config.dkim."));
  }
  CHECK(mail::DkimKey::read(key())->record() == pasted.record());
}

TEST_CASE_FIXTURE(Signing, "what the DNS says is held against what it must say, for administrators") {
  const auto record =
      std::string(dkim_of(change(R"("dkim":{"selector":"k1","algorithm":"ed25519"})")).at("record").as_string());
  CHECK(check().at("state") == "absent");
  CHECK(asked == "k1._domainkey." + mail.address.substr(mail.address.find('@') + 1));
  CHECK(check().at("name").as_string() == asked);
  CHECK(check().at("record").as_string() == record);
  says = {mail::DnsText::Outcome::found, {record}};
  CHECK(check().at("state") == "right");
  says.records = {"v=spf1 \xFF\n-all"};
  CHECK(check().at("state") == "other");
  CHECK(check().at("found").at(0) == "v=spf1 \uFFFD -all");
  says = {};
  CHECK(check().at("state") == "unreachable");
  CHECK(send({.target = target + "/dkim", .cookie = zoe_cookie}).status == 403);
}

TEST_CASE_FIXTURE(Signing, "everybody sees whether a channel quotes what it answers") {
  const auto list = [&] { return std::string(send({.target = "/channels", .cookie = zoe_cookie}).content()); };
  CHECK(list().contains("\"quotes_replies\":true"));
  REQUIRE(change(R"("quote_replies":false)").status == 200);
  CHECK(list().contains("\"quotes_replies\":false"));
}

TEST_CASE_FIXTURE(Signing, "an upload is a picture when its bytes are, whatever it is called") {
  const auto type_of = [&](const std::string& said, const std::string& bytes) {
    const auto made = send({.method = "POST",
                            .target = "/uploads?filename=a.png&content_type=" + said,
                            .body = bytes,
                            .cookie = zoe_cookie,
                            .headers = {{"Content-Type", "application/octet-stream"}}});
    REQUIRE(made.status == 201);
    return std::string(json::parse(made.content()).at("content_type").as_string());
  };
  CHECK(type_of("text/plain", "\x89PNG\r\n\x1a\n....") == "image/png");
  CHECK(type_of("image/png", "\xFF\xD8\xFF....") == "image/jpeg");
  CHECK(type_of("image/png", "<svg onload=x>") == "application/octet-stream");
  CHECK(type_of("application/pdf", "%PDF-1.7") == "application/pdf");
}

}  // namespace
}  // namespace answerable::http
