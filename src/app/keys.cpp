#include "app/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/encoding.h"
#include "base/random.h"

namespace answerable::app {

namespace {

constexpr std::size_t key_bytes = 32;

constexpr std::string_view current_name = "installation.key", next_name = "installation.key.next";

std::string make_key() {
  std::string key(key_bytes, '\0');
  fill_random(key.data(), key.size());
  return key;
}

Status write_new_key(const std::string& path, const std::string& key) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool written = fd >= 0 && ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  auto reason = std::strerror(errno);
  if (fd >= 0) ::close(fd);
  if (!written)
    return fail(ErrorKind::unavailable, "keys_unwritable", fmt::format("Cannot write {}: {}.", path, reason));
  return {};
}

Status sync_folder(const std::string& folder) {
  int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced)
    return fail(ErrorKind::unavailable, "keys_unwritable", fmt::format("Cannot sync the folder {}.", folder));
  return {};
}

Result<std::string> load_key(const std::string& folder, std::string_view name, bool may_create) {
  auto path = folder + "/" + std::string(name);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    if (!may_create)
      return fail(
          ErrorKind::not_found, "keys_missing",
          fmt::format("{} is missing: run `answerable init`, or restore it from the backup of your keys.", path));
    TRY_STATUS(write_new_key(path, make_key()));
    TRY_STATUS(sync_folder(folder));
    if (::stat(path.c_str(), &status) != 0) return fail(ErrorKind::unavailable, "keys_unwritable", path);
  }
  if ((status.st_mode & 077) != 0)
    return fail(ErrorKind::denied, "keys_exposed", fmt::format("Others may read {}: run `chmod 600 {}`.", path, path));
  std::array<char, key_bytes + 1> buffer{};
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  auto got = fd >= 0 ? ::read(fd, buffer.data(), buffer.size()) : -1;
  if (fd >= 0) ::close(fd);
  if (got != static_cast<ssize_t>(key_bytes))
    return fail(
        ErrorKind::internal, "keys_damaged",
        fmt::format("{} must hold exactly {} bytes: restore it from the backup of your keys.", path, key_bytes));
  return std::string(buffer.data(), key_bytes);
}

std::string derive(const std::string& master, std::uint64_t number) {
  static_assert(crypto_kdf_KEYBYTES == key_bytes);
  std::string key(key_bytes, '\0');
  crypto_kdf_derive_from_key(reinterpret_cast<unsigned char*>(key.data()), key.size(), number, "answrbl1",
                             reinterpret_cast<const unsigned char*>(master.data()));
  return key;
}

Keys keys_of(const std::string& master) {
  Keys keys;
  keys.blobs = derive(master, 1);  // the numbers are part of the stored format: never renumber
  keys.channel_secrets = derive(master, 2);
  keys.reply_tokens = derive(master, 3);
  keys.chat_files = derive(master, 4);
  keys.account_links = derive(master, 20);
  keys.second_factors = derive(master, 21);
  keys.fingerprint = derive(master, 22);
  keys.browsers = derive(master, 23);
  return keys;
}

std::string folder_of(const std::string& data_dir) { return data_dir + "/keys"; }

std::string next_path(const std::string& data_dir) { return folder_of(data_dir) + "/" + std::string(next_name); }

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace

Result<Keys> load_keys(const std::string& data_dir, bool may_create) {
  auto folder = folder_of(data_dir);
  if (may_create && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(ErrorKind::unavailable, "keys_unwritable",
                fmt::format("Cannot create {}: {}.", folder, std::strerror(errno)));
  TRY(auto master, load_key(folder, current_name, may_create));
  return keys_of(master);
}

Result<NextKey> begin_next_key(const std::string& data_dir) {
  NextKey next;
  next.is_kept = is_there(next_path(data_dir));
  if (next.is_kept) {
    TRY(next.master, load_key(folder_of(data_dir), next_name, false));
  } else {
    next.master = make_key();
  }
  next.keys = keys_of(next.master);
  return next;
}

Status keep_next_key(const std::string& data_dir, const NextKey& next) {
  if (next.is_kept) return {};
  TRY_STATUS(write_new_key(next_path(data_dir), next.master));
  return sync_folder(folder_of(data_dir));
}

Result<std::string> put_in_force(const std::string& current, const std::string& next, Time now) {
  std::string old;
  if (is_there(current)) {
    old = current + ".until-" + to_rfc3339(now, true);
    // A link and a rename: there is a key at every moment.
    if (::link(current.c_str(), old.c_str()) != 0 && errno != EEXIST)
      return fail(ErrorKind::unavailable, "keys_unwritable",
                  fmt::format("Cannot write {}: {}.", old, std::strerror(errno)));
  }
  if (::rename(next.c_str(), current.c_str()) != 0)
    return fail(ErrorKind::unavailable, "keys_unwritable",
                fmt::format("Cannot rename {}: {}.", next, std::strerror(errno)));
  TRY_STATUS(sync_folder(current.substr(0, current.rfind('/') + 1)));
  return old;
}

Result<std::string> put_in_force(const std::string& data_dir, Time now) {
  return put_in_force(folder_of(data_dir) + "/" + std::string(current_name), next_path(data_dir), now);
}

Status check_no_next_key(const std::string& data_dir) {
  if (!is_there(next_path(data_dir))) return {};
  return fail(ErrorKind::conflict, "key_half_replaced",
              "The replacement of the installation key was interrupted: `answerable keys replace` ends it.");
}

std::string key_name(std::string_view master) { return to_hex(derive(std::string(master), 30).substr(0, 8)); }

}  // namespace answerable::app
