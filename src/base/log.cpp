#include "base/log.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <mutex>

#include "base/clock.h"
#include "base/quiet_log.h"
#include "base/utf8.h"

namespace answerable::log {

namespace {

std::atomic<Level> least_level{Level::info};
std::atomic<Format> output_format{Format::text};
thread_local int quiet_depth = 0;

constexpr std::string_view name_of(Level level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

// JSON string (RFC 8259). Also the quoting of the text form, so that a stranger's line break cannot forge a log line.
void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  for (char c : to_valid_utf8(value)) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      line += c;
    }
  }
  line += '"';
}

}  // namespace

QuietLog::QuietLog() { ++quiet_depth; }
QuietLog::~QuietLog() { --quiet_depth; }

void configure(Level least, Format format) {
  least_level = least;
  output_format = format;
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (quiet_depth > 0 || level < least_level.load(std::memory_order_relaxed)) return;
  bool json = output_format.load(std::memory_order_relaxed) == Format::json;
  auto at = to_rfc3339(SystemClock{}.now());
  std::string line = json ? fmt::format(R"({{"at":"{}","level":"{}","event":"{}")", at, name_of(level), event)
                          : fmt::format("{} {:<7} {}", at, name_of(level), event);
  for (const auto& field : fields) {
    line += json ? fmt::format(",\"{}\":", field.name) : fmt::format(" {}=", field.name);
    if (field.is_number) {
      line += field.value;
    } else {
      append_quoted(line, field.value);
    }
  }
  line += json ? "}\n" : "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call: lines of several threads do not mix
}

void error(std::string_view event, const Error& error) {
  write(Level::error, event,
        {{"kind", to_string(error.kind)},
         {"code", error.code},
         {"detail", error.detail},
         {"where", fmt::format("{}:{}", error.where.file_name(), error.where.line())}});
}

}  // namespace answerable::log
