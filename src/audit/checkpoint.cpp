#include "audit/checkpoint.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/encoding.h"
#include "base/ensure.h"
#include "base/utf8.h"

namespace answerable::audit {
namespace {

constexpr std::string_view signature_mark = "\u2014 ";  // an em dash and a blank begin each signature line

std::string_view view(const auto& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string signature_line(const SigningKey& key, const std::string& origin, std::string_view body) {
  std::string bytes(view(key_hash(origin, key.public_key().key)));
  bytes += view(key.sign(body));
  return std::string(signature_mark) + origin + " " + to_base64(bytes) + "\n";
}

std::optional<std::string_view> take_line(std::string_view& rest) {
  auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::unexpected<Error> wrong(std::string_view code, std::string_view what) {
  return fail(ErrorKind::invalid, code, "The checkpoint " + std::string(what) + ".");
}

// Decimal without leading zeros, and back to the same digits.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  if (std::to_string(size) != text) return std::nullopt;
  return size;
}

bool is_signed(const PublicKey& key, std::string_view origin, std::string_view body, std::string_view line) {
  line.remove_prefix(signature_mark.size());
  if (!line.starts_with(origin) || line.substr(origin.size(), 1) != " ") return false;
  auto bytes = from_base64(line.substr(origin.size() + 1));
  if (!bytes || bytes->size() != 4 + crypto_sign_BYTES) return false;
  if (bytes->substr(0, 4) != view(key_hash(origin, key.key))) return false;
  ensure(sodium_init() >= 0, "libsodium");
  return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(bytes->data() + 4),
                                     reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                                     key.key.data()) == 0;
}

}  // namespace

std::string origin_of(const PublicKey& key, WorkspaceId workspace) { return key.name + "/ledger/" + workspace.text(); }

std::string sign_checkpoint(const SigningKey& key, WorkspaceId workspace, const TreeHead& head) {
  auto origin = origin_of(key.public_key(), workspace);
  auto body = origin + "\n" + std::to_string(head.size) + "\n" + to_base64(as_bytes(head.root)) + "\n";
  return body + "\n" + signature_line(key, origin, body);
}

Result<TreeHead> open_checkpoint(const PublicKey& key, WorkspaceId workspace, std::string_view note) {
  if (note.size() > note_bytes_max || !is_valid_utf8(note))
    return wrong("checkpoint_malformed", "is too long or no UTF-8");
  auto split = note.rfind("\n\n");
  if (split == std::string_view::npos) return wrong("checkpoint_malformed", "has no signatures");
  auto body = note.substr(0, split + 1);
  auto signatures = note.substr(split + 2);
  auto rest = body;
  auto origin = take_line(rest);
  auto size_line = take_line(rest);
  auto root_line = take_line(rest);
  if (!root_line || !rest.empty()) return wrong("checkpoint_malformed", "is not three lines");
  auto size = parse_size(*size_line);
  auto root = from_base64(*root_line);
  if (!size || !root || root->size() != sizeof(Digest)) return wrong("checkpoint_malformed", "has no size or root");
  if (*origin != origin_of(key, workspace)) return wrong("checkpoint_origin", "belongs to another ledger");
  bool found = false;
  while (!signatures.empty()) {
    auto line = take_line(signatures);
    if (!line || !line->starts_with(signature_mark))
      return wrong("checkpoint_malformed", "has a line that is no signature");
    found = found || is_signed(key, *origin, body, *line);
  }
  if (!found) return wrong("checkpoint_signature", "is not signed by the ledger's key");
  TreeHead head{.size = *size};
  std::memcpy(head.root.data(), root->data(), head.root.size());
  return head;
}

}  // namespace answerable::audit
