// Looks at a port: is it free, does something answer there?
#pragma once

#include <cstdint>
#include <string>

namespace answerable::app {

enum class Probe : std::uint8_t { free, answers, taken, denied, malformed };

// `listen`: "address:port". Binds and closes again; when that fails, connects (at most one second).
Probe probe_listen(const std::string& listen);
// True when a TCP connection is accepted within two seconds. Resolves names.
bool probe_connect(const std::string& host, std::uint16_t port);

}  // namespace answerable::app
