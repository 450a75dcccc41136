// Fetches pictures of mails from strangers' servers in the place of the reader, of whom they learn nothing: neither
// cookie nor Referer nor address, and of several readings the first only, for what was fetched is kept for a while.
// Thread-safe; get() blocks on the server, so it runs on the proxy's own threads and not on those of the API.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "net/fetch.h"
#include "net/worker_pool.h"

namespace answerable::http {

struct Picture {
  std::string bytes;
  std::string_view type;
};

class ImageProxy {
 public:
  using MayReach = std::function<Status(const net::IpAddress&)>;
  static constexpr std::size_t threads = 4;
  static constexpr std::size_t waiting_max = 400;
  static constexpr std::size_t kept_bytes_max = 32UL << 20;  // of all pictures together
  static constexpr std::int64_t kept_ms_max = 24LL * 3600 * 1000;

  ImageProxy(const Clock& clock, MayReach may_reach) : clock_(clock), may_reach_(std::move(may_reach)) {}

  // Errors: those of net::fetch(); invalid "no_picture" for what is no picture that a browser shows safely. `owner`
  // keeps the workspaces apart: one must not learn from the time it takes what another has read.
  Result<std::shared_ptr<const Picture>> get(std::string_view owner, const std::string& url);

  [[nodiscard]] bool submit(Lane lane, net::WorkerPool::Job job) { return pool_.submit(lane, std::move(job)); }
  void stop() { stop_.request_stop(); }  // ends what is under way, soon

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<const Picture> picture;
    Time since;
  };
  std::shared_ptr<const Picture> find(const std::string& key);
  void keep(std::string key, std::shared_ptr<const Picture> picture);
  void drop(std::list<Kept>::iterator kept);

  const Clock& clock_;
  const MayReach may_reach_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::list<Kept> kept_;  // the one that was asked for last stands first
  std::unordered_map<std::string, std::list<Kept>::iterator> by_key_;
  std::size_t kept_bytes_ = 0;
  net::WorkerPool pool_{threads, waiting_max};  // last: its jobs use all the others
};

}  // namespace answerable::http
