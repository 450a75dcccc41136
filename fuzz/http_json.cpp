// Request bodies, cursors and live messages of strangers: whatever the bytes, an answer and no crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "http/cursor.h"
#include "http/json_reader.h"
#include "http/json_writer.h"

using answerable::http::JsonReader;

namespace {

constexpr answerable::http::TextLimits limits{.bytes_min = 1, .bytes_max = 64};

void check(bool holds) {
  if (!holds) std::abort();
}

void read_all(JsonReader& body) {
  if (const auto text = body.text("text", limits)) {
    check(answerable::is_valid_utf8(*text) && text->size() <= limits.bytes_max);
    answerable::http::JsonWriter out;
    out.begin_object().member("text", *text).end_object();
    auto again = JsonReader::parse(out.view());
    check(again.has_value() && again->text("text", limits) == *text);
  }
  body.integer("number", -10, 10);
  body.flag("flag");
  body.time("time");
  body.texts("list", limits, 4);
  body.choice("kind", {"reply", "note"});
  if (auto nested = body.object("object")) {
    nested->text("text", limits);
    body.absorb("object", *nested);
  }
  const auto status = body.finish();
  check(status.has_value() == body.take_errors().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto body = JsonReader::parse(text)) read_all(*body);
  if (const auto position = answerable::http::decode_cursor("list", text))
    check(answerable::http::encode_cursor("list", *position) == text);
  return 0;
}
