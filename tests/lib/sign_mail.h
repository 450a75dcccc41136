// Signs mail for tests (RFC 6376, relaxed/relaxed), by OpenSSL alone: another hand than the one that verifies.
#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "lib/signing_key.h"

namespace answerable::testing {

struct Signing {
  std::string domain;
  std::string selector = "s1";
  std::vector<std::string> fields = {"from", "subject", "message-id", "in-reply-to", "references"};  // lower case
  std::string further = {};  // tags such as "l=5; "
  std::size_t signed_bytes = std::string::npos;
  bool is_sha1 = false;
};

namespace signing {

inline std::string relax_blanks(std::string_view text) {
  std::string relaxed;
  for (char c : text) {
    if (c == '\r' || c == '\n') continue;
    const bool is_blank = c == ' ' || c == '\t';
    if (is_blank && relaxed.ends_with(' ')) continue;
    relaxed += is_blank ? ' ' : c;
  }
  return relaxed;
}

inline std::string relax_body(std::string_view body) {
  std::string relaxed, empty_lines;
  while (!body.empty()) {
    const auto end = std::min(body.find("\r\n"), body.size());
    auto line = relax_blanks(body.substr(0, end));
    if (line.ends_with(' ')) line.pop_back();
    body.remove_prefix(std::min(end + 2, body.size()));
    empty_lines += line.empty() ? "\r\n" : "";
    if (line.empty()) continue;
    relaxed += empty_lines + line + "\r\n";
    empty_lines.clear();
  }
  return relaxed;
}

inline std::string relax_field(std::string_view field) {
  const auto colon = field.find(':');
  std::string name;
  for (char c : field.substr(0, colon)) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  auto value = relax_blanks(field.substr(colon + 1));
  while (value.starts_with(' ')) value.erase(0, 1);
  while (value.ends_with(' ')) value.pop_back();
  return name + ":" + value;
}

inline std::string hash(std::string_view text, const EVP_MD* kind) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, kind, nullptr);
  return digest.substr(0, size);
}

// The relaxed fields that are to be signed, the lowest of each name.
inline std::string chosen_fields(std::string_view header, const std::vector<std::string>& names, std::string& listed) {
  std::vector<std::string> all;
  while (!header.empty()) {
    auto end = header.find("\r\n");
    while (end != std::string_view::npos && end + 2 < header.size() &&
           (header[end + 2] == ' ' || header[end + 2] == '\t'))
      end = header.find("\r\n", end + 2);
    end = std::min(end, header.size());
    all.push_back(relax_field(header.substr(0, end)));
    header.remove_prefix(std::min(end + 2, header.size()));
  }
  std::string chosen;
  for (const auto& name : names) {
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
      if (!one->starts_with(name + ":")) continue;
      chosen += *one + "\r\n";
      listed += (listed.empty() ? "" : ":") + name;
      break;
    }
  }
  return chosen;
}

}  // namespace signing

// `raw` with CRLF line ends.
inline std::string sign_mail(const std::string& raw, const Signing& by, const SigningKey& key = SigningKey::shared()) {
  const auto* kind = by.is_sha1 ? EVP_sha1() : EVP_sha256();
  const auto middle = raw.find("\r\n\r\n");
  const auto body = signing::relax_body(std::string_view(raw).substr(middle + 4)).substr(0, by.signed_bytes);
  std::string listed;
  auto text = signing::chosen_fields(std::string_view(raw).substr(0, middle + 2), by.fields, listed);
  auto field = "DKIM-Signature: v=1; a=" + std::string(key.is_ed25519() ? "ed25519-" : "rsa-") +
               std::string(by.is_sha1 ? "sha1" : "sha256") + "; c=relaxed/relaxed; d=" + by.domain +
               "; s=" + by.selector + "; " + by.further + "h=" + listed +
               "; bh=" + to_base64(signing::hash(body, kind)) + "; b=";
  text += signing::relax_field(field);
  // Ed25519 signs the hash, RSA hashes for itself.
  const auto signature = key.is_ed25519() ? key.sign(signing::hash(text, kind), nullptr) : key.sign(text, kind);
  return field + to_base64(signature) + "\r\n" + raw;
}

}  // namespace answerable::testing
