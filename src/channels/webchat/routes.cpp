#include "channels/webchat/routes.h"

#include <boost/json.hpp>
#include <charconv>
#include <future>

#include "channels/webchat/limits.h"
#include "channels/webchat/socket.h"
#include "net/address.h"

namespace answerable::channels::webchat {

namespace json = boost::json;

namespace {

constexpr std::size_t small_body_max = 64UL * 1024;

// What each handler gets: the channel, and an origin that was let in.
struct Entered {
  ChannelPtr channel;
  std::string origin;
};

using Inner = std::function<Result<net::Response>(const net::Request&, const Entered&)>;

std::string origin_of(const net::Request& request) { return std::string(request.header("Origin").value_or("")); }

void allow_origin(net::Response& response, const std::string& origin) {
  response.headers.set("Vary", "Origin");
  if (origin.empty()) return;
  response.headers.set("Access-Control-Allow-Origin", origin);
  response.headers.set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
}

net::Response json_response(int status, std::string body) {
  auto response = net::Response::text(status, std::move(body), "application/json");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

net::Response refusal(const Error& error, const net::Request& request) {
  int status = net::default_status(error.kind);
  if (error.code == "file_too_large") status = 413;
  // Not because of this visitor, and the server is what must change.
  if (error.code == "storage_full" || error.code == "storage_low" || error.code == "intake_full" ||
      error.code == "write_queue_full")
    status = 503;
  auto response = net::default_error_answer(error, {status, request.request_id});
  if (status == 429 || status == 503) response.headers.set("Retry-After", "2");
  return response;
}

std::string bearer(const net::Request& request) {
  auto header = request.header("Authorization").value_or("");
  constexpr std::string_view scheme = "Bearer ";
  return header.size() > scheme.size() && net::equals_ignoring_case(header.substr(0, scheme.size()), scheme)
             ? std::string(header.substr(scheme.size()))
             : std::string();
}

// Wraps a handler: rate, channel, origin, errors and CORS headers are the same for all.
net::Handler guarded(Service& service, Inner inner) {
  return [&service, inner = std::move(inner)](const net::Request& request) {
    auto run = [&]() -> Result<net::Response> {
      if (!service.may_ask(request.peer_address))
        return fail(ErrorKind::limited, "rate_limited", "Too many requests: wait a moment, then try again.");
      TRY(auto channel, service.enter(request.path_parameter("channel_id"), origin_of(request)));
      return inner(request, {channel, origin_of(request)});
    };
    auto result = run();
    auto response = result ? *std::move(result) : refusal(result.error(), request);
    const bool is_open = result || result.error().code != "origin_not_allowed";
    allow_origin(response, is_open ? origin_of(request) : std::string());
    return response;
  };
}

Result<net::Response> config(const net::Request&, const Entered& in) {
  auto settings = read_settings(in.channel->config);
  auto response = json_response(200, json::serialize(json::object{{"name", in.channel->name},
                                                                  {"greeting", settings.greeting},
                                                                  {"color", settings.color},
                                                                  {"language", settings.language}}));
  response.headers.set("Cache-Control", "public, max-age=60");
  return response;
}

Result<net::Response> open_session(Service& service, const net::Request& request, const Entered& in) {
  std::string token;
  std::string identity;
  if (!request.body.empty()) {
    boost::system::error_code failed;
    auto parsed = json::parse(request.body, failed);
    if (failed || !parsed.is_object())
      return fail(ErrorKind::invalid, "body_malformed", "The body is one JSON object.");
    for (const auto& [name, value] : parsed.get_object()) {
      if (value.is_null()) continue;
      if (!value.is_string() || (name != "token" && name != "identity"))
        return fail(ErrorKind::invalid, "body_malformed", "Known fields are \"token\" and \"identity\", both text.");
      (name == "token" ? token : identity) = std::string(value.get_string());
    }
  }
  TRY(auto opened, service.open_session(*in.channel, token, identity, request.peer_address));
  json::object visitor{{"id", opened.session.visitor().text()}};
  if (!opened.session.name().empty()) visitor["name"] = opened.session.name();
  return json_response(201, json::serialize(json::object{{"token", opened.token},
                                                         {"visitor", std::move(visitor)},
                                                         {"expires_at", to_rfc3339(opened.expires_at)}}));
}

Result<net::Response> post_message(Service& service, const net::Request& request, const Entered& in) {
  TRY(auto visitor, service.find_session(*in.channel, bearer(request)));
  TRY(auto frame, parse_message_body(request.body));
  auto client_id = frame.client_id;
  // The request waits for the commit on its worker thread.
  auto stored = std::make_shared<std::promise<Result<Numbered>>>();
  auto answer = stored->get_future();
  service.receive(visitor, std::move(frame), nullptr, request.peer_address,
                  [stored](Result<Numbered> numbered) { stored->set_value(std::move(numbered)); });
  TRY(auto numbered, answer.get());
  return json_response(201, accepted_frame(client_id, numbered.seq, numbered.at));
}

Result<net::Response> list_messages(Service& service, const net::Request& request, const Entered& in) {
  TRY(auto visitor, service.find_session(*in.channel, bearer(request)));
  std::int64_t after = 0;
  if (auto text = request.query_parameter("after")) {
    auto parsed = std::from_chars(text->data(), text->data() + text->size(), after);
    if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size() || after < 0)
      return fail(ErrorKind::invalid, "bad_after", "\"after\" is the number of the last line that you have.");
  }
  TRY(auto transcript, service.load(visitor, after));
  return json_response(200, message_list(transcript));
}

Result<net::Response> upload(Service& service, const net::Request& request, const Entered& in) {
  TRY(auto visitor, service.find_session(*in.channel, bearer(request)));
  auto content_type =
      request.query_parameter("content_type").value_or(std::string(request.header("Content-Type").value_or("")));
  NewFile given{.filename = request.query_parameter("filename").value_or("file"),
                .content_type = std::move(content_type),
                .bytes = request.body};
  TRY(auto file, service.upload(visitor, std::move(given), request.peer_address));
  return json_response(201, json::serialize(json::object{{"id", file.id.text()},
                                                         {"filename", file.filename},
                                                         {"content_type", file.content_type},
                                                         {"size", file.size},
                                                         {"url", service.file_url(in.channel->id, file.id)}}));
}

// Files of strangers, made inert: never HTML in our origin, never a script.
Result<net::Response> download(Service& service, const net::Request& request) {
  if (!service.may_ask(request.peer_address))
    return fail(ErrorKind::limited, "rate_limited", "Too many requests: wait a moment, then try again.");
  TRY(auto channel, service.enter(request.path_parameter("channel_id"), ""));
  auto id = FileId::parse(request.path_parameter("file_id"));
  if (!id) return fail(ErrorKind::not_found, "no_such_file", "There is no such file.");
  TRY(auto file, service.find_file_by_key(*channel, *id, request.query_parameter("key").value_or("")));
  TRY(auto bytes, service.parts().blobs.get(file.blob));
  const bool is_picture = file.content_type == "image/png" || file.content_type == "image/jpeg" ||
                          file.content_type == "image/gif" || file.content_type == "image/webp";
  auto response =
      net::Response::text(200, std::move(bytes), is_picture ? file.content_type : "application/octet-stream");
  response.headers.set("Content-Disposition", std::string(is_picture ? "inline" : "attachment") +
                                                  "; filename*=UTF-8''" + net::percent_encode(file.filename));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

net::Response preflight(Service& service, const net::Request& request) {
  net::Response response;
  response.status = 204;
  auto channel = service.enter(request.path_parameter("channel_id"), origin_of(request));
  allow_origin(response, channel ? origin_of(request) : std::string());
  response.headers.set("Access-Control-Allow-Methods", "GET, POST");
  response.headers.set("Access-Control-Allow-Headers", "authorization, content-type");
  response.headers.set("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace

void register_routes(net::Router& router, Service& service) {
  const std::string base = "/webchat/v1/{channel_id}";
  const net::RouteOptions small{.max_body_bytes = small_body_max};
  const net::RouteOptions large{.max_body_bytes = file_bytes_max, .timeout_ms = 120'000};
  auto with = [&service](auto function) {
    return guarded(service, [&service, function](const net::Request& request, const Entered& in) {
      return function(service, request, in);
    });
  };
  router.add("GET", base + "/config", guarded(service, config), small);
  router.add("POST", base + "/sessions", with(open_session), small);
  router.add("POST", base + "/messages", with(post_message), small);
  router.add("GET", base + "/messages", with(list_messages), small);
  router.add("POST", base + "/uploads", with(upload), large);
  router.add("GET", base + "/files/{file_id}", [&service](const net::Request& request) {
    auto response = download(service, request);
    return response ? *std::move(response) : refusal(response.error(), request);
  });
  for (auto path : {"/config", "/sessions", "/messages", "/uploads"})
    router.add(
        "OPTIONS", base + path, [&service](const net::Request& request) { return preflight(service, request); }, small);
  net::WebSocketOptions socket_options;
  socket_options.max_message_bytes = frame_bytes_max;
  router.add_websocket(
      base + "/live",
      [&service](const net::Request& request) -> Result<std::unique_ptr<net::WebSocketHandler>> {
        if (!service.may_ask(request.peer_address))
          return fail(ErrorKind::limited, "rate_limited", "Too many requests: wait a moment, then try again.");
        TRY(auto channel, service.enter(request.path_parameter("channel_id"), origin_of(request)));
        return make_socket(service, channel, request.query_parameter("token").value_or(""));
      },
      socket_options);
}

}  // namespace answerable::channels::webchat
