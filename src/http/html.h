// Pages that the server writes itself: text from outside goes through text() or element(), which escape it; no scripts,
// one style, allowed by its hash.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace answerable::http {

class Html {
 public:
  // Everything up to and with <body>.
  void begin(std::string_view language, std::string_view title);
  Html& raw(std::string_view literal) {  // of ours
    out_ += literal;
    return *this;
  }
  Html& text(std::string_view text);
  Html& element(std::string_view name, std::string_view text);
  std::string take();  // with the end

 private:
  std::string out_;
};

net::Response html_response(std::string page);
// Where a person looks for a page and gets none: a page of their language that says so. Status and headers stay.
net::Response html_refusal(net::Response refusal, std::string_view language);
// "fr" or "en": as ?lang= says, or the browser asks.
std::string_view reader_language(const net::Request& request);

}  // namespace answerable::http
