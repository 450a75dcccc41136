#include "http/recipients_json.h"

#include <algorithm>

#include "intake/channel_directory.h"
#include "mail/address.h"
#include "outbox/enqueue.h"

namespace answerable::http {
namespace {

constexpr TextLimits address_limits{.bytes_min = 1, .bytes_max = 254};

std::vector<std::string> read_list(const Call& call, JsonReader& body, std::string_view field,
                                   std::vector<std::string>& named) {
  auto addresses = body.texts(field, address_limits, outbox::recipients_max).value_or(std::vector<std::string>());
  check_addresses(call, body, field, addresses);
  std::erase_if(addresses, [&](const std::string& address) {
    auto key = mail::address_key(address);
    if (std::ranges::find(named, key) != named.end()) return true;
    named.push_back(std::move(key));
    return false;
  });
  return addresses;
}

}  // namespace

std::vector<std::string> own_addresses(ApiContext& api, WorkspaceId workspace) {
  std::vector<std::string> own;
  for (const auto& channel : api.parts.channels.of_kind("email")) {
    if (channel->workspace == workspace) own.push_back(mail::address_key(channel->address));
  }
  std::ranges::sort(own);
  return own;
}

void check_addresses(const Call& call, JsonReader& body, std::string_view field, std::vector<std::string>& addresses) {
  const auto own = own_addresses(call.api, call.actor.workspace);
  for (auto& address : addresses) {
    auto normal = mail::normalise_address(address);
    if (!normal || !mail::is_valid_address(*normal)) {
      body.refuse(field, "not_allowed", "“" + address + "” is not a mail address.");
    } else if (std::ranges::binary_search(own, intake::without_tag(mail::address_key(*normal)))) {
      body.refuse(field, "own_address",
                  "“" + address + "” is an address of this workspace: what goes there would come back here.");
    } else {
      address = *std::move(normal);
    }
  }
}

GivenRecipients read_copies(const Call& call, JsonReader& body, std::string_view to) {
  std::vector<std::string> named{mail::address_key(to)};
  GivenRecipients given;
  given.cc = read_list(call, body, "cc", named);
  given.bcc = read_list(call, body, "bcc", named);
  return given;
}

GivenRecipients read_recipients(const Call& call, JsonReader& body) {
  std::vector<std::string> named;
  GivenRecipients given;
  given.to = read_list(call, body, "to", named);
  given.cc = read_list(call, body, "cc", named);
  given.bcc = read_list(call, body, "bcc", named);
  return given;
}

}  // namespace answerable::http
