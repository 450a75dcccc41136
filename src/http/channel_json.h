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
  std::string json = "{}";                                   // without secrets, in a fixed order of fields
  std::vector<std::pair<std::string, std::string>> secrets;  // "imap.password", "smtp.password", "identity_secret"
  std::vector<std::string> lmtp_addresses;
};

// Reads the member "config" of the body; mistakes are noted in `body`. Nothing when it is absent.
std::optional<ChannelConfig> read_channel_config(JsonReader& body, std::string_view kind);

// A stored password goes to no other server, nor with another sign-in or protection, than it was given for: what
// `change` makes of `now` needs a new one then ("required" in the list), and drops that of a server that is gone or
// that is nobody's account any more.
std::vector<FieldError> keep_passwords_home(const intake::Channel& now, const intake::Secrets& stored,
                                            intake::ChannelChange& change);

struct ChannelView {
  const intake::Channel& channel;
  const intake::ChannelStats* stats = nullptr;  // null: the reader may not see figures and configuration
  const outbox::ChannelFigures* figures = nullptr;
  std::string_view public_url;
  std::string_view new_identity_secret = {};  // shown this once
};
void write_channel(JsonWriter& out, const ChannelView& view);

}  // namespace answerable::http
