// Whether CBOR (RFC 8949) may be handed to a library that believes its counts: libcbor takes memory for as many items
// as an array says it has, before it has seen one. Pure.
#pragma once

#include <string_view>

namespace answerable::access {

inline constexpr int cbor_depth_max = 8;

// The CBOR behind the head of an authenticator's data (WebAuthn Level 3, section 6.1): each item has a definite length
// that fits into the bytes that are there, as CTAP2's canonical form demands, and nothing is nested too deep.
bool is_bounded_authenticator_data(std::string_view data);

}  // namespace answerable::access
