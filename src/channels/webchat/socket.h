// One visitor's WebSocket: frames in order, on a worker, one at a time; answers and pushes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "channels/webchat/service.h"
#include "net/websocket.h"

namespace answerable::channels::webchat {

// `token` (may be empty) came in the address; otherwise the first frame is a hello.
std::unique_ptr<net::WebSocketHandler> make_socket(Service& service, ChannelPtr channel, std::string token);

namespace close_code {
constexpr std::uint16_t session_ended = 4401, not_allowed = 4403,
                        channel_gone = 4404;  // private use (RFC 6455 section 7.4.2)
}

}  // namespace answerable::channels::webchat
