// Mail out with STARTTLS and a password, against a real TLS server (tests/lib/smtp_sink.mjs) that each test starts.
#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "channels/email/smtp_carrier.h"
#include "channels/email/smtp_client.h"
#include "channels/schema.h"
#include "intake/testing.h"

namespace answerable::channels {
namespace {

const std::string password = "correct horse";

class Sink {
 public:
  Sink() {
    char name[] = "/tmp/answerable-smtp-XXXXXX";
    ensure(mkdtemp(name) != nullptr, "a folder");
    folder_ = name;
    int out[2];
    ensure(pipe(out) == 0, "a pipe");
    child_ = fork();
    if (child_ == 0) {
      dup2(out[1], 1);
      close(out[0]);
      const auto script =
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
          "-addext subjectAltName=DNS:localhost -keyout $0/key.pem -out $0/cert.pem 2>/dev/null; "
          "exec node tests/lib/smtp_sink.mjs --tls $0 --user \"help:$1\"";
      execlp("bash", "bash", "-c", script, name, password.c_str(), nullptr);
      _exit(127);
    }
    close(out[1]);
    lines_ = fdopen(out[0], "r");
    ensure(std::fscanf(lines_, "ready %hu", &port) == 1, "the SMTP server starts");
  }
  ~Sink() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    std::fclose(lines_);
    std::filesystem::remove_all(folder_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // What it says of the next message; empty when it ended without one.
  std::string next() {
    char line[1000] = "";
    return std::fscanf(lines_, " %999[^\n]", line) == 1 ? line : "";
  }
  std::string taken_until_its_end() {
    kill(child_, SIGTERM);
    return next();
  }
  std::string ca_file() const { return folder_ + "/cert.pem"; }
  MailServer at(const std::string& host) const { return {host, port, MailSecurity::starttls, "help"}; }
  SmtpOutcome send(const std::string& host, const std::string& said, const std::string& roots) const {
    return send_mail(at(host), said, {"help@example.org", {"zoe@example.com"}, "Subject: x\r\n\r\nHello\r\n"},
                     {"here", 10'000, 10'000, roots, Reach::private_networks});
  }
  std::uint16_t port = 0;

 private:
  std::string folder_;
  pid_t child_ = -1;
  FILE* lines_ = nullptr;
};

TEST_CASE("with the right password a mail leaves over TLS as the user") {
  Sink sink;
  auto outcome = sink.send("localhost", password, sink.ca_file());
  CAPTURE(outcome.detail);
  CHECK(outcome.outcome == outbox::Outcome::sent);
  auto taken = sink.next();
  CHECK(taken.find(R"("isTls":true)") != std::string::npos);
  CHECK(taken.find(R"("user":"help")") != std::string::npos);
  CHECK(taken.find("zoe@example.com") != std::string::npos);
  CHECK(try_smtp(sink.at("localhost"), password, {"here", 10'000, 10'000, sink.ca_file(), Reach::private_networks}));
}

TEST_CASE("with a wrong password nothing leaves, it is tried again, and no password stands in the reason") {
  Sink sink;
  auto outcome = sink.send("localhost", "wrong battery", sink.ca_file());
  CHECK(outcome.outcome == outbox::Outcome::retry);
  CHECK(outcome.detail.starts_with("535"));
  CHECK(outcome.detail.find("battery") == std::string::npos);
  auto tried = try_smtp(sink.at("localhost"), "wrong battery",
                        {"here", 10'000, 10'000, sink.ca_file(), Reach::private_networks});
  REQUIRE_FALSE(tried);
  CHECK(tried.error().detail.starts_with("535"));
  CHECK(sink.taken_until_its_end().empty());
}

TEST_CASE("with a certificate of another name, or one that nobody trusts, nothing leaves") {
  Sink sink;
  for (const auto& [host, roots] :
       {std::pair<std::string, std::string>("127.0.0.1", sink.ca_file()), {"localhost", ""}}) {
    CAPTURE(host);
    auto outcome = sink.send(host, password, roots);
    CHECK(outcome.outcome == outbox::Outcome::retry);
    CHECK(outcome.detail.find("certificate") != std::string::npos);
    CHECK(outcome.detail.find("horse") == std::string::npos);
  }
  CHECK(sink.taken_until_its_end().empty());
}

TEST_CASE("the carrier sends with the secrets and the trusted roots of its channel") {
  Sink sink;
  intake::TestIntake test({}, schema());
  const auto config =
      R"({"smtp":{"host":"localhost","security":"starttls","user":"help","port":)" + std::to_string(sink.port) + "}}";
  auto channel = test.add_channel("email", "help@example.org", config, {{std::string(smtp_password_name), password}});
  SmtpCarrierParts parts{test.directory,          *test.blobs,   test.key, std::nullopt, "here", 10'000, 10'000,
                         Reach::private_networks, sink.ca_file()};
  SmtpCarrier carrier(parts, channel.id);
  outbox::Delivery delivery;
  delivery.message.workspace = test.workspace;
  delivery.message.to = {"zoe@example.com"};
  delivery.rendered = "Subject: x\r\n\r\nHello\r\n";
  auto sent = carrier.send(delivery);
  CAPTURE(sent.detail);
  CHECK(sent.outcome == outbox::Outcome::sent);
  CHECK(sink.next().find(R"("user":"help")") != std::string::npos);
}

}  // namespace
}  // namespace answerable::channels
