// TLS with a self-signed certificate that the test makes.
#include "net/tls.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "net/loopback_test.h"
#include "net/stream_server.h"
#include "net/websocket_client_test.h"

using namespace answerable;
using namespace answerable::net;
using namespace answerable::net::testing;

namespace {

struct Files {
  Files() : folder(std::filesystem::temp_directory_path() / ("answerable-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
  }
  ~Files() { std::filesystem::remove_all(folder); }
  std::string path(const char* name) const { return (folder / name).string(); }
  std::filesystem::path folder;
};

void make_identity(const std::string& certificate_file, const std::string& key_file, const char* name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  FILE* out = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

// A TLS client on top of a connected Client.
class Secure {
 public:
  // `old_suite`: offers this suite of TLS 1.2 alone.
  explicit Secure(Client& client, const char* old_suite = nullptr)
      : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    if (old_suite != nullptr) {
      SSL_set_max_proto_version(ssl_, TLS1_2_VERSION);
      if (SSL_set_cipher_list(ssl_, old_suite) != 1) return;
      offered_ = true;
    }
    SSL_set_fd(ssl_, client.handle());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~Secure() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  Secure(const Secure&) = delete;
  Secure& operator=(const Secure&) = delete;
  bool connected() const { return connected_; }
  bool offered() const { return offered_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  std::string exactly(std::size_t bytes) {
    std::string got(bytes, '\0');
    std::size_t at = 0;
    while (at < bytes) {
      int size = SSL_read(ssl_, got.data() + at, static_cast<int>(bytes - at));
      if (size <= 0) break;
      at += static_cast<std::size_t>(size);
    }
    got.resize(at);
    return got;
  }
  std::string until(std::string_view mark) {
    std::string got;
    while (!got.ends_with(mark)) {
      auto next = exactly(1);
      if (next.empty()) break;
      got += next;
    }
    return got;
  }
  std::string subject() const {
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    char name[200] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  bool connected_ = false;
  bool offered_ = false;
};

struct Upper final : StreamProtocol {
  void on_open(std::shared_ptr<StreamPeer>, StreamOutput& out) override { out.write("220 ready\r\n"); }
  std::size_t on_bytes(std::string_view bytes, StreamOutput& out) override {
    auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 0;
    if (bytes.starts_with("STARTTLS\r\n") && out.can_start_tls()) {
      out.write("220 go ahead\r\n");
      out.start_tls();
    } else {
      out.write((out.is_secure() ? "secure " : "plain ") + std::string(bytes.substr(0, end + 2)));
    }
    return end + 2;
  }
  void on_idle(StreamOutput& out) override { out.write("421 stops\r\n"); }
  void on_tls(StreamOutput& out) override { out.write("in TLS\r\n"); }
};

class LargeEcho final : public WebSocketHandler {
 public:
  void on_open(std::shared_ptr<WebSocket> socket) override { socket_ = std::move(socket); }
  void on_text(std::string_view text) override { socket_->send(std::make_shared<const std::string>(text)); }
  void on_close() override {}

 private:
  std::shared_ptr<WebSocket> socket_;
};

}  // namespace

TEST_CASE("requests, large bodies and WebSockets go through TLS, and a reload serves new connections") {
  Files files;
  make_identity(files.path("cert.pem"), files.path("key.pem"), "first.test");
  auto identity = TlsIdentity::load(files.path("cert.pem"), files.path("key.pem"));
  REQUIRE(identity.has_value());
  TestServer test;
  test.options.tls = *identity;
  test.router.add("POST", "/",
                  [](const Request& request) { return Response::text(200, request.secure ? request.body : "plain"); });
  test.router.add_websocket("/live", [](const Request&) -> Result<std::unique_ptr<WebSocketHandler>> {
    return std::make_unique<LargeEcho>();
  });
  test.start();

  Client client(test.port());
  Secure secure(client);
  REQUIRE(secure.connected());
  CHECK(secure.subject() == "first.test");
  std::string body(900'000, 'b');
  for (int i = 0; i < 2; ++i) {
    std::thread sender([&] {
      secure.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    });
    sender.join();
    CHECK(secure.until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(secure.exactly(body.size()) == body);
  }
  secure.send(upgrade_request("/live"));
  CHECK(secure.until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  secure.send(client_frame(0x81, "one") + client_frame(0x81, std::string(50'000, 'x')));
  CHECK(secure.exactly(5) == "\x81\x03one");
  CHECK(secure.exactly(4 + 50'000).size() == 50'004);

  make_identity(files.path("cert.pem"), files.path("key.pem"), "second.test");
  REQUIRE((*identity)->reload().has_value());
  Client later(test.port());
  Secure renewed(later);
  REQUIRE(renewed.connected());
  CHECK(renewed.subject() == "second.test");

  make_identity(files.path("other.pem"), files.path("key.pem"), "third.test");
  CHECK_FALSE((*identity)->reload().has_value());  // the key no longer belongs to the certificate
  Client last(test.port());
  Secure kept(last);
  CHECK(kept.connected());
}

TEST_CASE("of TLS 1.2 only suites with keys of the connection and sealed encryption are spoken") {
  Files files;
  make_identity(files.path("cert.pem"), files.path("key.pem"), "suites.test");
  TestServer test;
  test.options.tls = *TlsIdentity::load(files.path("cert.pem"), files.path("key.pem"));
  test.start();
  for (const auto* good :
       {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    Client client(test.port());
    CHECK_MESSAGE(Secure(client, good).connected(), good);
  }
  for (const auto* bad : {"ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-CCM"}) {
    Client client(test.port());
    const Secure secure(client, bad);
    CHECK_MESSAGE(secure.offered(), bad);
    CHECK_MESSAGE(!secure.connected(), bad);
  }
}

TEST_CASE("a client that does not speak TLS, or nothing at all, is closed") {
  Files files;
  make_identity(files.path("cert.pem"), files.path("key.pem"), "a.test");
  TestServer test;
  test.options.tls = *TlsIdentity::load(files.path("cert.pem"), files.path("key.pem"));
  test.options.header_timeout_ms = 100;
  test.start();
  Client plain(test.port());
  plain.send(get("/"));
  CHECK(plain.to_end().find("HTTP") == std::string::npos);
  Client silent(test.port());
  CHECK(silent.at_end());
}

TEST_CASE("STARTTLS throws away what was sent before the handshake") {
  Files files;
  make_identity(files.path("cert.pem"), files.path("key.pem"), "mail.test");
  EventLoop loop;
  StreamServerOptions options{.tls = *TlsIdentity::load(files.path("cert.pem"), files.path("key.pem"))};
  auto server = StreamServer::start(loop, [] { return std::make_unique<Upper>(); }, options);
  REQUIRE(server.has_value());
  Client client((*server)->port());
  CHECK(client.until("\r\n") == "220 ready\r\n");
  client.send("hello\r\nSTARTTLS\r\ninjected\r\n");
  CHECK(client.until("\r\n") == "plain hello\r\n");
  CHECK(client.until("\r\n") == "220 go ahead\r\n");
  Secure secure(client);
  REQUIRE(secure.connected());
  CHECK(secure.until("\r\n") == "in TLS\r\n");
  secure.send("hello\r\nSTARTTLS\r\n");
  CHECK(secure.until("\r\n") == "secure hello\r\n");
  CHECK(secure.until("\r\n") == "secure STARTTLS\r\n");
  // A farewell while the server waits for bytes goes through TLS as well.
  std::thread stopper([&] { (*server)->stop(10'000); });
  CHECK(secure.until("\r\n") == "421 stops\r\n");
  client.finish_sending();
  stopper.join();
}

TEST_CASE("files that are missing or do not belong together are named") {
  Files files;
  make_identity(files.path("a.pem"), files.path("a.key"), "a.test");
  make_identity(files.path("b.pem"), files.path("b.key"), "b.test");
  auto missing = TlsIdentity::load(files.path("none.pem"), files.path("a.key"));
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == "tls_certificate_unreadable");
  CHECK(missing.error().detail.find("none.pem") != std::string::npos);
  CHECK_FALSE(TlsIdentity::load(files.path("a.pem"), files.path("none.key")).has_value());
  CHECK_FALSE(TlsIdentity::load(files.path("a.pem"), files.path("b.key")).has_value());
}
