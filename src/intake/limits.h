// Every limit of the intake, by name. What is refused because of one of them stays with the peer: nothing is dropped.
#pragma once

#include <cstddef>
#include <cstdint>

namespace answerable::intake {

struct IntakeLimits {
  std::size_t raw_bytes_max = 128UL << 20;     // one arrival; more: limited "message_too_large"
  std::size_t waiting_max = 60'000;            // accepted and not yet understood; more: limited "intake_full"
  std::size_t workspace_waiting_max = 50'000;  // of one workspace: some room is always left for the others
  std::size_t memory_bytes_max =
      64UL * 1024 * 1024;               // raw bytes kept in memory meanwhile; others are read from the spool again
  std::size_t large_waiting_max = 64;   // arrivals for the blob store that wait for its disk; more: "intake_full"
  std::size_t workers = 2;              // threads that parse
  std::int64_t retry_first_ms = 250;    // after a failure that may pass (no space, no database)
  std::int64_t retry_last_ms = 30'000;  // the delay doubles up to this
};

inline constexpr std::size_t raw_in_row_max =
    64UL * 1024;                     // a larger raw message goes to the blob store, before its row
inline constexpr int tries_max = 3;  // of an arrival during whose reading the process ended; then it is quarantined
inline constexpr std::size_t external_key_bytes_max = 1'000;
inline constexpr std::size_t envelope_bytes_max = 100'000;  // all recipients together
inline constexpr int received_count_max = 30;               // Received fields; more: a loop
inline constexpr int pair_auto_submitted_max = 10;          // automatic messages from one sender to one channel …
inline constexpr std::int64_t pair_window_ms = 3'600'000;   // … within this time; more: a loop between two robots
inline constexpr std::size_t pairs_max = 20'000;            // pairs remembered
inline constexpr std::size_t referenced_ids_max = 20;       // looked up of one message, newest first
inline constexpr std::size_t lag_series_max = 200;          // channels with a histogram of their own; others share one
inline constexpr std::size_t channel_name_bytes_max = 200;
inline constexpr std::size_t channel_config_bytes_max = 32UL * 1024;
inline constexpr std::size_t channel_addresses_max = 200;

}  // namespace answerable::intake
