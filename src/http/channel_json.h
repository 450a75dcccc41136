// Channels as JSON, and the reading of their configuration: its shape by kind, secrets apart from the rest.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/json_reader.h"
#include "http/json_writer.h"
#include "intake/channel.h"
#include "outbox/deliveries.h"

namespace answerable::http {

struct ChannelConfig {
  std::string json = "{}";  // without secrets, in a fixed order of fields
  // "imap.password", "pop3.password", "smtp.password", "oauth.refresh_token", "dkim.key", "identity_secret" …
  std::vector<std::pair<std::string, std::string>> secrets;
  std::vector<std::string> dropped_secrets;
  std::vector<std::string> lmtp_addresses;
};

// Reads the member "config" of the body; mistakes are noted in `body`. Nothing when it is absent. May make a key, which
// takes up to a second.
std::optional<ChannelConfig> read_channel_config(JsonReader& body, std::string_view kind,
                                                 std::string_view stored_config = "{}");

struct ChannelView {
  const intake::Channel& channel;
  const intake::ChannelStats* stats = nullptr;  // null: the reader may not see figures and configuration
  const outbox::ChannelFigures* figures = nullptr;
  std::string_view public_url;
  std::string_view new_identity_secret = {};  // shown this once
};
void write_channel(JsonWriter& out, const ChannelView& view);

}  // namespace answerable::http
