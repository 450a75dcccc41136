#include "intake/undo_channel_act.h"

#include <algorithm>

#include "base/encoding.h"
#include "intake/channel_directory.h"
#include "mail/address.h"

namespace answerable::intake {
namespace {

std::unexpected<Error> changed_since() {
  return fail(ErrorKind::conflict, "changed_since", "It has changed since. Look at it, and decide there.");
}

std::vector<std::string> from_lines(std::string_view text) {
  std::vector<std::string> list;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return list;
}

// All addresses but the one that it writes from, which goes by itself.
std::vector<std::string> further_of(std::string_view lines, const std::string& address) {
  auto list = from_lines(lines);
  std::erase(list, mail::address_key(address));
  return list;
}

// As they were sealed, if they open still.
Result<std::string> kept_secrets(const ChannelDirectory& directory, const Channel& channel, std::string_view kept) {
  auto sealed = from_base64(kept);
  if (sealed && directory.open(channel.id, *sealed)) return *std::move(sealed);
  return fail(ErrorKind::conflict, "not_undoable",
              "The passwords that this channel had cannot be read: enter them again in its settings.");
}

Result<ChannelChange> change_back(const ChannelDirectory& directory, const Channel& channel,
                                  const std::vector<access::Overwritten>& fields) {
  const auto now = to_fields(channel);
  ChannelChange back;
  for (const auto& [field, before, after] : fields) {
    const auto found = std::ranges::find(now, field, &std::pair<std::string, std::string>::first);
    if (found == now.end() || found->second != after) return changed_since();
    if (field == "secrets") {
      TRY(back.sealed_secrets, kept_secrets(directory, channel, before));
    }
    if (field == "name") back.name = before;
    if (field == "address") back.address = before;
    if (field == "config") back.config = before;
    if (field == "state") back.state = before == "disabled" ? ChannelState::disabled : ChannelState::active;
  }
  const auto further = std::ranges::find(fields, "addresses", &access::Overwritten::field);
  if (further != fields.end())
    back.further_addresses = further_of(further->before, back.address.value_or(channel.address));
  return back;
}

}  // namespace

Status undo_channel_act(store::Transaction& tx, ChannelDirectory& directory, const access::Actor& by,
                        const audit::Act& act, const std::vector<access::Overwritten>& fields) {
  const auto id = ChannelId::parse(act.object_id);
  if (!id) return changed_since();
  TRY(const auto channel, load_channel(tx, by.workspace, *id));
  const bool is_disabled = channel.state == ChannelState::disabled;
  if (act.action == "channel.create") {
    if (is_disabled) return changed_since();
    TRY_STATUS(disable_channel(tx, directory, by, *id));
    return {};
  }
  ChannelChange back{.state = ChannelState::active};
  if (act.action == "channel.disable") {
    if (!is_disabled) return changed_since();
  } else {
    if (fields.empty())
      return fail(ErrorKind::conflict, "not_undoable", "This cannot be undone from here. Look at what it was about.");
    TRY(back, change_back(directory, channel, fields));
  }
  TRY_STATUS(update_channel(tx, directory, by, *id, back));
  return {};
}

}  // namespace answerable::intake
