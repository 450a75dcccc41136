// Automatic acknowledgements: "we have your message, its number is 12". What a channel wants to say is found before the
// transaction (channels/email/acknowledge.h, by the rules of mail/may_answer.h); here are the words, and the limits
// that last: one to an address within a day, so many of a channel within an hour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "store/session.h"

namespace answerable::intake {

inline constexpr std::size_t acknowledgement_subject_bytes_max = 200;
inline constexpr std::size_t acknowledgement_text_bytes_max = 2'000;
inline constexpr std::size_t acknowledgement_languages_max = 12;
inline constexpr std::int64_t acknowledgement_pause_ms =
    24 * 3'600'000;                                             // to one address of one channel: one within it
inline constexpr std::int64_t acknowledgements_hour_max = 500;  // of one channel within an hour
// What was written longer ago is being imported, or was held up for so long that an acknowledgement says nothing.
inline constexpr std::int64_t acknowledged_age_ms_max = 2 * 24 * 3'600'000;

// Subject and text are the administrator's, with placeholders in them: nothing of them comes from a stranger.
struct Acknowledgement {
  std::string to;
  std::string subject, text;
};

// What placeholders stand for. There is none for anything that a stranger wrote.
struct Placeholders {
  std::int64_t reference = 0;  // {reference}: the number of the conversation
  std::string workspace;       // {workspace}: its name
};
std::string fill_in(std::string_view text, const Placeholders& values);
// Errors: invalid "unknown_placeholder", with the names that there are.
Status check_placeholders(std::string_view text);

// True when the address may get one now; then it gets none for a day. `address_key`: mail::address_key.
Result<bool> claim_acknowledgement(store::Transaction& tx, WorkspaceId workspace, ChannelId channel,
                                   std::string_view address_key);
// For the collection: claims that have had their day.
Result<std::int64_t> delete_old_acknowledgements(store::Transaction& tx, int limit);

}  // namespace answerable::intake
