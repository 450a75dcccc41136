// Looks at a port: is it free, does something answer there?
#pragma once

#include <cstdint>
#include <string>

namespace answerable::app {

enum class Probe : std::uint8_t { free, answers, taken, denied, malformed };

// `listen`: "address:port". Binds and closes again; when that fails, connects (at most one second).
Probe probe_listen(const std::string& listen);
// The first line that the server at `listen` says by itself, without its end; empty when none comes within two seconds.
std::string probe_greeting(const std::string& listen);
// True when what answers at `listen` says at /healthz that it is well. Its certificate is not judged: it is asked for
// nothing secret, and its name need not be that of the address.
bool probe_health(const std::string& listen, bool is_tls);
// True when a TCP connection is accepted within two seconds. Resolves names.
bool probe_connect(const std::string& host, std::uint16_t port);

}  // namespace answerable::app
