// Secrets of a channel (a mailbox password) at rest, sealed (access/seal.h) for their channel: a row that is copied to
// another channel does not open.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace answerable::intake {

using Secrets = std::vector<std::pair<std::string, std::string>>;  // name ("imap.password") and value

// `key` is 32 secret bytes.
std::string seal_secrets(std::string_view key, ChannelId channel, const Secrets& secrets);
// Errors: internal "secrets_unreadable" (wrong key or damaged).
Result<Secrets> open_secrets(std::string_view key, ChannelId channel, std::string_view sealed);

}  // namespace answerable::intake
