#include "app/configuration.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <variant>

#include "app/check_configuration.h"
#include "base/edit_distance.h"

extern "C" char** environ;

namespace answerable::app {

namespace {

using Member = std::variant<std::string Configuration::*, std::int64_t Configuration::*, bool Configuration::*>;

struct Key {
  std::string_view section, name, meaning;
  Member member;
  std::string full() const { return fmt::format("{}.{}", section, name); }
  std::string variable() const {
    auto text = fmt::format("ANSWERABLE_{}_{}", section, name);
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(c)); });
    return text;
  }
};

using C = Configuration;
const std::array keys{
    Key{"server", "listen", "address and port of the web server; port 0 takes a free one", &C::listen},
    Key{"server", "public_url", "the address that people type; links and cookies follow it", &C::public_url},
    Key{"server", "data_dir", "folder of the database, the blobs and the keys", &C::data_dir},
    Key{"server", "blobs_dir",
        "folder of the blobs, which all nodes of one database share; empty: the folder blobs of data_dir",
        &C::blobs_dir},
    Key{"server", "tls_certificate_file", "PEM certificate chain; empty: no TLS (behind a proxy or on localhost)",
        &C::tls_certificate_file},
    Key{"server", "tls_key_file", "PEM private key of that certificate", &C::tls_key_file},
    Key{"server", "trusted_proxies",
        "addresses or ranges (10.0.0.0/8, ::1) of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
        &C::trusted_proxies},
    Key{"server", "connections_per_address",
        "open connections of one client address, of a trusted proxy any number; one more is answered 503",
        &C::connections_per_address},
    Key{"server", "attempts_patience",
        "so many times the usual pass, of refused requests and of opened things, before anybody is slowed down; 1 to "
        "1,000",
        &C::attempts_patience},
    Key{"server", "worker_threads", "threads that run requests, 2 to 64", &C::worker_threads},
    Key{"server", "demo", "shows the demo visitor page /demo/chat", &C::demo},
    Key{"server", "private_identity_providers",
        "may providers of single sign-on be on this machine and private networks?", &C::private_identity_providers},
    Key{"server", "breached_passwords",
        "file with the SHA-1 of passwords that were found in breaches, sorted; empty: none", &C::breached_passwords},
    Key{"server", "geo_database",
        "MaxMind DB file that says where network addresses are (GeoLite2 City, DB-IP City); empty: none",
        &C::geo_database},
    Key{"server", "security_address", "mail address that is told of incidents; empty: those of the operators",
        &C::security_address},
    Key{"limits", "read_per_minute", "requests of one session or API key that only read", &C::read_per_minute},
    Key{"limits", "write_per_minute", "those that change something", &C::write_per_minute},
    Key{"limits", "search_per_minute", "searches and proofs", &C::search_per_minute},
    Key{"limits", "upload_per_minute", "files", &C::upload_per_minute},
    Key{"limits", "export_per_minute", "exports", &C::export_per_minute},
    Key{"limits", "sign_in_per_minute", "sign-ins of one network address", &C::sign_in_per_minute},
    Key{"limits", "workspace_times",
        "a workspace as a whole has so many times as much, unless its agreement has a term of its own",
        &C::workspace_times},
    Key{"database", "engine", "sqlite or postgres", &C::database_engine},
    Key{"database", "url_file", "file with the PostgreSQL connection string", &C::database_url_file},
    Key{"database", "readers", "read-only connections, 1 to 64", &C::database_readers},
    Key{"mail", "domain", "right side of the Message-IDs that we make", &C::mail_domain},
    Key{"mail", "lmtp_listen", "address and port of the LMTP listener; empty: off", &C::lmtp_listen},
    Key{"mail", "smtp_listen", "address and port of a plain SMTP listener, for demos; empty: off", &C::smtp_listen},
    Key{"mail", "private_servers",
        "may channels use IMAP, POP3 and SMTP servers on this machine and in private networks?", &C::private_servers},
    Key{"mail", "private_images", "may pictures of mails be fetched from this machine and private networks?",
        &C::private_images},
    Key{"mail", "ca_file", "PEM file of further authorities that mailboxes and SMTP servers may be signed by",
        &C::mail_ca_file},
    Key{"mail", "dns_servers",
        "DNS servers (127.0.0.1:53) for the checks of senders; empty: the system's; none: no check by DNS",
        &C::mail_dns_servers},
    Key{"mail", "authserv_id",
        "name of the mail server in front of lmtp_listen, whose Authentication-Results are believed; empty: none is",
        &C::mail_authserv_id},
    Key{"mail", "message_bytes_max", "largest mail taken, in bytes", &C::message_bytes_max},
    Key{"mail", "messages_per_peer", "mails that one address may hand over within a minute; more are put off (451)",
        &C::messages_per_peer},
    Key{"mail", "free_bytes_min",
        "bytes that stay free on the disk of server.data_dir: below, peers keep their messages", &C::free_bytes_min},
    Key{"mail", "account_sender",
        "address that mails to people about their own account come from; empty: no-reply@ mail.domain",
        &C::account_sender},
    Key{"malware", "clamd",
        "where ClamAV's daemon listens: unix:/run/clamav/clamd.ctl or host:port; empty: nothing is scanned",
        &C::malware_clamd},
    Key{"mail.relay", "host", "SMTP server that takes our mail, for channels without their own; empty: none",
        &C::relay_host},
    Key{"mail.relay", "port", "its port", &C::relay_port},
    Key{"mail.relay", "security", "tls, starttls, or none (loopback only)", &C::relay_security},
    Key{"mail.relay", "user", "user name there; empty: no authentication", &C::relay_user},
    Key{"mail.relay", "password_file", "file with the password", &C::relay_password_file},
    Key{"ledger", "checkpoint_file", "file, best on another machine's disk, that the ledger's checkpoints are added to",
        &C::ledger_checkpoint_file},
    Key{"ledger", "witnesses", "C2SP tlog-witnesses that hold the ledger's checkpoints: \"KEY URL, KEY URL\"",
        &C::ledger_witnesses},
    Key{"ledger", "mail_to", "mail address that gets the ledger's newest checkpoint, through mail.relay",
        &C::ledger_mail_to},
    Key{"ledger", "mail_every_hours", "how often, 1 to 8,760", &C::ledger_mail_every_hours},
    Key{"log", "level", "debug, info, warning or error", &C::log_level},
    Key{"log", "format", "text, json, or auto (text on a terminal)", &C::log_format},
};

template <class NameOf>
std::string nearest(std::string_view wrong, NameOf name_of) {
  auto best = std::ranges::min_element(keys, {}, [&](const Key& key) { return edit_distance(wrong, name_of(key)); });
  return name_of(*best);
}

std::string show(const Configuration& c, const Member& member) {
  if (auto* text = std::get_if<std::string C::*>(&member)) return fmt::format("\"{}\"", c.**text);
  if (auto* number = std::get_if<std::int64_t C::*>(&member)) return fmt::format("{}", c.**number);
  return c.*std::get<bool C::*>(member) ? "true" : "false";
}

Status set_from_text(Configuration& c, const Key& key, const std::string& where, const std::string& text) {
  if (auto* member = std::get_if<std::string C::*>(&key.member)) {
    c.** member = text;
    return {};
  }
  if (auto* member = std::get_if<bool C::*>(&key.member)) {
    if (text != "true" && text != "false")
      return fail(ErrorKind::invalid, "configuration_type",
                  fmt::format("{} must be true or false, not \"{}\".", where, text));
    c.** member = text == "true";
    return {};
  }
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return fail(ErrorKind::invalid, "configuration_type",
                fmt::format("{} must be a whole number, not \"{}\".", where, text));
  c.*std::get<std::int64_t C::*>(key.member) = number;
  return {};
}

Status set_from_node(Configuration& c, const Key& key, const toml::node& node, const std::string& where) {
  if (auto* member = std::get_if<std::string C::*>(&key.member); member && node.is_string()) {
    c.** member = node.as_string()->get();
    return {};
  }
  if (auto* member = std::get_if<std::int64_t C::*>(&key.member); member && node.is_integer()) {
    c.** member = node.as_integer()->get();
    return {};
  }
  if (auto* member = std::get_if<bool C::*>(&key.member); member && node.is_boolean()) {
    c.** member = node.as_boolean()->get();
    return {};
  }
  return fail(ErrorKind::invalid, "configuration_type",
              fmt::format("{}: {} has the wrong type; an example is {}.", where, key.full(),
                          show(Configuration{}, key.member)));
}

using Origins = std::map<std::string, std::string>;

Status read_table(Configuration& c, Origins& origins, const toml::table& table, const std::string& prefix,
                  const std::string& file) {
  for (auto&& [name, node] : table) {
    auto full = prefix.empty() ? std::string(name.str()) : fmt::format("{}.{}", prefix, name.str());
    auto where = fmt::format("{}, line {}", file, node.source().begin.line);
    if (auto* inner = node.as_table()) {
      TRY_STATUS(read_table(c, origins, *inner, full, file));
      continue;
    }
    auto key = std::ranges::find_if(keys, [&](const Key& k) { return k.full() == full; });
    if (key == keys.end()) {
      auto suggestion = nearest(full, [](const Key& k) { return k.full(); });
      return fail(ErrorKind::invalid, "configuration_unknown_key",
                  fmt::format("{}: unknown key {}. Did you mean {}?", where, full, suggestion));
    }
    TRY_STATUS(set_from_node(c, *key, node, where));
    origins[full] = "file";
  }
  return {};
}

Status read_file(Configuration& c, Origins& origins, const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored))  // which reads as if it were an empty file
    return fail(ErrorKind::invalid, "configuration_syntax", fmt::format("{} is a folder: name the file in it.", file));
  try {
    return read_table(c, origins, toml::parse_file(file), "", file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::invalid, "configuration_syntax",
                fmt::format("{}, line {}: {}", file, error.source().begin.line, error.description()));
  }
}

Status read_environment(Configuration& c, Origins& origins, const std::map<std::string, std::string>& environment) {
  for (const auto& [variable, value] : environment) {
    if (variable.starts_with("ANSWERABLE_TEST_")) continue;
    if (variable == "ANSWERABLE_CONFIG") continue;  // names the file: command_line.cpp
    auto key = std::ranges::find_if(keys, [&](const Key& k) { return k.variable() == variable; });
    if (key == keys.end()) {
      auto suggestion = nearest(variable, [](const Key& k) { return k.variable(); });
      return fail(ErrorKind::invalid, "configuration_unknown_key",
                  fmt::format("Unknown environment variable {}. Did you mean {}?", variable, suggestion));
    }
    TRY_STATUS(set_from_text(c, *key, variable, value));
    origins[key->full()] = "environment";
  }
  return {};
}

}  // namespace

std::string blobs_folder(const Configuration& configuration) {
  return configuration.blobs_dir.empty() ? configuration.data_dir + "/blobs" : configuration.blobs_dir;
}

http::RateLimits rate_limits(const Configuration& c) {
  return {.read = c.read_per_minute,
          .write = c.write_per_minute,
          .search = c.search_per_minute,
          .upload = c.upload_per_minute,
          .exporting = c.export_per_minute,
          .sign_in = c.sign_in_per_minute,
          .workspace_times = c.workspace_times};
}

Result<LoadedConfiguration> load_configuration(const std::string& file,
                                               const std::map<std::string, std::string>& environment) {
  LoadedConfiguration loaded;
  Origins origins;
  if (!file.empty()) TRY_STATUS(read_file(loaded.values, origins, file));
  TRY_STATUS(read_environment(loaded.values, origins, environment));
  TRY_STATUS(check_configuration(loaded.values));
  for (const auto& key : keys) {
    auto origin = origins.contains(key.full()) ? origins[key.full()] : "default";
    loaded.settings.push_back({key.full(), show(loaded.values, key.member), origin, std::string(key.meaning)});
  }
  return loaded;
}

std::map<std::string, std::string> answerable_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    auto equals = text.find('=');
    if (text.starts_with("ANSWERABLE_") && equals != text.npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

std::string example_configuration() {
  std::string text =
      "# answerable.toml: every key with its default. Secrets stand in files that only the server may read.\n";
  std::string_view section;
  for (const auto& key : keys) {
    if (key.section != section) text += fmt::format("\n[{}]\n", section = key.section);
    text += fmt::format("# {}\n# {} = {}\n", key.meaning, key.name, show(Configuration{}, key.member));
  }
  return text;
}

Result<std::vector<net::IpRange>> parse_proxies(std::string_view text) {
  std::vector<net::IpRange> ranges;
  constexpr std::string_view between = ", \t";
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(between), text.size()));
    if (text.empty()) return ranges;
    auto one = text.substr(0, text.find_first_of(between));
    auto range = net::IpRange::parse(one);
    if (!range)
      return fail(ErrorKind::invalid, "configuration_value",
                  fmt::format("server.trusted_proxies: \"{}\" is no address and no range such as 10.0.0.0/8.", one));
    ranges.push_back(*range);
    text.remove_prefix(one.size());
  }
}

Result<std::string> read_secret_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (!(content << file.rdbuf()))
    return fail(ErrorKind::invalid, "secret_unreadable",
                fmt::format("Cannot read the secret in {}: check that it exists and who may read it.", path));
  auto secret = content.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

}  // namespace answerable::app
