// Configuration: default < TOML file < ANSWERABLE_… environment < command line. One table (configuration.cpp) lists
// every key; reading, the environment, `config show` and the example file all come from it. An unknown key is an error
// that names the nearest.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/rate_limit.h"
#include "net/address.h"

namespace answerable::app {

struct Configuration {
  std::string listen = "127.0.0.1:8080";
  std::string public_url = "http://localhost:8080";
  std::string data_dir = "data";
  std::string blobs_dir;  // see blobs_folder()
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string trusted_proxies;  // checked by load_configuration; see parse_proxies
  std::int64_t connections_per_address = 256;
  std::int64_t attempts_patience = 1;
  std::int64_t worker_threads = 8;
  std::int64_t read_per_minute = http::RateLimits{}.read;
  std::int64_t write_per_minute = http::RateLimits{}.write;
  std::int64_t search_per_minute = http::RateLimits{}.search;
  std::int64_t upload_per_minute = http::RateLimits{}.upload;
  std::int64_t export_per_minute = http::RateLimits{}.exporting;
  std::int64_t sign_in_per_minute = http::RateLimits{}.sign_in;
  std::int64_t workspace_times = http::RateLimits{}.workspace_times;
  bool demo = false;

  std::string database_engine = "sqlite";
  std::string database_url_file;  // a file, because the connection string may hold a password
  std::int64_t database_readers = 8;

  std::string mail_domain = "localhost";
  std::string lmtp_listen = "127.0.0.1:2424";
  std::string smtp_listen;  // off: plain SMTP is for demos
  bool private_servers = false;
  bool private_images = false;
  std::string mail_ca_file;
  std::string mail_dns_servers;  // "none": signatures are not verified
  std::string mail_authserv_id;
  std::int64_t message_bytes_max = 100 * 1024 * 1024;
  std::int64_t messages_per_peer = 60'000;  // within a minute
  std::int64_t free_bytes_min = 256 * 1024 * 1024;

  std::string malware_clamd;  // empty: nothing is scanned

  std::string relay_host;
  std::int64_t relay_port = 587;
  std::string relay_security = "starttls";  // "tls", "starttls", "none" (loopback only)
  std::string relay_user;
  std::string relay_password_file;
  bool private_identity_providers = false;
  std::string breached_passwords;  // a file; empty: none
  std::string geo_database;        // a file; empty: none
  std::string security_address;    // empty: the operators' own
  std::string account_sender;      // empty: no-reply@ the mail domain

  std::string ledger_checkpoint_file;
  std::string ledger_witnesses;  // checked by load_configuration; see parse_witnesses
  std::string ledger_mail_to;
  std::int64_t ledger_mail_every_hours = 24;

  std::string log_level = "info";
  std::string log_format = "auto";  // "text", "json", "auto": text on a terminal
};

// One row of `config show`.
struct ShownSetting {
  std::string key, value, origin, meaning;  // origin: "default", "file", "environment"
};

struct LoadedConfiguration {
  Configuration values;
  std::vector<ShownSetting> settings;
};

http::RateLimits rate_limits(const Configuration& configuration);
std::string blobs_folder(const Configuration& configuration);

// `file` may be empty (defaults and environment only). `environment`: all ANSWERABLE_… variables; an unknown one is an
// error too, but for those the tests use (ANSWERABLE_TEST_…). Errors: invalid "configuration_*" whose detail says what
// to write instead.
Result<LoadedConfiguration> load_configuration(const std::string& file,
                                               const std::map<std::string, std::string>& environment);
std::map<std::string, std::string> answerable_environment();
// A commented TOML file with every key and its default.
std::string example_configuration();
// "10.0.0.0/8, ::1": addresses and ranges with commas or blanks between them. Errors: invalid "configuration_value".
Result<std::vector<net::IpRange>> parse_proxies(std::string_view text);
// The content of a secret file without the final line break. Errors: invalid "secret_unreadable".
Result<std::string> read_secret_file(const std::string& path);

}  // namespace answerable::app
