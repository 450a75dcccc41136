// Values that may stand in the header of mail that we send. Each can only be made through a check, so that no line end,
// no second field and no second recipient can be smuggled into a message, whoever wrote the text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::mail {

// Text of one line: valid UTF-8 without control characters, at most max_built_header_bytes.
class HeaderText {
 public:
  HeaderText() = default;  // empty
  static Result<HeaderText> make(std::string_view text);
  // Control characters become blanks, ill-formed bytes U+FFFD, and what is too long is cut: for subjects of strangers.
  static HeaderText clean(std::string_view text);
  const std::string& text() const { return text_; }

 private:
  explicit HeaderText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// A person or a desk with one address that is_valid_address() accepts, its domain in ASCII (domain_name.h). Where the
// local part is not ASCII, only a server that offers SMTPUTF8 (RFC 6531) can take the mail.
class Mailbox {
 public:
  static Result<Mailbox> make(std::string_view name, std::string_view address);
  const std::string& name() const { return name_; }
  const std::string& address() const { return address_; }

 private:
  Mailbox(std::string name, std::string address) : name_(std::move(name)), address_(std::move(address)) {}
  std::string name_, address_;
};

// left@right of printable ASCII, without <> and blanks, at most 250 bytes.
class MessageIdText {
 public:
  static Result<MessageIdText> make(std::string_view id);
  const std::string& text() const { return text_; }

 private:
  explicit MessageIdText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// "image/png": two tokens of RFC 2045, lower case.
class ContentType {
 public:
  static Result<ContentType> make(std::string_view type);
  // application/octet-stream for what is no such type, and for multipart and message types.
  static ContentType clean(std::string_view type);
  const std::string& text() const { return text_; }

 private:
  explicit ContentType(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace answerable::mail
