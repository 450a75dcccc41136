#include "http/passkey_json.h"

#include "base/encoding.h"

namespace answerable::http {
namespace {

constexpr TextLimits origin_limits{.bytes_min = 1, .bytes_max = 300};
constexpr TextLimits type_limits{.bytes_min = 1, .bytes_max = 40};
constexpr TextLimits challenge_limits{.bytes_min = 1, .bytes_max = 200};
constexpr TextLimits name_limits{.bytes_min = 1, .bytes_max = access::passkey_name_bytes_max};

std::string need_bytes(JsonReader& body, std::string_view name, std::size_t bytes_max) {
  const auto text = body.need_text(name, {.bytes_min = 1, .bytes_max = (bytes_max * 4 + 2) / 3});
  auto bytes = from_base64url(text);
  if (!bytes) body.refuse(name, "not_allowed", "Bytes are written in base64url, without padding.");
  return std::move(bytes).value_or(std::string());
}

}  // namespace

Result<access::ClientData> read_client_data(std::string_view bytes) {
  const auto refuse = [] {
    return fail(ErrorKind::invalid, "passkey_refused", "What the browser says about the passkey cannot be read.");
  };
  if (bytes.size() > client_data_bytes_max) return refuse();
  auto read = JsonReader::parse(bytes);
  if (!read) return refuse();
  access::ClientData client{.type = read->need_text("type", type_limits),
                            .challenge = read->need_text("challenge", challenge_limits),
                            .origin = read->need_text("origin", origin_limits),
                            .is_cross_origin = read->flag("crossOrigin").value_or(false),
                            .hash = sha256(bytes)};
  if (!read->take_errors().empty()) return refuse();
  return client;
}

Result<access::NewPasskey> read_new_passkey(JsonReader& body) {
  access::NewPasskey given{
      .name = body.need_text("name", name_limits),
      .client = {},
      .authenticator_data = need_bytes(body, "authenticator_data", access::authenticator_data_bytes_max)};
  const auto client_data = need_bytes(body, "client_data", client_data_bytes_max);
  if (!client_data.empty()) {  // else it is refused already
    TRY(given.client, read_client_data(client_data));
  }
  return given;
}

Result<access::PasskeyUse> read_passkey_use(JsonReader& body) {
  access::PasskeyUse use{
      .credential_id = need_bytes(body, "credential_id", access::credential_id_bytes_max),
      .client = {},
      .authenticator_data = need_bytes(body, "authenticator_data", access::authenticator_data_bytes_max),
      .signature = need_bytes(body, "signature", access::passkey_signature_bytes_max)};
  const auto client_data = need_bytes(body, "client_data", client_data_bytes_max);
  if (!client_data.empty()) {  // else it is refused already
    TRY(use.client, read_client_data(client_data));
  }
  return use;
}

}  // namespace answerable::http
