// Fields of a header as they go over the wire: ASCII, folded below 78 columns (RFC 5322), other text as encoded words
// (RFC 2047), parameters after RFC 2231. Each function returns a whole field with its CRLF. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "mail/header_values.h"

namespace answerable::mail {

std::string text_field(std::string_view name, const HeaderText& text);
std::string mailbox_field(std::string_view name, const std::vector<Mailbox>& mailboxes);
std::string id_field(std::string_view name, const std::vector<std::string>& ids);
std::string date_field(Time time);
// `name`: value; parameter="..." or parameter*=utf-8''…, continued when long.
std::string parameter_field(std::string_view name, std::string_view value, std::string_view parameter,
                            std::string_view parameter_value);

}  // namespace answerable::mail
