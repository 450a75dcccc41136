// The member "dkim" of a mail channel's configuration: how its mail is signed. The key is made here or pasted; it goes
// to the channel's secrets, and what the DNS must say of it stays in the configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/json_reader.h"
#include "http/json_writer.h"

namespace answerable::http {

struct ChannelConfig;

struct DkimSettings {
  std::string selector, algorithm, record;
};
std::optional<DkimSettings> find_dkim(std::string_view stored_config);

// {selector, algorithm?, key?}. Without a key the stored one is kept while selector and algorithm stay; otherwise a new
// one is made, so that a new key gets a new name: the old record may stay in the DNS until the last mail that it signed
// has arrived. Without the member the stored key is dropped.
void read_dkim(JsonReader& config, JsonWriter& out, ChannelConfig& found, std::string_view stored_config);

}  // namespace answerable::http
