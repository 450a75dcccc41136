// What /metrics says of the web server, its workers and the channels.
#pragma once

#include "base/metrics.h"
#include "intake/channel_directory.h"
#include "net/server.h"
#include "net/worker_pool.h"

namespace answerable::app {

struct WatchedParts {  // all outlive the metrics' last answer
  const net::HttpServerFigures& web;
  net::WorkerPool& workers;
  intake::ChannelDirectory& channels;
};
void watch_figures(Metrics& metrics, const WatchedParts& parts);

}  // namespace answerable::app
