// Every limit of the mail folder, by name. A message beyond one of them is still read: what is cut is named in
// `defects`.
#pragma once

#include <cstddef>

namespace answerable::mail {

inline constexpr std::size_t max_headers = 2'000;            // fields at the top of a message; the rest is not read
inline constexpr std::size_t max_header_bytes = 512 * 1024;  // of the top header block; fields beyond it are not read
inline constexpr std::size_t max_header_text_bytes = 16 * 1024;  // one decoded field (subject, a display name)
inline constexpr std::size_t max_addresses = 1'000;              // in one address field
inline constexpr std::size_t max_address_field_bytes = 64 * 1024;
inline constexpr std::size_t max_references = 200;        // first and last ones are kept
inline constexpr std::size_t max_message_id_bytes = 998;  // RFC 5322 section 2.1.1, one line
inline constexpr std::size_t max_parts = 1'000;           // leaves of the MIME tree
inline constexpr std::size_t max_delimiters = 5'000;      // lines between parts; the rest of the message is not read
inline constexpr std::size_t max_part_header_bytes = 64UL * 1024;         // of one part; fields beyond it are not read
inline constexpr std::size_t max_part_headers_bytes = 2UL * 1024 * 1024;  // of all parts; the rest is not read
inline constexpr std::size_t max_nesting = 50;            // multiparts in multiparts; deeper ones stay raw
inline constexpr std::size_t max_rebuilt_multiparts = 1;  // whose boundary had to be guessed; further ones are text
inline constexpr std::size_t max_mime_parameters = 200;   // of one Content-Type field; further ones are not read
inline constexpr std::size_t max_attachments = 500;
inline constexpr std::size_t max_unfinished_inline_files = 20;  // "begin 644 name" without its end, in one text
inline constexpr std::size_t max_signed_layers = 3;             // opaque signatures around signatures
inline constexpr std::size_t max_filename_bytes = 255;
inline constexpr std::size_t max_unpacked_bytes = 32UL * 1024 * 1024;    // of a file whose packing expands (BinHex)
inline constexpr std::size_t max_calendar_bytes = 256UL * 1024;          // read of an invitation
inline constexpr std::size_t max_calendar_events = 20;                   // of one invitation, shown as text
inline constexpr std::size_t max_tnef_layers = 3;                        // messages in messages within a winmail.dat
inline constexpr std::size_t max_decoded_bytes = 256UL * 1024 * 1024;    // of all parts together
inline constexpr std::size_t max_body_bytes = 1024UL * 1024;             // text or HTML of one message, in UTF-8
inline constexpr std::size_t max_body_source_bytes = 4UL * 1024 * 1024;  // decoded for it; longer ones are attached too
inline constexpr std::size_t max_safe_html_bytes = 2UL * 1024 * 1024;    // sanitised; beyond it the text is shown
inline constexpr std::size_t max_html_depth = 400;                       // open elements; gumbo is quadratic in depth
inline constexpr std::size_t max_html_bytes = 2UL * 1024 * 1024;  // parsed as HTML; longer ones are shown as text
inline constexpr std::size_t max_html_attributes = 256;           // of one element; gumbo is quadratic in them
inline constexpr std::size_t max_html_memory_bytes = 28UL * 1024 * 1024;  // of the tree of one document
inline constexpr int max_html_parse_ms = 500;                             // processor time of one document
inline constexpr std::size_t max_url_bytes = 4096;
inline constexpr std::size_t max_text_to_html_bytes = 256UL * 1024;  // of our own mail; a longer one has no HTML part
inline constexpr std::size_t max_quoted_bytes = 32UL * 1024;         // of the mail that ours answers
inline constexpr std::size_t max_text_quote_depth = 8;               // deeper ">" are shown as this deep
inline constexpr std::size_t max_style_bytes = 4096;                 // of one style attribute
inline constexpr std::size_t max_reply_lines = 50'000;               // looked at for quotes
inline constexpr std::size_t max_defects = 50;
inline constexpr std::size_t max_delivery_reports = 100;    // recipients of one bounce
inline constexpr std::size_t max_bounce_head = 8 * 1024;    // of a text, read for the words of a report
inline constexpr std::size_t max_report_beginning = 240;    // of that, where a report of an unknown sender says so
inline constexpr std::size_t max_vacation_beginning = 400;  // of that, where a vacation note says so
inline constexpr std::size_t max_auto_reply_head = 1024;    // of a reply, read for the words of an automatic answer

// RFC 5321 section 4.5.3.1, and erratum 1690 of RFC 3696 for the whole address. Octets.
inline constexpr std::size_t max_local_part_bytes = 64;
inline constexpr std::size_t max_domain_bytes = 255;
inline constexpr std::size_t max_address_bytes = 254;

// Of the checks of a sender.
inline constexpr std::size_t max_dkim_signatures = 5;   // looked at; each costs a question and a hash of the body
inline constexpr std::size_t max_dns_name_bytes = 253;  // RFC 1035, without the last dot
inline constexpr std::size_t max_authentication_results = 10;  // fields read, from the top
inline constexpr std::size_t max_results_of_field = 50;        // methods of one of them
inline constexpr std::size_t max_results_bytes = 16 * 1024;    // of one of them; a longer one is not read
inline constexpr std::size_t max_evidence_lines = 20;          // kept beside a message
inline constexpr std::size_t max_evidence_bytes = 200;         // of one line

// Of the keys that sign our mail (RFC 8301: verifiers need not take longer ones). New ones have at least as many bits
// as we make; a shorter one that a channel has from before goes on signing.
inline constexpr int dkim_rsa_bits_min = 2'048, dkim_rsa_bits_made = 3'072, dkim_rsa_bits_max = 4'096;
inline constexpr std::size_t max_dkim_key_bytes = 8 * 1024;  // in PEM
inline constexpr std::size_t max_dkim_selector_bytes = 63;

inline constexpr std::size_t max_line_bytes = 998;            // RFC 5322 section 2.1.1, without CRLF
inline constexpr std::size_t max_built_references = 20;       // in mail that we send
inline constexpr std::size_t max_built_recipients = 100;      // RFC 5321 section 4.5.3.1.8
inline constexpr std::size_t max_built_header_bytes = 2'000;  // one field's text, before encoding

}  // namespace answerable::mail
