// Mail as its sender formatted it, as a page of its own for a frame of ours: never script, nothing from a stranger's
// server unless asked for. A page of its own and not text in ours, since a frame made of text takes over our page's
// policy, which allows no remote picture at all.
#pragma once

#include <string>
#include <vector>

#include "conversations/message.h"
#include "net/http.h"

namespace answerable::http {

// `html` as the sanitiser wrote it: there an attribute's name and quote cannot stand in text or in a value.
std::string mail_document(std::string_view html, const std::vector<conversations::Attachment>& attachments,
                          bool with_remote_images);
void add_mail_document_headers(net::Headers& headers, bool with_remote_images);

}  // namespace answerable::http
