// A channel: one point of contact of a workspace. What its config means is known to channels/<kind> only. Actions write
// the row, the ledger entry and the event in the caller's transaction; after the commit the directory knows the change
// at once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/overwritten.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "intake/secret_box.h"
#include "store/session.h"

namespace answerable::intake {

class ChannelDirectory;

// failing: it is meant to work and something outside does not (a mailbox refuses the password); it is tried again.
// needs_reauthorisation: a provider gives no access any more, or not yet, until a person grants it; nobody is asked.
enum class ChannelState : std::uint8_t { active, disabled, failing, needs_reauthorisation };
std::string_view to_string(ChannelState state);
std::optional<ChannelState> parse_channel_state(std::string_view text);

struct Channel {
  WorkspaceId workspace;
  ChannelId id;
  std::string kind;  // "email", "webchat"
  std::string name;
  std::string address;  // mail: the address that it writes from; empty for web chat
  std::vector<std::string>
      addresses;  // all addresses that mail is accepted for, as keys (mail::address_key), with `address`
  ChannelState state = ChannelState::active;
  std::string state_detail;
  std::string config = "{}";   // JSON without secrets
  std::string sealed_secrets;  // see ChannelDirectory::secret
  std::int64_t version = 1;
  Time created_at, updated_at;
};

// What is kept when a channel is written over (access/overwritten.h). Of secrets: only whether they are others.
access::Fields to_fields(const Channel& channel);

struct NewChannel {
  std::string kind, name, address;
  std::vector<std::string> further_addresses;
  std::string config = "{}";
  Secrets secrets;
  ChannelState state = ChannelState::active;  // or needs_reauthorisation
};

struct ChannelChange {
  std::optional<std::string> name, address, config;
  std::optional<std::vector<std::string>> further_addresses;
  std::vector<std::pair<std::string, std::optional<std::string>>> secrets;  // nullopt removes; those not named stay
  std::optional<ChannelState> state;                                        // not failing: that is found out
  std::string_view act = "channel.update";                                  // in the ledger
  std::optional<std::string> sealed_secrets;                                // all of them as they were, to undo
};

// Errors: invalid "channel_name" / "channel_kind" / "channel_config" / "invalid_address", conflict "address_taken",
// denied.
Result<Channel> create_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                               const NewChannel& input);
Result<Channel> update_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                               ChannelId id, const ChannelChange& change);
// A channel that needs re-authorisation is tried again after any change of its settings, and what waits to be sent by
// it is due at once. Accepts nothing more and sends nothing; everything that it received stays.
Result<Channel> disable_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                                ChannelId id);
// What a source or a carrier found out about its own health. Writes nothing when it is known already.
Status record_channel_health(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                             ChannelState state, const std::string& detail);

// A secret of a channel that somebody else decides about, and what it was when that was found out.
struct OldSecret {
  std::string_view name, value;
};
// It is `value` from now on, of a secret that changes by itself. False: it is not `old` any more, and stays.
Result<bool> replace_secret(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                            const OldSecret& old, const std::string& value);
// The provider takes `refused` no more: the channel needs re-authorisation, with event and ledger entry. False: the
// secret is another meanwhile, or the channel is disabled or in that state already.
Result<bool> require_reauthorisation(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                                     const OldSecret& refused, const Error& why);

// By name. Without the right to see them: denied.
Result<std::vector<Channel>> list_channels(store::Session& session, WorkspaceId workspace);
Result<std::vector<Channel>> list_all_channels(store::Session& session);
Result<Channel> load_channel(store::Session& session, WorkspaceId workspace, ChannelId id);

// received = appended + duplicates + bounces + loops + quarantined + held + waiting, always.
struct ChannelStats {
  std::int64_t received = 0, waiting = 0, appended = 0, duplicates = 0, bounces = 0, loops = 0, quarantined = 0,
               held = 0;
  std::optional<Time> last_received_at;
  std::int64_t last_lag_ms = 0;  // of the last one: received to visible
};
Result<std::map<ChannelId, ChannelStats>> channel_stats(store::Session& session, WorkspaceId workspace);

// For a new key of the installation (app/replace_key.h): all rows at once, sealed under `to` instead of `from`, and
// what is kept of secrets that were written over. Returns how many channels open under neither; those stay as they are.
Result<std::int64_t> reseal_channels(store::Transaction& tx, std::string_view from, std::string_view to);

}  // namespace answerable::intake
