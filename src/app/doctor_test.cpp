#include "app/doctor.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/keys.h"
#include "base/random.h"

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

TEST_CASE("each broken part is found and comes with advice") {
  Installation installation;
  auto& c = installation.configuration;
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

TEST_CASE("a port on which a server answers is told from a free one") {
  Installation installation;
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(fd, 1) == 0);
  socklen_t length = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  installation.configuration.listen = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  CHECK(finding(installation.configuration, "port_web").found.find("answers") != std::string::npos);
  ::close(fd);
}
