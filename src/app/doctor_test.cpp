#include "app/doctor.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/keys.h"
#include "base/random.h"
#include "store/free_space.h"

using namespace answerable;
using namespace answerable::app;

namespace {

struct Installation {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("answerable-doctor-" + random_token(8));
  Configuration configuration;
  Installation() {
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    configuration.data_dir = folder;
    configuration.listen = configuration.lmtp_listen = "127.0.0.1:0";
    REQUIRE(load_keys(folder, true));
  }
  ~Installation() { std::filesystem::remove_all(folder); }
};

Finding finding(const Configuration& configuration, std::string_view check) {
  for (auto& found : examine(configuration, SystemClock{})) {
    if (found.check == check) return found;
  }
  FAIL("no such check");
  return {};
}

}  // namespace

TEST_CASE("a sound installation has no failing check and leaves no file behind") {
  Installation installation;
  for (const auto& found : examine(installation.configuration, SystemClock{})) {
    CAPTURE(found.check);
    CAPTURE(found.found);
    CHECK(found.level != Finding::Level::fail);
    if (found.level != Finding::Level::ok) CHECK_FALSE(found.advice.empty());
  }
  CHECK(std::distance(std::filesystem::directory_iterator(installation.folder), {}) == 1);
}

TEST_CASE("room on the disk is measured by the space at which mail is deferred") {
  Installation installation;
  const auto free = static_cast<std::int64_t>(store::free_bytes(installation.folder.string()).value());
  using Level = Finding::Level;
  for (const auto& [least, level] :
       {std::pair{free / 5, Level::ok}, {free / 2, Level::warn}, {free * 2, Level::fail}}) {
    installation.configuration.free_bytes_min = least;
    CHECK(finding(installation.configuration, "disk_space").level == level);
  }
}

TEST_CASE("each broken part is found and comes with advice") {
  Installation installation;
  auto& c = installation.configuration;
  c.blobs_dir = "/nonexistent";
  CHECK(finding(c, "blobs").level == Finding::Level::fail);
  c.public_url = "http://help.example.org";
  CHECK(finding(c, "tls").level == Finding::Level::fail);
  c.listen = "nonsense";
  CHECK(finding(c, "port_web").level == Finding::Level::fail);
  FakeClock past(Time{1'000});
  auto all = examine(c, past);
  CHECK(std::ranges::find(all, "clock", &Finding::check)->level == Finding::Level::fail);
  std::filesystem::remove(installation.folder / "keys" / "installation.key");
  CHECK(finding(c, "keys").found == "keys_missing");
  c.data_dir = "/nonexistent";
  CHECK(finding(c, "data_folder").advice.find("init") != std::string::npos);
}

namespace {

// A key and a certificate of one's own, as PEM files.
void make_pair(const std::filesystem::path& key, const std::filesystem::path& certificate, int days) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), &X509_free);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
  X509_time_adj_ex(X509_getm_notAfter(x509.get()), days, 0, nullptr);
  X509_set_pubkey(x509.get(), pair.get());
  REQUIRE(X509_sign(x509.get(), pair.get(), EVP_sha256()) > 0);
  std::unique_ptr<FILE, int (*)(FILE*)> key_file(std::fopen(key.c_str(), "we"), &std::fclose);
  REQUIRE(PEM_write_PrivateKey(key_file.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(certificate.c_str(), "we"), &std::fclose);
  REQUIRE(PEM_write_X509(file.get(), x509.get()) == 1);
}

}  // namespace

TEST_CASE("a certificate must have its own key and some days left") {
  Installation installation;
  auto& c = installation.configuration;
  make_pair(installation.folder / "a.key", installation.folder / "a.pem", 90);
  make_pair(installation.folder / "b.key", installation.folder / "b.pem", 13);
  c.tls_certificate_file = installation.folder / "a.pem";
  c.tls_key_file = installation.folder / "a.key";
  CHECK(finding(c, "tls").level == Finding::Level::ok);
  c.tls_key_file = installation.folder / "b.key";
  CHECK(finding(c, "tls").found.find("is not the key") != std::string::npos);
  c.tls_key_file = installation.folder / "absent.key";
  CHECK(finding(c, "tls").level == Finding::Level::fail);
  c.tls_certificate_file = installation.folder / "b.pem";
  c.tls_key_file = installation.folder / "b.key";
  CHECK(finding(c, "tls").level == Finding::Level::warn);
}

TEST_CASE("a port that something else has taken is told from a free one") {
  Installation installation;
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(fd, 100) == 0);
  socklen_t length = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  installation.configuration.listen = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  installation.configuration.lmtp_listen = installation.configuration.listen;
  int taken = 0;
  for (const auto& found : examine(installation.configuration, SystemClock{}))
    if (found.check == "port_web" || found.check == "port_lmtp")
      taken += found.found.find("taken by something else") != std::string::npos ? 1 : 0;
  CHECK(taken == 2);
  ::close(fd);
}
