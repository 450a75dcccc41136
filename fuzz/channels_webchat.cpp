// Arbitrary text as a visitor's frame and as an identity. Whatever comes: no crash, and what is accepted keeps its
// bounds.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "channels/webchat/identity.h"
#include "channels/webchat/limits.h"
#include "channels/webchat/protocol.h"
#include "channels/webchat/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace answerable;
  using namespace answerable::channels::webchat;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string client_id;
  auto frame = parse_visitor_frame(text, &client_id);
  if (!frame) {
    ensure(is_valid_utf8(refused_frame(client_id, frame.error())), "a refusal is text");
  } else if (const auto* message = std::get_if<MessageFrame>(&*frame)) {
    ensure(message->text.size() <= text_bytes_max && message->files.size() <= files_per_message_max, "bounds hold");
    ensure(!message->client_id.empty() && message->client_id.size() <= client_id_bytes_max, "bounds hold");
    ensure(is_valid_utf8(message->text) && message->text.find('\0') == std::string::npos, "text can be stored");
    ShownMessage shown{1, true, message->client_id, message->text, "", Time{}, {}};
    ensure(is_valid_utf8(message_frame(shown)), "what goes back is text");
  } else if (const auto* seen = std::get_if<SeenFrame>(&*frame)) {
    ensure(seen->seq >= 0, "bounds hold");
  }
  (void)parse_message_body(text);
  auto settings = read_settings(text);
  (void)is_origin_allowed(settings, text, "https://desk.example");
  ensure(!verify_identity(text, {.channel = "c", .secret = "a secret that the fuzzer does not know"},
                          Time{1'700'000'000'000}),
         "no identity without the secret");
  return 0;
}
