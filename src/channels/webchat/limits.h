// Every limit of the web chat, by name.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/gcra.h"

namespace answerable::channels::webchat {

inline constexpr std::size_t text_bytes_max = 40'000;        // 10,000 characters of any script
inline constexpr std::size_t frame_bytes_max = 64UL * 1024;  // a WebSocket message
inline constexpr std::size_t client_id_bytes_max = 64;
inline constexpr std::size_t files_per_message_max = 10;
inline constexpr std::size_t file_bytes_max = 25UL * 1024 * 1024;
inline constexpr std::size_t filename_bytes_max = 255;
inline constexpr std::int64_t files_per_visitor_max = 200;
inline constexpr std::size_t messages_per_welcome_max = 500;   // the newest ones since `after`
inline constexpr std::size_t removed_per_welcome_max = 1'000;  // numbers of lines that were taken down
inline constexpr std::size_t sockets_per_visitor_max = 10;
inline constexpr std::size_t sockets_per_workspace_max = 5'000;  // of this process; one more is closed with 1013
inline constexpr std::size_t welcome_bytes_max = 256UL * 1024;   // of text; older lines are left out
inline constexpr int frames_at_once = 8;                         // that a worker handles before others have their turn
inline constexpr std::size_t frames_waiting_max = 64;       // of one socket, not yet looked at; more: closed with 1008
inline constexpr std::size_t identity_bytes_max = 8'192;    // a JWT
inline constexpr std::int64_t identity_ms_max = 3'600'000;  // how far in the future it may expire
inline constexpr std::int64_t clock_skew_ms = 60'000;
inline constexpr std::int64_t token_ms = 90LL * 24 * 3'600'000;  // a visitor comes back within this time

// So many at once, then evenly within the window.
inline constexpr Rate messages_rate{.quota = 20, .window_ms = 20'000};           // per visitor
inline constexpr Rate uploads_rate{.quota = 20, .window_ms = 60'000};            // per visitor
inline constexpr Rate address_uploads_rate{.quota = 100, .window_ms = 600'000};  // per address, whoever uploads
inline constexpr Rate sessions_rate{.quota = 60, .window_ms = 60'000};           // per address
inline constexpr Rate frames_rate{.quota = 120, .window_ms = 30'000};    // of one socket; more: closed with 1008
inline constexpr Rate typing_rate{.quota = 1, .window_ms = 2'000};       // per visitor; more: nobody hears of it
inline constexpr Rate requests_rate{.quota = 240, .window_ms = 12'000};  // per address

}  // namespace answerable::channels::webchat
