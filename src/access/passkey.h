// Passkeys of people: several each, named, discoverable, so that signing in asks for no address. One stands for a
// password and a second factor at once, because the authenticator has checked that it is the person; so it also counts
// where a role must have a second factor, and for "is it still you?". Whoever has any kind of second factor cannot sign
// in by password alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/sign_in.h"
#include "access/webauthn.h"

namespace answerable::access {

inline constexpr std::int64_t passkeys_per_user_max = 20;
inline constexpr std::size_t passkey_name_bytes_max = 120;

using PasskeyId = Id<struct PasskeyTag>;

struct Passkey {
  PasskeyId id;
  std::string name;
  Time created_at;
  std::optional<Time> last_used_at;
};

// One's own, oldest first.
Result<std::vector<Passkey>> my_passkeys(store::Session& session, const Actor& me);
// So that no authenticator makes a second one of the same person.
Result<std::vector<std::string>> my_credential_ids(store::Session& session, const Actor& me);

// `key`: the installation's, of SignInParts.
std::string challenge_to_add_passkey(std::string_view key, const Actor& me, Time now);
std::string challenge_to_sign_in(std::string_view key, Time now);
std::string challenge_to_confirm(std::string_view key, const Actor& me, Time now);

struct NewPasskey {
  std::string name;
  ClientData client;
  std::string authenticator_data;
};
struct AddedPasskey {
  Passkey passkey;
  std::vector<std::string> recovery_codes;  // of the first second factor of any kind: shown once
};
// All other sessions end when it is the first second factor. Call Authenticator::changed() after it. Errors: invalid
// "name_invalid", "passkey_refused", "challenge_unknown", conflict "passkey_known", limited "too_many_passkeys".
Result<AddedPasskey> add_passkey(store::Transaction& tx, const RelyingParty& party, std::string_view key,
                                 const Actor& me, const NewPasskey& given);
// Errors: not_found "passkey_unknown", invalid "name_invalid".
Result<Passkey> rename_passkey(store::Transaction& tx, const Actor& me, PasskeyId id, std::string_view name);
// Errors: not_found "passkey_unknown", conflict "second_factor_required": the last second factor of a role that must
// have one.
Status remove_passkey(store::Transaction& tx, const Actor& me, PasskeyId id);

struct PasskeyUse {
  std::string credential_id;
  ClientData client;
  std::string authenticator_data, signature;
};
// Errors: unauthenticated "passkey_unknown" (no such one, or the account is disabled), "passkey_refused",
// "passkey_copied": the counter went back, so there are two of it; "challenge_unknown".
Result<SignedIn> sign_in_with_passkey(const SignInParts& parts, const RelyingParty& party, const PasskeyUse& use,
                                      const SignInRequest& request);
// As confirm_session. Call Authenticator::changed() after it. The same errors, as invalid.
Status confirm_with_passkey(const SignInParts& parts, const RelyingParty& party, const PasskeyUse& use,
                            const Actor& me);

}  // namespace answerable::access
