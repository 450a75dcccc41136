#include "net/webhook_signature.h"

#include <algorithm>
#include <span>

#include "base/encoding.h"
#include "base/hmac.h"

namespace answerable::net {

namespace {

using enum HashFunction;

std::string hex(HashFunction hash, const WebhookCall& call, std::string_view content) {
  return to_hex(hmac(hash, call.secret, content));
}

std::string base64(HashFunction hash, const WebhookCall& call, std::string_view content) {
  return to_base64(hmac(hash, call.secret, content));
}

// "whsec_" and base64; the prefix may be missing, as may be the padding.
Result<std::string> standard_webhooks(const WebhookCall& call) {
  std::string_view text = call.secret;
  if (text.starts_with("whsec_")) text.remove_prefix(6);
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  auto key = from_base64(padded);
  if (!key || key->empty())
    return fail(ErrorKind::invalid, "webhook_secret", "The secret is whsec_ and then base64: copy all of it.");
  return "v1," + to_base64(hmac(sha256, *key, call.id + "." + call.timestamp + "." + call.body));
}

Result<std::string> stripe(const WebhookCall& call) {
  return "t=" + call.timestamp + ",v1=" + hex(sha256, call, call.timestamp + "." + call.body);
}

Result<std::string> sha256_hex(const WebhookCall& call) { return "sha256=" + hex(sha256, call, call.body); }
Result<std::string> sha1_hex(const WebhookCall& call) { return "sha1=" + hex(sha1, call, call.body); }

Result<std::string> slack(const WebhookCall& call) {
  return "v0=" + hex(sha256, call, "v0:" + call.timestamp + ":" + call.body);
}

// A call without a form carries the hash of its body as bodySHA256 in the URL: so the URL alone is signed. A value that
// is there twice under one name counts once.
Result<std::string> twilio(const WebhookCall& call) {
  auto params = call.params;
  std::ranges::sort(params);
  auto repeated = std::ranges::unique(params);
  params.erase(repeated.begin(), repeated.end());
  auto content = call.url;
  for (const auto& [name, value] : params) content += name + value;
  return base64(sha1, call, content);
}

Result<std::string> token(const WebhookCall& call) { return call.secret; }
Result<std::string> body_base64(const WebhookCall& call) { return base64(sha256, call, call.body); }
Result<std::string> body_hex(const WebhookCall& call) { return hex(sha256, call, call.body); }
Result<std::string> zendesk(const WebhookCall& call) { return base64(sha256, call, call.timestamp + call.body); }
Result<std::string> mailgun(const WebhookCall& call) { return hex(sha256, call, call.timestamp + call.id); }
Result<std::string> x_signature(const WebhookCall& call) { return "sha256=" + base64(sha256, call, call.body); }

struct Scheme {
  std::string_view name;
  Result<std::string> (*sign)(const WebhookCall&);
};

constexpr Scheme schemes[] = {
    {"standard-webhooks", standard_webhooks},
    {"standardwebhooks", standard_webhooks},
    {"svix", standard_webhooks},
    {"stripe", stripe},
    {"github", sha256_hex},
    {"github-sha256", sha256_hex},
    {"github-sha1", sha1_hex},
    {"meta", sha256_hex},
    {"facebook", sha256_hex},
    {"messenger", sha256_hex},
    {"instagram", sha256_hex},
    {"whatsapp", sha256_hex},
    {"whatsapp-cloud", sha256_hex},
    {"discourse", sha256_hex},
    {"slack", slack},
    {"zoom", slack},
    {"twilio", twilio},
    {"twilio-body", twilio},
    {"twilio-json", twilio},
    {"telegram", token},
    {"gitlab", token},
    {"line", body_base64},
    {"shopify", body_base64},
    {"viber", body_hex},
    {"zendesk", zendesk},
    {"intercom", sha1_hex},
    {"mailgun", mailgun},
    {"x", x_signature},
    {"twitter", x_signature},
};

std::string plain_name(std::string_view scheme) {
  std::string name;
  for (char c : scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    name += c == '_' || c == ' ' ? '-' : c;
  }
  return name;
}

}  // namespace

Result<std::string> sign_webhook(std::string_view scheme, const WebhookCall& call) {
  auto found = std::ranges::find(schemes, plain_name(scheme), &Scheme::name);
  if (found == std::end(schemes)) {
    return fail(ErrorKind::not_found, "webhook_scheme",
                "There is no such scheme: src/net/webhook_signature.h lists those that are known.");
  }
  return found->sign(call);
}

}  // namespace answerable::net
