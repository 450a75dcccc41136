// Mail as its sender formatted it, as a page of its own for a frame of ours: never script, nothing from a stranger's
// server unless asked for, and then by way of our proxy (image_proxy.h).
#pragma once

#include <string>
#include <vector>

#include "conversations/message.h"
#include "net/http.h"

namespace answerable::http {

// `html` as the sanitiser wrote it: there an attribute's name and quote cannot stand in text or in a value.
// Remote pictures come by way of us: `pictures` + number, remote_images.h; empty: they stay away.
std::string mail_document(std::string_view html, const std::vector<conversations::Attachment>& attachments,
                          std::string_view pictures = {});
void add_mail_document_headers(net::Headers& headers);

}  // namespace answerable::http
