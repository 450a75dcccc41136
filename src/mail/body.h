// Chooses from the MIME tree what is read (text and HTML) and what is attached. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"
#include "mail/mime_tree.h"

namespace answerable::mail {

// A stretch of the body: its plain and its HTML form; alternatives of one text share a block.
struct BodyBlock {
  std::string plain, html;
  bool has_plain = false, has_html = false;
};

struct Body {
  std::vector<BodyBlock> blocks;
  std::vector<Attachment> attachments;
  std::string delivery_status;      // message/delivery-status, decoded
  std::string returned_header;      // head of the message that a report is about
  bool is_delivery_report = false;  // multipart/report; report-type=delivery-status
  bool is_feedback = false;         // a complaint (RFC 5965): it tells of a message that arrived
  bool is_machine_report = false;   // any multipart/report (RFC 6522): programs write them
  std::vector<std::string> defects;
};

Body read_body(const MimeMessage& mime, const ParseOptions& options);

}  // namespace answerable::mail
