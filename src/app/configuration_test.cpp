#include "app/configuration.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace answerable;
using namespace answerable::app;

namespace {
Result<LoadedConfiguration> from_toml(const std::string& text,
                                      const std::map<std::string, std::string>& environment = {}) {
  auto path = std::filesystem::temp_directory_path() / "answerable-configuration-test.toml";
  std::ofstream(path) << text;
  auto loaded = load_configuration(path.string(), environment);
  std::filesystem::remove(path);
  return loaded;
}
}  // namespace

TEST_CASE("a file overrides the defaults and the environment overrides the file") {
  auto loaded = from_toml("[server]\nlisten = \"0.0.0.0:9000\"\nworker_threads = 4\n",
                          {{"ANSWERABLE_SERVER_WORKER_THREADS", "6"}});
  REQUIRE(loaded);
  CHECK(loaded->values.listen == "0.0.0.0:9000");
  CHECK(loaded->values.worker_threads == 6);
  CHECK(loaded->values.lmtp_listen == "127.0.0.1:2424");
}

TEST_CASE("an unknown key is an error that names the line and the nearest known key") {
  auto loaded = from_toml("[server]\n\nlisten_adress = \"x\"\n");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == "configuration_unknown_key");
  CHECK(loaded.error().detail.find("line 3") != std::string::npos);
  CHECK(loaded.error().detail.find("server.listen") != std::string::npos);
}

TEST_CASE("an unknown environment variable is an error that names the nearest") {
  auto loaded = load_configuration("", {{"ANSWERABLE_MAIL_DOMIAN", "x"}});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().detail.find("ANSWERABLE_MAIL_DOMAIN") != std::string::npos);
}

TEST_CASE("wrong types, wrong choices and numbers beyond their bounds are refused") {
  CHECK_FALSE(from_toml("[server]\nlisten = 8080\n"));
  CHECK_FALSE(from_toml("[log]\nlevel = \"loud\"\n"));
  CHECK_FALSE(from_toml("[server]\nworker_threads = 1\n"));
  CHECK(from_toml("[server]\nworker_threads = 2\n"));
  CHECK(from_toml("[server]\nworker_threads = 64\n"));
  CHECK_FALSE(from_toml("[server]\nworker_threads = 65\n"));
  CHECK_FALSE(from_toml("[server]\nattempts_patience = 0\n"));
  CHECK(from_toml("[server]\nattempts_patience = 1000\n"));
  CHECK_FALSE(from_toml("[server]\nattempts_patience = 1001\n"));
  CHECK_FALSE(from_toml("[server\n"));
  CHECK(from_toml("[limits]\nread_per_minute = 1\nworkspace_times = 1000\n"));
  CHECK_FALSE(from_toml("[limits]\nexport_per_minute = 0\n"));
  CHECK_FALSE(from_toml("[limits]\nworkspace_times = 1001\n"));
  CHECK_FALSE(load_configuration("/nonexistent/answerable.toml", {}));
}

TEST_CASE("proxies are addresses and ranges, and anything else is refused by name") {
  auto ranges = parse_proxies(" 10.0.0.0/8,::1\t192.0.2.7 ");
  REQUIRE(ranges);
  CHECK(ranges->size() == 3);
  CHECK((*ranges)[0].contains(*net::IpAddress::parse("10.9.9.9")));
  CHECK(parse_proxies("")->empty());
  auto wrong = from_toml("[server]\ntrusted_proxies = \"10.0.0.0/8 proxy.example\"\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail.find("proxy.example") != std::string::npos);
}

TEST_CASE("addresses, domains and the public address are refused by name when nothing could use them") {
  const auto refused = [](const std::string& section, const std::string& key, const std::string& value) {
    const auto loaded = from_toml("[" + section + "]\n" + key + " = \"" + value + "\"\n");
    return !loaded && loaded.error().code == "configuration_value" &&
           loaded.error().detail.starts_with(section + "." + key + " ");
  };
  for (const auto* value : {"", "garbage", "999.0.0.1:80", "127.0.0.1:70000", "localhost:8080", ":8080"}) {
    CAPTURE(value);
    CHECK(refused("server", "listen", value));
    CHECK(refused("mail", "lmtp_listen", value) == (*value != '\0'));
  }
  CHECK(from_toml("[server]\nlisten = \"[::1]:0\"\n"));
  for (const auto* value : {"", "ftp://x", "desk.example", "https://", "https://a b", "https://desk.example/chat",
                            "https://desk.example?x", "https://u@desk.example", "https://desk.example:99999"})
    CHECK_MESSAGE(refused("server", "public_url", value), value);
  for (const auto* value :
       {"https://desk.example", "http://localhost:8080", "http://[::1]:80", "https://bücher.example"})
    CHECK_MESSAGE(!refused("server", "public_url", value), value);
  for (const auto* value : {"", "a b", "x>y", "-"}) CHECK_MESSAGE(refused("mail", "domain", value), value);
  CHECK(from_toml("[mail]\ndomain = \"localhost\"\n"));
  CHECK(refused("server", "security_address", "nobody"));
  CHECK(refused("mail", "account_sender", "a@b@c d"));
  CHECK(refused("ledger", "mail_to", "zzz"));
  CHECK(refused("malware", "clamd", "zzz"));
  CHECK(from_toml("[malware]\nclamd = \"unix:/run/clamav/clamd.ctl\"\n"));
  CHECK(refused("mail", "dns_servers", "zzz"));
  CHECK(from_toml("[mail]\ndns_servers = \"none\"\n"));
}

TEST_CASE("a folder in place of the configuration file is an error and no empty file") {
  const auto loaded = load_configuration("/", {});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == "configuration_syntax");
}

TEST_CASE("a file of authorities that cannot be read is refused") {
  CHECK_FALSE(from_toml("[mail]\nca_file = \"/nonexistent/ca.pem\"\n"));
  CHECK(from_toml("[mail]\nca_file = \"/dev/null\"\n"));
}

TEST_CASE("the example file, uncommented, is the default configuration") {
  std::string text;
  std::istringstream lines(example_configuration());
  for (std::string line; std::getline(lines, line);) {
    bool is_setting = line.starts_with("# ") && line.find(" = ") != line.npos;
    text += (is_setting ? line.substr(2) : line) + "\n";
  }
  auto loaded = from_toml(text);
  REQUIRE(loaded);
  CHECK(loaded->values.listen == Configuration{}.listen);
}
