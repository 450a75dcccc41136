// GET /messages/{id}/document
#include "http/mail_document.h"

#include <algorithm>

#include "access/authorize.h"
#include "conversations/thread.h"
#include "http/attachment_headers.h"
#include "http/reading.h"
#include "http/remote_images.h"
#include "http/reply.h"
#include "http/routes.h"
#include "mail/html_writer.h"

namespace answerable::http {
namespace {

// On paper in either theme: its sender chose its colours for a white ground.
constexpr std::string_view head =
    "<!doctype html><html><head><meta charset=\"utf-8\"><title>Mail</title><base target=\"_blank\"><style>"
    "html{color-scheme:light;background:#fff}"
    "body{margin:0;padding:12px;color:#211c1f;font:14px/20px system-ui,'Noto Sans',sans-serif;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}img:not([src]){display:none}"
    "body>div{overflow:visible!important}"  // the frame is the box
    "table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:8px 0;padding-inline-start:12px;border-inline-start:2px solid #857c72;color:#5c5458}"
    "a{color:#7a2a5e}"
    "</style></head><body dir=\"auto\">";
constexpr std::string_view tail = "</body></html>";
constexpr std::string_view inline_source = " data-cid=\"";
constexpr std::string_view source = " src=\"";

// Written anew and not in place: a stranger's mail can hold tens of thousands of pictures.
void replace_all(std::string& text, std::string_view from, std::string_view to) {
  auto found = text.find(from);
  if (found == std::string::npos) return;
  std::string all;
  all.reserve(text.size());
  std::size_t done = 0;
  for (; found != std::string::npos; found = text.find(from, done)) {
    all.append(text, done, found - done).append(to);
    done = found + from.size();
  }
  text = all.append(text, done);
}

// Gives the pictures that came with the mail their address here.
void show_attached(std::string& html, const conversations::Attachment& attachment) {
  if (attachment.content_id.empty() || !is_shown_inline(attachment.content_type)) return;
  std::string from(inline_source);
  mail::append_escaped(from, attachment.content_id);
  replace_all(html, from + '"', std::string(source) + "/api/v1/attachments/" + attachment.id.text() + '"');
}

Result<net::Response> document(Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY_STATUS(check_query(call, {"images"}));
  TRY(const auto images, query_number(call, "images", 0, 1));
  TRY(const auto message, call.api.database().query([&](store::Session& session) -> Result<conversations::Message> {
    TRY_STATUS(note_message(call, session, id));
    return conversations::load_message(session, call.actor.workspace, id);
  }));
  if (message.html.empty()) return fail(ErrorKind::not_found, "no_document", "This message came without formatting.");
  const auto pictures = images == 1 ? "/api/v1/messages/" + id.text() + "/images/" : std::string();
  auto response =
      net::Response::text(200, mail_document(message.html, message.attachments, pictures), "text/html; charset=utf-8");
  add_mail_document_headers(response.headers);
  return response;
}

}  // namespace

std::string mail_document(std::string_view html, const std::vector<conversations::Attachment>& attachments,
                          std::string_view pictures) {
  auto body = pictures.empty() ? std::string(html) : show_remote_images(html, pictures);
  for (const auto& attachment : attachments) show_attached(body, attachment);
  return std::string(head).append(body).append(tail);
}

// allow-same-origin without allow-scripts: our page may measure the frame and attached pictures come with the session,
// and still nothing in the mail can run.
void add_mail_document_headers(net::Headers& headers) {
  headers.set("Content-Security-Policy",
              "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
              "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src 'self'");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("X-DNS-Prefetch-Control", "off");  // or names in links would be looked up, which tells of the reading
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

void add_mail_document_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET", .path = "/messages/{id}/document", .needs = {"conversation", "read"}, .act = document});
}

}  // namespace answerable::http
