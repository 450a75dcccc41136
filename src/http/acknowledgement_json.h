// What a mail channel says at once to whoever writes: {enabled, texts: [{language, subject, text}]}. The first text is
// for languages without one. Limits and placeholders: intake/acknowledgement.h.
#pragma once

#include "http/json_reader.h"
#include "http/json_writer.h"

namespace answerable::http {

// Writes the member `acknowledgement` of a channel's stored config, when the body's config has one.
void read_acknowledgement(JsonReader& config, JsonWriter& out);

}  // namespace answerable::http
