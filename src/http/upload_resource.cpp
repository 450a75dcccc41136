// POST /uploads: bytes for a message that is being written. The body is the file itself.
#include "base/encoding.h"
#include "conversations/attachments.h"
#include "http/attachment_headers.h"
#include "http/idempotency.h"
#include "http/remote_images.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr std::size_t content_type_bytes_max = 127;

// A picture is what its bytes say, whatever it is called: it may be shown within a text, here and at the customer's.
std::string true_type(const std::string& said, std::string_view bytes) {
  if (const auto type = image_type(bytes); !type.empty()) return std::string(type);
  return is_shown_inline(said) ? "application/octet-stream" : said;
}

Result<net::Response> upload(Call& call) {
  TRY_STATUS(check_query(call, {"filename", "content_type"}));
  conversations::NewUpload given{.filename = call.request.query_parameter("filename").value_or(""),
                                 .content_type = call.request.query_parameter("content_type").value_or(""),
                                 .size = static_cast<std::int64_t>(call.request.body.size())};
  if (given.filename.empty() || given.filename.size() > conversations::filename_max_bytes)
    return fail(ErrorKind::invalid, "bad_query", "filename has 1 to 255 bytes.");
  if (given.content_type.empty()) given.content_type = "application/octet-stream";
  if (given.content_type.size() > content_type_bytes_max)
    return fail(ErrorKind::invalid, "bad_query", "content_type has at most 127 bytes.");
  if (call.request.body.empty()) return fail(ErrorKind::invalid, "upload_empty", "The body is the file; it is empty.");
  given.content_type = true_type(given.content_type, call.request.body);
  TRY(const auto stored, call.api.parts.blobs.put(call.request.body));  // held until the row is committed
  given.blob = stored.digest;
  return write_once(call, [&](store::Transaction& tx) -> Result<Produced> {
    TRY(const auto attachment, conversations::create_upload(tx, call.actor, given));
    JsonWriter out;
    out.begin_object();
    out.member("id", attachment.id).member("filename", attachment.filename);
    out.member("content_type", attachment.content_type).member("size", attachment.size);
    out.member("sha256", to_hex(as_bytes(given.blob))).end_object();
    return Produced{.response = json_response(201, out)};
  });
}

}  // namespace

void add_upload_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "POST",
             .path = "/uploads",
             .needs = {"attachment", "upload"},
             .act = upload,
             .rate = RateClass::upload,
             .body = BodyKind::raw,
             .body_bytes_max = static_cast<std::size_t>(conversations::upload_max_bytes)});
}

}  // namespace answerable::http
