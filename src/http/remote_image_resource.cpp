// GET /messages/{id}/images/{number}: a picture of that message from a stranger's server, fetched by us. What may be
// fetched is what stands in the stored message, so the address needs no signature; who may read the message may see it.
#include <charconv>

#include "conversations/thread.h"
#include "http/attachment_headers.h"
#include "http/remote_images.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

Result<std::string> address_of(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(const auto message, call.api.database().query([&](store::Session& session) {
    return conversations::load_message(session, call.actor.workspace, id);
  }));
  const auto text = call.request.path_parameter("number");
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  auto addresses = remote_images(message.html);
  if (error != std::errc{} || end != text.data() + text.size() || number >= addresses.size())
    return fail(ErrorKind::not_found, "no_such_picture", "The message has no such picture.");
  return std::move(addresses[number]);
}

Result<net::Response> show(Call& call) {
  TRY(const auto address, address_of(call));
  TRY(const auto picture, call.api.images.get(call.actor.workspace.text(), address));
  net::Response response;
  response.shared_body = std::shared_ptr<const std::string>(picture, &picture->bytes);
  add_inert_headers(response.headers);
  response.headers.set("Content-Type", picture->type);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_remote_image_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET",
             .path = "/messages/{id}/images/{number}",
             .needs = {"conversation", "read"},
             .act = show,
             .runs = Runs::fetching});
}

}  // namespace answerable::http
