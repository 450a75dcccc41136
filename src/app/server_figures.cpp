#include "app/server_figures.h"

#include <algorithm>

namespace answerable::app {

void watch_figures(Metrics& metrics, const WatchedParts& parts) {
  auto watch = [&](std::string_view name, std::string_view help, const auto& figure) {
    metrics.watch(name, help, [&figure] { return static_cast<std::int64_t>(figure.load()); });
  };
  const auto& web = parts.web;
  watch("answerable_http_connections", "Open connections to the web server", web.connections);
  watch("answerable_http_websockets", "Live screens and chats", web.websockets);
  watch("answerable_http_in_flight", "Requests that are being answered", web.requests_in_flight);
  watch("answerable_http_requests", "Requests since the start", web.requests);
  watch("answerable_http_malformed", "Requests since the start that were no HTTP", web.malformed);
  watch("answerable_http_timeouts", "Connections since the start that were too slow", web.timeouts);
  watch("answerable_http_refused", "Connections since the start beyond the limit", web.connections_refused);
  watch("answerable_http_queue_full", "Requests since the start for which no worker was free", web.queue_full);
  metrics.watch("answerable_channels_needing_reauthorisation", "Mail channels whose provider gives no access any more",
                [&channels = parts.channels] {
                  const auto mail = channels.of_kind("email");
                  return std::int64_t{std::ranges::count(mail, intake::ChannelState::needs_reauthorisation,
                                                         [](const auto& channel) { return channel->state; })};
                });
  metrics.watch("answerable_workers_waiting", "Requests that wait for a worker",
                [&workers = parts.workers] { return static_cast<std::int64_t>(workers.queue_depth()); });
}

}  // namespace answerable::app
