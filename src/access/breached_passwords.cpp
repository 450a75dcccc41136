#include "access/breached_passwords.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace answerable::access {
namespace {

constexpr std::size_t hash_characters = 40;
constexpr std::int64_t line_bytes_max = 64;  // the hash, a colon, a count, and the end of the line

std::unexpected<Error> unreadable(ErrorKind kind, std::string_view why) {
  return fail(kind, "breached_passwords_unreadable",
              std::string("the list of breached passwords cannot be read: ").append(why));
}

char capital(char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; }

bool is_hash(std::string_view text) {
  return text.size() == hash_characters &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

std::string hash_of(std::string_view password) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_Digest(password.data(), password.size(), bytes.data(), &size, EVP_sha1(), nullptr);
  auto text = to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
  std::ranges::transform(text, text.begin(), capital);
  return text;
}

}  // namespace

Result<std::shared_ptr<const BreachedPasswords>> BreachedPasswords::open(const std::string& path) {
  if (path.empty()) return std::shared_ptr<const BreachedPasswords>();
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return unreadable(ErrorKind::invalid, "there is no file " + path + " that may be read");
  struct stat state{};
  const auto size = ::fstat(file, &state) == 0 && S_ISREG(state.st_mode) ? std::int64_t{state.st_size} : 0;
  std::shared_ptr<const BreachedPasswords> list(new BreachedPasswords(file, size));
  if (size == 0) return unreadable(ErrorKind::invalid, path + " is empty or no file");
  for (const auto offset : {std::int64_t{0}, size - 1}) {
    if (auto line = list->line_at(offset); !line)
      return unreadable(ErrorKind::invalid, path + " has lines that do not begin with a SHA-1 in hexadecimal");
  }
  return list;
}

BreachedPasswords::~BreachedPasswords() { ::close(file_); }

// The line that the byte at `offset` belongs to.
Result<BreachedPasswords::Line> BreachedPasswords::line_at(std::int64_t offset) const {
  std::array<char, 2 * line_bytes_max> bytes{};
  const auto from = std::max<std::int64_t>(0, offset - line_bytes_max);
  const auto got = ::pread(file_, bytes.data(), bytes.size(), from);
  if (got <= offset - from) return unreadable(ErrorKind::unavailable, "it is shorter than it was");
  const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
  const auto at = static_cast<std::size_t>(offset - from);
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto end = std::min(text.find('\n', at), text.size());
  Line line{.begin = from + static_cast<std::int64_t>(begin),
            .end = from + static_cast<std::int64_t>(end) + 1,
            .hash = std::string(text.substr(begin, std::min(end - begin, hash_characters)))};
  std::ranges::transform(line.hash, line.hash.begin(), capital);
  const bool has_begin = before != std::string_view::npos || from == 0;
  if (!has_begin || !is_hash(line.hash)) return unreadable(ErrorKind::unavailable, "a line is no SHA-1");
  return line;
}

Result<bool> BreachedPasswords::contains(std::string_view password) const {
  const auto wanted = hash_of(password);
  for (std::int64_t low = 0, high = size_; low < high;) {
    TRY(const auto line, line_at(low + (high - low) / 2));
    if (line.hash == wanted) return true;
    if (line.hash < wanted)
      low = line.end;
    else
      high = line.begin;
  }
  return false;
}

}  // namespace answerable::access
