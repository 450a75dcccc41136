#include "app/doctor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>

#include "app/keys.h"
#include "app/probe.h"
#include "net/clamd.h"
#include "store/free_space.h"

namespace answerable::app {

namespace {

using Level = Finding::Level;

constexpr std::int64_t scanner_timeout_ms = 5'000;
constexpr std::uint64_t room_to_act = 4;  // times the space at which mail is deferred: that early it is said
constexpr rlim_t file_descriptors_min = 4096;
constexpr double sync_ms_slow = 20;
constexpr double sync_ms_unbelievable = 0.01;  // faster than any storage that survives a power cut
constexpr std::int64_t skew_ms_max = 2000;
constexpr int certificate_days_min = 14;

Finding data_folder(const Configuration& c) {
  struct stat status{};
  if (::stat(c.data_dir.c_str(), &status) != 0)
    return {Level::fail, "data_folder", fmt::format("{} does not exist", c.data_dir), "Run `answerable init`."};
  if (::access(c.data_dir.c_str(), R_OK | W_OK | X_OK) != 0)
    return {Level::fail, "data_folder", fmt::format("{} is not writable by this user", c.data_dir),
            "Run as the user that owns the folder, or change its owner."};
  if ((status.st_mode & 007) != 0)
    return {Level::warn, "data_folder", fmt::format("{} is open to every user of the machine", c.data_dir),
            fmt::format("Run `chmod 750 {}`.", c.data_dir)};
  return {Level::ok, "data_folder", c.data_dir, ""};
}

Finding disk_space(const Configuration& c) {
  const auto free = store::free_bytes(c.data_dir);
  if (!free) return {Level::fail, "disk_space", std::strerror(errno), "Check the file system of the data folder."};
  const auto in_gib = [](std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 30); };
  const auto deferred_below = static_cast<std::uint64_t>(c.free_bytes_min);
  auto found = fmt::format("{:.1f} GiB free", in_gib(*free));
  if (*free < deferred_below * room_to_act)
    return {*free < deferred_below ? Level::fail : Level::warn, "disk_space", found,
            fmt::format(
                "Free space: below {:.2f} GiB (mail.free_bytes_min) mail is deferred (452) and nothing new is taken.",
                in_gib(deferred_below))};
  return {Level::ok, "disk_space", found, ""};
}

// Median time in ms of writing 4 KiB and fdatasync, or a negative number when it fails.
double median_sync_ms(const std::string& folder) {
  auto path = folder + "/doctor-sync-test.tmp";
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  ::unlink(path.c_str());
  std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    auto start = std::chrono::steady_clock::now();
    if (::write(fd, page.data(), page.size()) != 4096 || ::fdatasync(fd) != 0) {
      ::close(fd);
      return -1;
    }
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  ::close(fd);
  std::ranges::sort(times);
  return times[times.size() / 2];
}

Finding durable_sync(const Configuration& c) {
  auto ms = median_sync_ms(c.data_dir);
  if (ms < 0)
    return {Level::fail, "durable_sync", "fdatasync fails on the data folder",
            "Put the data folder on a local file system that supports fsync."};
  auto found = fmt::format("fdatasync takes {:.3f} ms (median of 21)", ms);
  if (ms < sync_ms_unbelievable)
    return {Level::warn, "durable_sync", found,
            "That is faster than storage can be: this may be memory (tmpfs) or a disk that does not keep its word."};
  if (ms > sync_ms_slow)
    return {Level::warn, "durable_sync", found, "Each commit waits that long: use a faster disk for the data folder."};
  return {Level::ok, "durable_sync", found, ""};
}

Finding wall_clock(const Configuration& c, const Clock& clock) {
  auto now = clock.now();
  if (now < Time{1'760'000'000'000})
    return {Level::fail, "clock", fmt::format("the clock says {}", to_rfc3339(now)), "Set the clock (NTP)."};
  auto path = c.data_dir + "/doctor-clock-test.tmp";
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  struct stat status{};
  bool stamped = fd >= 0 && ::write(fd, "x", 1) == 1 && ::fstat(fd, &status) == 0;
  if (fd >= 0) ::close(fd);
  ::unlink(path.c_str());
  if (!stamped) return {Level::warn, "clock", "the file system's clock cannot be read", "Check the data folder first."};
  auto skew = status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000 - now.ms;
  if (std::abs(skew) > skew_ms_max)
    return {Level::warn, "clock", fmt::format("the data folder's clock differs by {} ms", skew),
            "Synchronise the file server's clock and this machine's (NTP)."};
  return {Level::ok, "clock", fmt::format("{} (skew to the file system {} ms)", to_rfc3339(now, true), skew), ""};
}

// `is_ours`: asks what answers there whether it is this server.
Finding port(std::string_view name, const std::string& listen, const std::function<bool()>& is_ours) {
  auto check = fmt::format("port_{}", name);
  if (listen.empty()) return {Level::ok, check, "off", ""};
  switch (probe_listen(listen)) {
    case Probe::free: return {Level::ok, check, listen + " is free", ""};
    case Probe::answers:
      if (is_ours()) return {Level::ok, check, listen + " answers: the server runs", ""};
      return {Level::fail, check, listen + " is taken by something else",
              "Stop that program, or choose another port in the configuration."};
    case Probe::taken:
      return {Level::fail, check, listen + " is taken by a program that does not answer",
              "Stop that program, or choose another port in the configuration."};
    case Probe::denied:
      return {Level::fail, check, listen + " may not be opened by this user",
              "Choose a port from 1024 on, or allow it."};
    case Probe::malformed:
      return {Level::fail, check, fmt::format("\"{}\" is not an address and a port", listen),
              "Write it as 127.0.0.1:8080."};
  }
  return {Level::fail, check, listen, ""};
}

bool greets(const Configuration& c, const std::string& listen, std::string_view protocol) {
  return probe_greeting(listen) == fmt::format("220 {} {} ready", c.mail_domain, protocol);
}

Finding engine_sqlite() {
  auto found = fmt::format("SQLite {}", sqlite3_libversion());
  if (sqlite3_libversion_number() < 3'040'000) return {Level::fail, "engine", found, "Install SQLite 3.40 or newer."};
  if (sqlite3_compileoption_used("ENABLE_FTS5") == 0)
    return {Level::fail, "engine", found + " without FTS5", "Install a SQLite built with full-text search (FTS5)."};
  if (sqlite3_threadsafe() == 0)
    return {Level::fail, "engine", found + " built without threads", "Install a thread-safe SQLite."};
  return {Level::ok, "engine", found + ", FTS5, one writer that alone checkpoints", ""};
}

Finding engine_postgres(const Configuration& c, const Clock& clock) {
  auto url = read_secret_file(c.database_url_file);
  if (!url) return {Level::fail, "engine", url.error().detail, "Set database.url_file."};
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url->c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK)
    return {Level::fail, "engine", "PostgreSQL does not answer",
            "Check that it runs, and the connection string's host, user and password."};
  auto version = PQserverVersion(connection.get());
  auto found = fmt::format("PostgreSQL {}.{}", version / 10000, version % 10000);
  if (version < 150000) return {Level::fail, "engine", found, "Use PostgreSQL 15 or newer."};
  std::unique_ptr<PGresult, decltype(&PQclear)> answer(
      PQexec(connection.get(),
             "select current_setting('fsync'), current_setting('synchronous_commit'), "
             "current_setting('full_page_writes'), (extract(epoch from clock_timestamp()) * 1000)::bigint"),
      &PQclear);
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK)
    return {Level::fail, "engine", found + " does not answer what it is asked", "See PostgreSQL's log."};
  for (int i = 0; i < 3; ++i) {
    if (std::strcmp(PQgetvalue(answer.get(), 0, i), "on") != 0)
      return {Level::fail, "engine", found + " does not commit durably",
              "Set fsync, synchronous_commit and full_page_writes to on: otherwise acknowledged mail can be lost."};
  }
  auto skew = std::atoll(PQgetvalue(answer.get(), 0, 3)) - clock.now().ms;
  if (std::abs(skew) > skew_ms_max)
    return {Level::warn, "engine", fmt::format("{}, whose clock differs by {} ms", found, skew),
            "Synchronise the database machine's clock and this machine's (NTP)."};
  return {Level::ok, "engine", fmt::format("{}, durable commits, skew {} ms", found, skew), ""};
}

Finding file_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  auto found = fmt::format("{} may be open (hard limit {})", limit.rlim_cur, limit.rlim_max);
  if (limit.rlim_max < file_descriptors_min)
    return {Level::warn, "file_descriptors", found,
            "Raise LimitNOFILE to 4096 or more: each open screen and chat takes one."};
  return {Level::ok, "file_descriptors", found, ""};
}

Finding certificate(const std::string& path, const std::string& key_path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return {Level::fail, "tls", fmt::format("{} cannot be read", path), "Check the path and who may read it."};
  std::unique_ptr<X509, decltype(&X509_free)> x509(PEM_read_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!x509)
    return {Level::fail, "tls", fmt::format("{} holds no PEM certificate", path), "Give the full chain in PEM form."};
  std::unique_ptr<FILE, int (*)(FILE*)> key_file(std::fopen(key_path.c_str(), "re"), &std::fclose);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      key_file ? PEM_read_PrivateKey(key_file.get(), nullptr, nullptr, nullptr) : nullptr, &EVP_PKEY_free);
  if (!key)
    return {Level::fail, "tls", fmt::format("{} holds no PEM private key that can be read", key_path),
            "Check the path, who may read it, and that it has no passphrase."};
  if (X509_check_private_key(x509.get(), key.get()) != 1)
    return {Level::fail, "tls", fmt::format("{} is not the key of {}", key_path, path),
            "Give the certificate and the key that were made for each other."};
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(x509.get()));
  if (days < 0 || seconds < 0) return {Level::fail, "tls", "the certificate has expired", "Renew it, then restart."};
  auto found = fmt::format("certificate valid for {} more days", days);
  if (days < certificate_days_min) return {Level::warn, "tls", found, "Renew it now."};
  return {Level::ok, "tls", found, ""};
}

Finding tls(const Configuration& c) {
  if (!c.tls_certificate_file.empty()) return certificate(c.tls_certificate_file, c.tls_key_file);
  bool local = c.public_url.starts_with("http://localhost") || c.public_url.starts_with("http://127.0.0.1");
  if (c.public_url.starts_with("https://"))
    return {Level::ok, "tls", "ended by a proxy in front (public_url is https)", ""};
  if (local) return {Level::ok, "tls", "not needed on localhost", ""};
  return {Level::fail, "tls", fmt::format("{} is neither https nor localhost", c.public_url),
          "Set server.tls_certificate_file and server.tls_key_file, or put a TLS proxy in front and set public_url to "
          "https."};
}

Finding blobs(const Configuration& c) {
  const auto folder = blobs_folder(c);
  if (c.blobs_dir.empty())
    return {
        Level::ok, "blobs",
        c.database_engine == "postgres" ? folder + ", of this node alone: several nodes need server.blobs_dir" : folder,
        ""};
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    return {Level::fail, "blobs", fmt::format("{}: {}", folder, std::strerror(errno)),
            "Mount the shared folder, and let this user write there."};
  return {Level::ok, "blobs", folder, ""};
}

Finding key_files(const Configuration& c) {
  auto keys = load_keys(c.data_dir, false);
  if (!keys) return {Level::fail, "keys", keys.error().code, keys.error().detail};
  return {Level::ok, "keys", "present, private, of the right size", ""};
}

Finding relay(const Configuration& c) {
  if (c.relay_host.empty())
    return {Level::warn, "mail_relay", "none configured",
            "Replies by mail wait until mail.relay.host or the channel's own SMTP server is set."};
  auto address = fmt::format("{}:{}", c.relay_host, c.relay_port);
  if (!probe_connect(c.relay_host, static_cast<std::uint16_t>(c.relay_port)))
    return {Level::warn, "mail_relay", address + " does not answer", "Check the host, the port and the firewall."};
  return {Level::ok, "mail_relay", address + " answers", ""};
}

// The harmless text that every scanner knows, in two parts so that no scanner takes this program for it.
// https://www.eicar.org/download-anti-malware-testfile/
std::string eicar() {
  return std::string(R"(X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-)") + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
}

Finding malware(const Configuration& c) {
  if (c.malware_clamd.empty())
    return {Level::warn, "malware", "no scanner configured",
            "Install clamav-daemon and set malware.clamd, so that files of strangers are scanned."};
  auto options = net::parse_clamd_address(c.malware_clamd);
  if (!options) return {Level::fail, "malware", c.malware_clamd, options.error().detail};
  options->timeout_ms = scanner_timeout_ms;
  const net::Clamd daemon(*options);
  const auto version = daemon.version();
  if (!version)
    return {Level::fail, "malware", version.error().detail,
            "Start clamd: until it answers, everything that arrives or leaves is held."};
  const auto found = daemon.scan(eicar());
  if (!found || found->name.empty())
    return {Level::fail, "malware", *version + " does not find the EICAR test file",
            "Let freshclam fetch its signatures, then restart clamd."};
  return {Level::ok, "malware", *version + " finds the EICAR test file", ""};
}

}  // namespace

std::vector<Finding> examine(const Configuration& c, const Clock& clock) {
  return {data_folder(c),
          disk_space(c),
          durable_sync(c),
          blobs(c),
          wall_clock(c, clock),
          c.database_engine == "postgres" ? engine_postgres(c, clock) : engine_sqlite(),
          key_files(c),
          port("web", c.listen, [&] { return probe_health(c.listen, !c.tls_certificate_file.empty()); }),
          port("lmtp", c.lmtp_listen, [&] { return greets(c, c.lmtp_listen, "LMTP"); }),
          port("smtp", c.smtp_listen, [&] { return greets(c, c.smtp_listen, "ESMTP"); }),
          file_descriptors(),
          tls(c),
          relay(c),
          malware(c)};
}

}  // namespace answerable::app
