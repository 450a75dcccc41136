#include "outbox/delivery.h"

#include <algorithm>
#include <array>
#include <utility>

namespace answerable::outbox {
namespace {

constexpr std::array names{
    std::pair{DeliveryState::queued, std::string_view("queued")},
    std::pair{DeliveryState::sending, std::string_view("sending")},
    std::pair{DeliveryState::sent, std::string_view("sent")},
    std::pair{DeliveryState::delivered, std::string_view("delivered")},
    std::pair{DeliveryState::failed, std::string_view("failed")},
    std::pair{DeliveryState::unknown, std::string_view("unknown")},
    std::pair{DeliveryState::dead, std::string_view("dead")},
    std::pair{DeliveryState::cancelled, std::string_view("cancelled")},
    std::pair{DeliveryState::held, std::string_view("held")},
};

}  // namespace

std::string_view to_string(DeliveryState state) {
  for (const auto& [value, name] : names) {
    if (value == state) return name;
  }
  return "unknown";
}

std::optional<DeliveryState> parse_delivery_state(std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::vector<std::string> OutboundMessage::recipients() const {
  std::vector<std::string> all;
  for (const auto* list : {&to, &cc, &bcc}) {
    for (const auto& address : *list) {
      if (std::ranges::find(all, address) == all.end()) all.push_back(address);
    }
  }
  return all;
}

}  // namespace answerable::outbox
