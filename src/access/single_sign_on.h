// Single sign-on: a workspace's people come in by an OpenID provider of their company. Whose token it is, is decided by
// (issuer, subject) and by nothing else once they are linked. They are linked once, by an address that the provider has
// verified, in a domain that the workspace has declared, of a person who is there already: nobody comes in by an
// address alone, and nobody is made here (SCIM does that). Where it is enforced, one administrator still comes in by
// other means, for the day when the provider does not answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/id_token.h"
#include "access/user.h"

namespace answerable::access {

inline constexpr std::size_t issuer_bytes_max = 300;
inline constexpr std::size_t client_id_bytes_max = 300;
inline constexpr std::size_t client_secret_bytes_max = 500;
inline constexpr std::size_t sign_on_domains_max = 50;
inline constexpr std::size_t sign_on_domain_bytes_max = 253;
inline constexpr std::size_t assurances_max = 10;
inline constexpr std::size_t assurance_bytes_max = 200;

struct SingleSignOn {
  WorkspaceId workspace;
  std::string issuer, client_id;
  std::vector<std::string> domains;  // in small letters, sorted
  bool is_on = false, is_enforced = false;
  UserId break_glass;  // comes in by other means all the same; nil: nobody
  bool has_secret = false;
  std::vector<std::string> assurance = {};  // of "acr" and "amr" one must be among them; none: whatever it is
};

// Errors: denied.
Result<std::optional<SingleSignOn>> my_single_sign_on(store::Session& session, const Actor& by);
Result<std::optional<SingleSignOn>> find_single_sign_on(store::Session& session, WorkspaceId workspace);
// Of who types this address at the door: that of the person's own workspace, if it is on for the domain; of who is not
// known here, that of the one workspace that has declared the domain.
Result<std::optional<SingleSignOn>> single_sign_on_of(store::Session& session, std::string_view email);
// Empty: the client has none.
Result<std::string> load_client_secret(store::Session& session, std::string_view key, WorkspaceId workspace);

struct SingleSignOnChange {
  std::string issuer, client_id;
  std::optional<std::string> client_secret;  // absent: as it was, unless the issuer is another
  std::vector<std::string> domains;
  bool is_on = false, is_enforced = false;
  UserId break_glass;
  std::vector<std::string> assurance = {};
};
// `key`: the installation's, 32 bytes. Errors: denied, invalid "issuer_invalid", "client_id_invalid", "domain_invalid",
// "acr_invalid", conflict "break_glass_needed": enforced without an active administrator who has a password.
Result<SingleSignOn> set_single_sign_on(store::Transaction& tx, std::string_view key, const Actor& by,
                                        const SingleSignOnChange& change);

// Whose token it is; links the person at the first time. `claims` are judged already. Errors: unauthenticated
// "sign_on_unknown_person", "sign_on_linked_otherwise".
Result<User> person_of_token(store::Transaction& tx, const SingleSignOn& settings, const IdTokenClaims& claims);

// Of all workspaces that people of this provider may come in to.
Result<std::vector<SingleSignOn>> single_sign_ons_with(store::Session& session, std::string_view issuer);
// Ends the sessions of ours that began by the one that is over at the provider, or by any of that subject's; `claims`
// are judged already. Returns how many. Call Authenticator::changed() after it. Errors: invalid "challenge_unknown":
// this token was used before.
Result<std::int64_t> end_sign_on_sessions(store::Transaction& tx, const SingleSignOn& settings,
                                          const LogoutClaims& claims);

// https, or http on this machine; a host, nothing behind ? or #.
bool is_issuer(std::string_view text);

// Asked by every other way to sign in. Errors: unauthenticated "single_sign_on_required". True: by the break-glass
// account, which the ledger shall say.
Result<bool> check_other_way_in(store::Session& session, const User& user);
// Asked before somebody is disabled or loses a role. Errors: conflict "break_glass".
Status check_not_break_glass(store::Session& session, const User& user);

// For a new key of the installation (app/replace_key.h): all rows at once, sealed under `to` instead of `from`. Returns
// how many open under neither; those stay as they are.
Result<std::int64_t> reseal_client_secrets(store::Transaction& tx, std::string_view from, std::string_view to);

}  // namespace answerable::access
