// HTML source as a row of pieces, for orderly_html.h: tags with their attributes, text, comments. What a tokenizer has
// to repair, or would need tables for, is `unusual`, and its reader leaves the document to gumbo.
#pragma once

#include <gumbo.h>

#include <string_view>

#include "mail/html_arena.h"

namespace answerable::mail {

struct HtmlPiece {
  enum class Kind : std::uint8_t { end, text, start_tag, end_tag, comment, doctype, unusual };

  Kind kind = Kind::end;
  GumboTag tag = GUMBO_TAG_UNKNOWN;  // of a tag
  std::string_view name;             // of a tag, as it is written
  GumboVector attributes = {};       // of a start tag: GumboAttribute*, first ones of a name
  std::string_view source;           // of text, references not decoded
};

class HtmlMarkup {
 public:
  // No byte of `html` may be one that is_plain_html_text() refuses. Both outlive the reader.
  HtmlMarkup(std::string_view html, HtmlArena& arena) : rest_(html), arena_(arena) {}

  HtmlPiece next();
  // After the start tag of style or title: what stands before its end tag, which is taken too. False when unusual.
  bool read_raw(std::string_view name, std::string_view& source);
  void skip_newline();                        // one, where <pre> has just begun
  const char* copy(std::string_view source);  // with a NUL behind
  // With its references decoded and a NUL behind; nullptr when one of them is unusual.
  const char* decode(std::string_view source, bool in_attribute);

 private:
  HtmlPiece declaration();
  HtmlPiece tag(bool is_end);
  bool read_attributes(GumboVector& attributes);
  bool read_value(const char*& value);
  void skip_blanks();

  std::string_view rest_;
  HtmlArena& arena_;
};

// Valid UTF-8 without the characters that an HTML parser replaces, and without carriage returns.
bool is_plain_html_text(std::string_view html);

// Appends to a vector whose memory is the arena's.
void append(HtmlArena& arena, GumboVector& vector, void* element);

}  // namespace answerable::mail
