// The value of the header by which a provider proves that a webhook comes from it: one scheme for each way that is in
// use. Each is as its owner documents it. Pure; any thread. Whoever checks a header compares with
// equal_in_constant_time and judges the age of the timestamp.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace answerable::net {

// What is signed. Only what the scheme asks for need be given.
struct WebhookCall {
  std::string secret;
  std::string body;       // the raw bytes
  std::string timestamp;  // as it stands in its header: seconds since 1970, or text
  std::string id;         // standard-webhooks: webhook-id; mailgun: token
  std::string url;        // twilio: exactly as called
  std::vector<std::pair<std::string, std::string>> params = {};  // twilio: the form, decoded
};

// `scheme`: standard-webhooks, stripe, github, github-sha1, meta, slack, twilio, telegram, line, viber, zendesk,
// shopify, intercom, mailgun, discourse, x, or another name by which one of them is known; in either case, with blanks,
// underscores or hyphens. Errors: not_found "webhook_scheme"; invalid "webhook_secret" (not in the form that the scheme
// wants).
Result<std::string> sign_webhook(std::string_view scheme, const WebhookCall& call);

}  // namespace answerable::net
