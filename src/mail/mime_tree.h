// The MIME structure of a message as a tree of values: the one place that speaks to GMime. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"
#include "mail/transfer_encoding.h"

namespace answerable::mail {

struct MimeNode {
  std::string type = "text/plain";  // lower case
  std::string charset;              // as declared
  std::string filename;
  std::string disposition;  // lower case: "attachment", "inline" or empty
  std::string content_id;   // without <>
  std::string description;  // Content-Description, decoded
  std::string location;     // Content-Location
  std::string report_type;  // of multipart/report, lower case
  bool flowed = false;      // format=flowed (RFC 3676)
  bool delete_space = false;
  TransferEncoding encoding = TransferEncoding::identity;
  std::string_view raw;  // undecoded content: a slice of the message, or of `owned`
  std::string owned;     // content that is no slice of the message
  std::vector<MimeNode> children;

  bool is_multipart() const { return type.starts_with("multipart/"); }
};

struct MimeMessage {
  std::vector<Header> headers;
  MimeNode root;
  // Of header fields and parts that name none: the charset that a part names first, the multiparts around it before it,
  // else an encoded word of Subject or From. Files do not count: others may have written them. Empty when none does.
  std::string likely_charset;
  std::vector<std::string> defects;
};

// `raw` must outlive the result. Its line ends may be CRLF or LF; its top header block must be within the limits
// (mail/prepare.h sees to both).
MimeMessage read_mime(std::string_view raw);

}  // namespace answerable::mail
