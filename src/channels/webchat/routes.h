// The public HTTP side of the web chat: /webchat/v1/{channel_id}/… with CORS by the channel's allowed origins, and the
// demo page.
#pragma once

#include "channels/webchat/service.h"
#include "net/router.h"

namespace answerable::channels::webchat {

void register_routes(net::Router& router, Service& service);
// GET /demo/chat: a shop's page with the widget of `channel` on it. Only for demo installations.
void register_demo_page(net::Router& router, ChannelId channel);

}  // namespace answerable::channels::webchat
