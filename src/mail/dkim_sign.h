// Signs mail that we send (RFC 6376, relaxed/relaxed). Pure, thread-safe. By OpenSSL and not by libopendkim, so that
// what verifies (dkim.h) is another hand than what signs, and the time in a signature is the caller's.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "mail/dkim_key.h"

namespace answerable::mail {

// Who signs: checked, so that nothing can be smuggled into the field.
class DkimSigner {
 public:
  // `domain` in its xn-- form. Errors: invalid "dkim_domain", "dkim_selector".
  static Result<DkimSigner> make(std::string_view domain, std::string_view selector, DkimKey key);
  const std::string& domain() const { return domain_; }
  const std::string& selector() const { return selector_; }
  const DkimKey& key() const { return key_; }

 private:
  DkimSigner(std::string domain, std::string selector, DkimKey key)
      : domain_(std::move(domain)), selector_(std::move(selector)), key_(std::move(key)) {}
  std::string domain_, selector_;
  DkimKey key_;
};

// Labels of small letters, digits and inner hyphens with dots between them, at most max_dkim_selector_bytes.
bool is_dkim_selector(std::string_view text);

// The field DKIM-Signature with its CRLF, to stand above `raw`, which build_message() made. From is signed once more
// than it stands there, so that no second one can be added on the way. The same input gives the same field.
std::string dkim_signature(std::string_view raw, const DkimSigner& by, Time at);

}  // namespace answerable::mail
