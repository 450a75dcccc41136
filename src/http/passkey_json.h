// What a browser sends of a passkey (W3C Web Authentication, sections 5.8.1 and 5.2): bytes in base64url, and among
// them a JSON text of its own, whose unknown members are to be ignored.
#pragma once

#include <string_view>

#include "access/passkey.h"
#include "http/json_reader.h"

namespace answerable::http {

inline constexpr std::size_t client_data_bytes_max = 4'096;

// Pure. Errors: invalid "passkey_refused".
Result<access::ClientData> read_client_data(std::string_view bytes);

// Each refuses its fields in `body` by itself. Errors: those of read_client_data.
Result<access::NewPasskey> read_new_passkey(JsonReader& body);
Result<access::PasskeyUse> read_passkey_use(JsonReader& body);

}  // namespace answerable::http
