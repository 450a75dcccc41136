// Reads any mail (RFC 5322, 2045-2049, 2231, 3464, 3834) into values. Parsing never fails as a whole: what is wrong
// with a message becomes an entry in `defects` beside the best reading. All strings of the result are valid UTF-8
// without NUL, except Attachment::content. No I/O; thread-safe; time and memory bounded by mail/limits.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "mail/address.h"

namespace answerable::mail {

struct Header {
  std::string name;   // as written
  std::string value;  // unfolded, trimmed, encoded words not decoded
};

struct Attachment {
  std::string filename;      // without folders and controls; made up where the sender gave none
  std::string content_type;  // lower case, without parameters: "image/png"
  std::string content;       // decoded bytes
  std::size_t size = 0;      // of content, in bytes
  std::string sha256;        // of content, in hex
  std::string disposition;   // "attachment" or "inline"
  std::string content_id;    // without <>
};

// One recipient of a delivery report (RFC 3464), or what could be read of an undisciplined one.
struct DeliveryReport {
  std::string recipient;   // an address, or empty when unknown
  std::string action;      // failed, delayed, delivered, relayed, expanded
  std::string status;      // 5.1.1, or empty
  std::string diagnostic;  // the remote server's words
};

struct ParsedMessage {
  std::string message_id;  // without <>; empty when absent
  std::string in_reply_to;
  std::vector<std::string> references;  // oldest first, without <>
  Address from;                         // the first author; Reply-To, Sender or Return-Path stand in for a missing From
  std::vector<Address> to, cc, reply_to;
  std::string subject;
  std::optional<Time> date;
  std::string date_raw;

  std::string text;        // lines end in \n; from the HTML when there is no plain text
  std::string html;        // as sent, in UTF-8
  std::string html_safe;   // mail/sanitise.h, in its box
  std::string reply_text;  // what the person wrote now: mail/reply_text.h
  std::vector<Attachment> attachments;

  bool auto_submitted = false;
  bool bounce = false;  // a report that mail did not arrive, or not yet: `delivery_reports` tell a delay from a failure
  std::vector<DeliveryReport> delivery_reports;  // of a bounce
  std::string original_message_id;               // of the mail that a bounce is about, without <>
  std::string language;                          // ISO 639-1, or empty

  std::vector<Header> headers;
  std::string return_path;                // without <>
  std::vector<std::string> delivered_to;  // Delivered-To, X-Original-To, Envelope-To, in order, addresses only
  std::size_t received_count = 0;         // Received fields: a loop has many
  std::vector<std::string> authentication_results;  // raw, newest first: trust only a configured authserv-id
  std::vector<std::string> defects;                 // stable snake_case names: "no_boundary"

  // The value of the first field of that name, letter case ignored; nullopt when there is none. An empty one counts
  // only where no other says more: some programs write a field twice, first without a value.
  std::optional<std::string_view> first_header(std::string_view name) const;
};

struct ParseOptions {
  bool html_safe = true;
  bool reply_text = true;
  bool language = true;            // costs some 45 us; up to 400 where the text's beginning leaves doubts
  bool attachment_content = true;  // false: size and sha256 only
};

ParsedMessage parse_message(std::string_view raw, const ParseOptions& options = {});

}  // namespace answerable::mail
