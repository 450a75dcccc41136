#include "app/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/random.h"

namespace answerable::app {

namespace {

constexpr std::size_t key_bytes = 32;

Status write_new_key(const std::string& path) {
  std::string key(key_bytes, '\0');
  fill_random(key.data(), key.size());
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

Result<std::string> load_key(const std::string& folder, const std::string& name, bool may_create) {
  auto path = folder + "/" + name;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    if (!may_create)
      return fail(
          ErrorKind::not_found, "keys_missing",
          fmt::format("{} is missing: run `answerable init`, or restore it from the backup of your keys.", path));
    TRY_STATUS(write_new_key(path));
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

}  // namespace

Result<Keys> load_keys(const std::string& data_dir, bool may_create) {
  auto folder = data_dir + "/keys";
  if (may_create && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(ErrorKind::unavailable, "keys_unwritable",
                fmt::format("Cannot create {}: {}.", folder, std::strerror(errno)));
  TRY(auto master, load_key(folder, "installation.key", may_create));
  Keys keys;
  keys.blobs = derive(master, 1);  // the numbers are part of the stored format: never renumber
  keys.channel_secrets = derive(master, 2);
  keys.reply_tokens = derive(master, 3);
  keys.chat_files = derive(master, 4);
  keys.account_links = derive(master, 20);
  keys.second_factors = derive(master, 21);
  keys.fingerprint = derive(master, 22);
  return keys;
}

}  // namespace answerable::app
