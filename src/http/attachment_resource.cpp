// GET /attachments/{id}: a stranger's file, with headers that make it inert in a browser.
#include <algorithm>
#include <array>

#include "conversations/attachments.h"
#include "http/attachment_headers.h"
#include "http/reading.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr std::array<std::string_view, 4> inline_types{"image/png", "image/jpeg", "image/gif", "image/webp"};

// What a browser might run or render as a page is handed over as mere bytes.
constexpr std::array<std::string_view, 8> active_words{"html", "xml",   "svg",  "script",
                                                       "pdf",  "flash", "java", "mathml"};

bool is_token_type(std::string_view type) {
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == type.size() || type.size() > 127) return false;
  return std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/.+-_").find(c) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text.substr(0, text.find(';')));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

Result<net::Response> download(Call& call) {
  TRY(const auto id, path_id<AttachmentId>(call));
  TRY(const auto attachment,
      call.api.database().query([&](store::Session& session) -> Result<conversations::Attachment> {
        TRY(auto found, conversations::load_attachment(session, call.actor, id));
        if (!found.message.is_nil()) TRY_STATUS(note_attachment(call, session, found.message, id));
        return found;
      }));
  TRY(auto bytes, call.api.parts.blobs.get(attachment.blob));
  net::Response response;
  response.shared_body = std::make_shared<const std::string>(std::move(bytes));
  add_download_headers(response.headers, attachment.filename, attachment.content_type);
  return response;
}

}  // namespace

bool is_shown_inline(std::string_view content_type) {
  return std::find(inline_types.begin(), inline_types.end(), lower(content_type)) != inline_types.end();
}

std::string safe_content_type(std::string_view content_type) {
  constexpr std::string_view bytes_only = "application/octet-stream";
  const auto type = lower(content_type);
  if (!is_token_type(type)) return std::string(bytes_only);
  const bool is_active = std::any_of(active_words.begin(), active_words.end(),
                                     [&](std::string_view word) { return type.find(word) != std::string::npos; });
  return is_active ? std::string(bytes_only) : type;
}

std::string content_disposition(std::string_view filename, bool is_inline) {
  std::string plain;
  for (const char c : filename.substr(0, conversations::filename_max_bytes)) {
    const bool is_safe = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/' && c != '%';
    plain.push_back(is_safe ? c : '_');
  }
  if (plain.empty()) plain = "attachment";
  auto header = std::string(is_inline ? "inline" : "attachment") + "; filename=\"" + plain + "\"";
  if (plain != filename && !filename.empty()) header += "; filename*=UTF-8''" + net::percent_encode(filename);
  return header;
}

void add_inert_headers(net::Headers& headers) {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'self'");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

void add_download_headers(net::Headers& headers, std::string_view filename, std::string_view content_type) {
  headers.set("Content-Type", safe_content_type(content_type));
  headers.set("Content-Disposition", content_disposition(filename, is_shown_inline(content_type)));
  add_inert_headers(headers);
  headers.set("Cache-Control", "no-store");
}

void add_attachment_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET", .path = "/attachments/{id}", .needs = {"attachment", "read"}, .act = download});
}

}  // namespace answerable::http
