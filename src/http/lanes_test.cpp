#include "http/lanes.h"

#include <doctest/doctest.h>

#include <set>

using namespace answerable;
using namespace answerable::http;

namespace {

net::Request request(std::string_view bearer, std::string address = "192.0.2.1") {
  net::Request one;
  one.method = "GET";
  one.path = "/api/v1/conversations";
  one.peer_address = std::move(address);
  if (!bearer.empty()) one.headers.add("Authorization", "Bearer " + std::string(bearer));
  return one;
}

struct Traffic {
  FakeClock clock;
  ApiConfig config;
  intake::ChannelDirectory channels{std::string(32, 's')};
  Lanes lanes{config, channels};

  access::Actor actor(WorkspaceId workspace) {
    access::Actor one;
    one.kind = access::Actor::Kind::api_key;
    one.workspace = workspace;
    return one;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Traffic, "all credentials of a workspace are one lane, once they have been good") {
  const auto shop = WorkspaceId::make(clock), other = WorkspaceId::make(clock);
  const auto before = lanes.lane_of(request("ak_one"));
  CHECK(before == lanes.lane_of(request("ak_unknown")));  // a stranger yet
  lanes.learn(request("ak_one"), actor(shop));
  lanes.learn(request("ak_two"), actor(shop));
  lanes.learn(request("ak_three"), actor(other));
  CHECK(lanes.lane_of(request("ak_one")) == lanes.lane_of(request("ak_two", "198.51.100.7")));
  CHECK(lanes.lane_of(request("ak_one")) == Lanes::lane_of(shop));
  CHECK(lanes.lane_of(request("ak_three")) != lanes.lane_of(request("ak_one")));
  lanes.learn(request("ak_op"), actor({}));
  CHECK(lanes.lane_of(request("ak_op")) == Lanes::lane_of(WorkspaceId{}));
}

TEST_CASE_FIXTURE(Traffic, "strangers share a few lanes, however many addresses they have and whatever they claim") {
  std::set<Lane> seen;
  for (int i = 0; i < 1'000; ++i)
    seen.insert(lanes.lane_of(
        request("ak_" + std::to_string(i), "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250))));
  CHECK(seen.size() <= Lanes::strangers);
  CHECK(seen.size() > 1);
}

TEST_CASE_FIXTURE(Traffic,
                  "health and the visitors of each chat have lanes of their own, and an invented chat has none") {
  auto health = request("");
  health.path = "/readyz";
  CHECK(lanes.lane_of(health) > Lanes::strangers);
  intake::Channel chat;
  chat.id = ChannelId::make(clock);
  chat.workspace = WorkspaceId::make(clock);
  chat.kind = "webchat";
  channels.put(chat);
  auto visit = request("");
  visit.path = "/webchat/v1/" + chat.id.text() + "/messages";
  visit.path_parameters = {{"channel_id", chat.id.text()}};
  CHECK(lanes.lane_of(visit) > Lanes::strangers);
  CHECK(lanes.lane_of(visit) != Lanes::lane_of(chat.workspace));
  visit.path_parameters = {{"channel_id", ChannelId::make(clock).text()}};
  CHECK(lanes.lane_of(visit) <= Lanes::strangers);
}

TEST_CASE_FIXTURE(Traffic, "so many credentials are remembered; with one more they are learned anew") {
  const auto shop = WorkspaceId::make(clock);
  for (std::size_t i = 0; i < Lanes::credentials_max; ++i) lanes.learn(request(std::to_string(i)), actor(shop));
  CHECK(lanes.lane_of(request("0")) == Lanes::lane_of(shop));
  lanes.learn(request("one more"), actor(shop));
  CHECK(lanes.lane_of(request("0")) <= Lanes::strangers);
  CHECK(lanes.lane_of(request("one more")) == Lanes::lane_of(shop));
}
