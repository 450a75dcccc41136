#include "access/recovery_codes.h"

#include "access/record.h"
#include "base/base32.h"
#include "base/digest.h"
#include "base/random.h"

namespace answerable::access {
namespace {

constexpr std::size_t recovery_characters = 24;      // of 32: 120 bits, which nobody finds from a plain hash
constexpr std::size_t old_recovery_characters = 16;  // of those that were given before; good until they are renewed
constexpr std::size_t recovery_group = 4;

std::string make_recovery_code() {
  std::string bytes(recovery_characters * 5 / 8, '\0');
  fill_random(bytes.data(), bytes.size());
  auto code = to_base32(bytes);
  for (auto at = recovery_characters - recovery_group; at > 0; at -= recovery_group) code.insert(at, "-");
  return code;
}

}  // namespace

std::string bare_code(std::string_view typed) {
  std::string key;
  for (char c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) key.push_back(c);
  }
  return key;
}

Result<std::vector<std::string>> give_recovery_codes(store::Transaction& tx, WorkspaceId workspace, UserId user) {
  TRY_STATUS(run(tx, "delete from recovery_codes where workspace_id = $1 and user_id = $2", {workspace, user}));
  std::vector<std::string> codes;
  for (int i = 0; i < recovery_codes_given; ++i) {
    codes.push_back(make_recovery_code());
    const auto hash = sha256(bare_code(codes.back()));
    TRY_STATUS(run(tx, "insert into recovery_codes (workspace_id, user_id, code_hash) values ($1, $2, $3)",
                   {workspace, user, store::Bytes{as_bytes(hash)}}));
  }
  return codes;
}

Result<std::int64_t> recovery_codes_left(store::Session& session, WorkspaceId workspace, UserId user) {
  return session.number("select count(*) from recovery_codes where workspace_id = $1 and user_id = $2",
                        {workspace, user});
}

Result<bool> use_recovery_code(store::Transaction& tx, WorkspaceId workspace, UserId user, std::string_view typed) {
  const auto key = bare_code(typed);
  if (key.size() != recovery_characters && key.size() != old_recovery_characters) return false;
  const auto hash = sha256(key);
  TRY(const auto rows,
      tx.execute("delete from recovery_codes where workspace_id = $1 and user_id = $2 and code_hash = $3",
                 {workspace, user, store::Bytes{as_bytes(hash)}}));
  return rows > 0;
}

}  // namespace answerable::access
