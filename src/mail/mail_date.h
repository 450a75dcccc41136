// Date fields of mail: RFC 5322, the obsolete forms, and what else programs write there. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace answerable::mail {

// The best reading in UTC; nullopt when there is no day in it. Hours, days and zones that do not exist are cut down to
// the nearest ones that do. Without a zone, UTC.
std::optional<Time> parse_mail_date(std::string_view value);
// The first Date field among the first 16 KiB of a raw message, without reading the message; about a microsecond.
std::optional<Time> find_date(std::string_view raw);

}  // namespace answerable::mail
