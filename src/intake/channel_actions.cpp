#include <algorithm>

#include "access/account_mail.h"
#include "access/authorize.h"
#include "audit/ledger.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "cluster/event_log.h"
#include "intake/channel.h"
#include "intake/channel_directory.h"
#include "intake/channel_table.h"
#include "intake/limits.h"
#include "mail/address.h"
#include "outbox/hasten.h"
#include "policy/entitlement.h"

namespace answerable::intake {

namespace {

Status check_text(const Channel& channel) {
  if (channel.name.empty() || channel.name.size() > channel_name_bytes_max || !is_valid_utf8(channel.name))
    return fail(ErrorKind::invalid, "channel_name", "A channel needs a name of 1 to 200 bytes.");
  if (channel.config.size() > channel_config_bytes_max || !is_valid_utf8(channel.config))
    return fail(ErrorKind::invalid, "channel_config", "The settings of a channel may have 32 KB at most.");
  return {};
}

// The address that it writes from and all others that mail is accepted for, as keys, each once.
Status set_addresses(Channel& channel, const std::vector<std::string>& further) {
  channel.addresses.clear();
  if (channel.kind != "email") return {};
  if (further.size() >= channel_addresses_max)
    return fail(ErrorKind::limited, "too_many_addresses", "A channel may have 200 addresses at most.");
  TRY(channel.address, mail::normalise_address(channel.address));
  channel.addresses.push_back(mail::address_key(channel.address));
  for (const auto& address : further) {
    TRY(auto normal, mail::normalise_address(address));
    channel.addresses.push_back(mail::address_key(normal));
  }
  std::ranges::sort(channel.addresses);
  auto twice = std::ranges::unique(channel.addresses);
  channel.addresses.erase(twice.begin(), twice.end());
  return {};
}

Status record(store::Transaction& tx, const Channel& channel, const access::Actor& actor, std::string_view action,
              const std::vector<access::Overwritten>& overwritten = {}) {
  TRY_STATUS(
      access::enter_overwriting(tx,
                                {.workspace = channel.workspace,
                                 .actor = actor.for_ledger(),
                                 .action = action,
                                 .object_kind = "channel",
                                 .object_id = channel.id.text(),
                                 .details = {{"kind", channel.kind}, {"version", std::to_string(channel.version)}}},
                                overwritten));
  auto actor_id = actor.id_text();
  TRY_STATUS(cluster::append_event(tx, {.workspace = channel.workspace,
                                        .kind = "channel_changed",
                                        .conversation = std::nullopt,
                                        .message = std::nullopt,
                                        .actor_kind = actor.kind_name(),
                                        .actor_id = actor_id}));
  return {};
}

void tell_after_commit(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel) {
  tx.on_commit([&directory, channel] { directory.put(channel); });
}

Status set_state(Channel& channel, const ChannelChange& change) {
  if (change.state == ChannelState::failing)
    return fail(ErrorKind::invalid, "channel_state", "A channel can be set to active or disabled.");
  const bool is_tried_again =
      channel.state == ChannelState::needs_reauthorisation && (change.config || !change.secrets.empty());
  if (!change.state && !is_tried_again) return {};
  channel.state = change.state.value_or(ChannelState::active);
  channel.state_detail.clear();
  return {};
}

Status merge_secrets(ChannelDirectory& directory, Channel& channel, const ChannelChange& change) {
  if (change.secrets.empty()) return {};
  // Old ones that do not open any more (another key) are replaced by what is given now.
  auto all = directory.secrets(channel).value_or(Secrets{});
  for (const auto& [name, value] : change.secrets) {
    std::erase_if(all, [&](const auto& entry) { return entry.first == name; });
    if (value) all.emplace_back(name, *value);
  }
  channel.sealed_secrets = directory.seal(channel.id, all);
  return {};
}

// The secrets that are written over are kept as they are sealed; that they stand as the change left them is seen by
// their hash (to_fields).
std::vector<access::Overwritten> overwritten(const access::Fields& before, const std::string& sealed_before,
                                             const Channel& now) {
  auto fields = access::written_over(before, to_fields(now));
  for (auto& one : fields) {
    const bool is_kept = one.field == "secrets" && one.before != one.after;
    if (is_kept) one.before = to_base64(sealed_before);
  }
  return fields;
}

// After the change of this one, which is undone with the transaction when it is one too many.
Status judge_channels(store::Session& session, const Channel& channel) {
  if (channel.state == ChannelState::disabled) return {};
  TRY_STATUS(policy::judge_feature(session, channel.workspace, channel.kind));
  TRY(const auto used, count_channels_in_use(session, channel.workspace));
  return policy::judge_channels(session, channel.workspace, used);
}

}  // namespace

access::Fields to_fields(const Channel& channel) {
  std::string addresses;
  for (const auto& one : channel.addresses) addresses += one + "\n";
  return {{"name", channel.name},
          {"address", channel.address},
          {"addresses", addresses},
          {"config", channel.config},
          {"state", std::string(to_string(channel.state))},
          {"secrets", to_hex(as_bytes(sha256(channel.sealed_secrets)))}};
}

std::string_view to_string(ChannelState state) {
  switch (state) {
    case ChannelState::active: return "active";
    case ChannelState::disabled: return "disabled";
    case ChannelState::failing: return "failing";
    case ChannelState::needs_reauthorisation: return "needs_reauthorisation";
  }
  return "disabled";
}

std::optional<ChannelState> parse_channel_state(std::string_view text) {
  for (auto state :
       {ChannelState::active, ChannelState::disabled, ChannelState::failing, ChannelState::needs_reauthorisation})
    if (to_string(state) == text) return state;
  return std::nullopt;
}

Result<Channel> create_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                               const NewChannel& input) {
  TRY_STATUS(access::authorize(actor, "channel", "create"));
  if (input.kind != "email" && input.kind != "webchat")
    return fail(ErrorKind::invalid, "channel_kind", "The kind of a channel is email or webchat.");
  Channel channel;
  channel.workspace = actor.workspace;
  channel.id = ChannelId::make(tx.clock());
  channel.kind = input.kind;
  channel.name = one_line(input.name, channel_name_bytes_max + 1);
  channel.address = input.address;
  channel.config = input.config;
  channel.sealed_secrets = directory.seal(channel.id, input.secrets);
  channel.created_at = channel.updated_at = tx.now();
  channel.state = input.state;
  TRY_STATUS(check_text(channel));
  TRY_STATUS(set_addresses(channel, input.further_addresses));
  TRY_STATUS(insert_channel_row(tx, channel));
  TRY_STATUS(write_channel_addresses(tx, channel));
  TRY_STATUS(judge_channels(tx, channel));
  TRY_STATUS(record(tx, channel, actor, "channel.create"));
  tell_after_commit(tx, directory, channel);
  return channel;
}

Result<Channel> update_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                               ChannelId id, const ChannelChange& change) {
  TRY_STATUS(access::authorize(actor, "channel", "update"));
  TRY(auto channel, load_channel(tx, actor.workspace, id));
  const auto before = to_fields(channel);
  const auto sealed_before = channel.sealed_secrets;
  const bool waited = channel.state == ChannelState::needs_reauthorisation;
  const bool was_disabled = channel.state == ChannelState::disabled;
  if (change.name) channel.name = one_line(*change.name, channel_name_bytes_max + 1);
  if (change.config) channel.config = *change.config;
  TRY_STATUS(set_state(channel, change));
  TRY_STATUS(merge_secrets(directory, channel, change));
  if (change.sealed_secrets) channel.sealed_secrets = *change.sealed_secrets;
  TRY_STATUS(check_text(channel));
  if (change.address || change.further_addresses) {
    auto former_key = mail::address_key(channel.address);
    auto further = channel.addresses;
    std::erase(further, former_key);
    if (change.further_addresses) further = *change.further_addresses;
    if (change.address) channel.address = *change.address;
    TRY_STATUS(set_addresses(channel, further));
    TRY_STATUS(write_channel_addresses(tx, channel));
  }
  ++channel.version;
  channel.updated_at = tx.now();
  TRY_STATUS(update_channel_row(tx, channel));
  if (was_disabled) TRY_STATUS(judge_channels(tx, channel));
  if (waited && channel.state == ChannelState::active)
    TRY_STATUS(outbox::hasten_channel(tx, channel.workspace, channel.id));
  TRY_STATUS(record(tx, channel, actor, change.act, overwritten(before, sealed_before, channel)));
  tell_after_commit(tx, directory, channel);
  return channel;
}

Result<Channel> disable_channel(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& actor,
                                ChannelId id) {
  TRY_STATUS(access::authorize(actor, "channel", "disable"));
  TRY(auto channel, load_channel(tx, actor.workspace, id));
  if (channel.state == ChannelState::disabled) return channel;
  channel.state = ChannelState::disabled;
  channel.state_detail.clear();
  ++channel.version;
  channel.updated_at = tx.now();
  TRY_STATUS(update_channel_row(tx, channel));
  TRY_STATUS(record(tx, channel, actor, "channel.disable"));
  tell_after_commit(tx, directory, channel);
  return channel;
}

Status record_channel_health(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                             ChannelState state, const std::string& detail) {
  TRY(auto now, load_channel(tx, channel.workspace, channel.id));
  const bool is_a_persons = now.state == ChannelState::disabled || now.state == ChannelState::needs_reauthorisation;
  if (is_a_persons || (now.state == state && now.state_detail == detail)) return {};
  now.state = state;
  now.state_detail = one_line(detail, 500);
  ++now.version;
  now.updated_at = tx.now();
  TRY_STATUS(update_channel_row(tx, now));
  TRY_STATUS(cluster::append_event(tx, {.workspace = now.workspace,
                                        .kind = "channel_changed",
                                        .conversation = std::nullopt,
                                        .message = std::nullopt,
                                        .actor_kind = "system",
                                        .actor_id = ""}));
  tell_after_commit(tx, directory, now);
  return {};
}

Result<bool> replace_secret(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                            const OldSecret& old, const std::string& value) {
  TRY(auto now, load_channel(tx, channel.workspace, channel.id));
  TRY(const auto stored, directory.secret(now, old.name));
  if (stored != old.value) return false;
  ChannelChange change;
  change.secrets.emplace_back(old.name, value);
  TRY_STATUS(merge_secrets(directory, now, change));
  ++now.version;
  now.updated_at = tx.now();
  TRY_STATUS(update_channel_row(tx, now));
  tell_after_commit(tx, directory, now);
  return true;
}

Result<bool> require_reauthorisation(store::Transaction& tx, ChannelDirectory& directory, const Channel& channel,
                                     const OldSecret& refused, const Error& why) {
  TRY(auto now, load_channel(tx, channel.workspace, channel.id));
  TRY(const auto stored, directory.secret(now, refused.name));
  const bool is_a_persons = now.state == ChannelState::disabled || now.state == ChannelState::needs_reauthorisation;
  if (is_a_persons || stored != refused.value) return false;
  now.state = ChannelState::needs_reauthorisation;
  now.state_detail = one_line(why.detail, 500);
  ++now.version;
  now.updated_at = tx.now();
  TRY_STATUS(update_channel_row(tx, now));
  TRY_STATUS(record(tx, now, access::system_actor(now.workspace), "channel.needs_reauthorisation"));
  access::AccountMail alert{.workspace = now.workspace, .kind = access::LetterKind::mailbox_refused};
  alert.about = now.name;
  TRY_STATUS(access::queue_administrators_mail(tx, alert));
  tell_after_commit(tx, directory, now);
  return true;
}

}  // namespace answerable::intake
