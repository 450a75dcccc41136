// Whom a request is for, before anybody has looked into the database: what one workspace asks waits behind what else
// it asks, and nobody else's. A credential is known by its hash once it has been good; all others are strangers.
// Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "access/actor.h"
#include "base/fair_queue.h"
#include "base/keyed_hash.h"
#include "http/api.h"
#include "net/http.h"

namespace answerable::http {

class Lanes {
 public:
  static constexpr std::size_t credentials_max = 50'000;  // remembered; with one more all are learned anew
  // Strangers share so many lanes, by network address: many addresses are not many turns.
  static constexpr std::uint64_t strangers = 8;

  Lanes(const ApiConfig& config, const intake::ChannelDirectory& channels);
  // Short, without any wait but for the lock. The operator and the health routes have lanes of their own; so have a
  // workspace's chat visitors, beside its people.
  Lane lane_of(const net::Request& request) const;
  static Lane lane_of(WorkspaceId workspace);  // its people and programs
  // The credential of this request is this actor's.
  void learn(const net::Request& request, const access::Actor& actor);

 private:
  std::uint64_t credential_of(const net::Request& request) const;  // 0: none

  const ApiConfig& config_;
  const intake::ChannelDirectory& channels_;
  const HashKey salt_ = random_hash_key();
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Lane> known_;
};

}  // namespace answerable::http
