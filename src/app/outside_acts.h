// Acts of commands that work beside a running server and belong into the ledger. SQLite lets no second process write,
// so the command leaves a note in a folder of the data folder; the server, which looks every second, writes the entry
// and takes the note away. Only who may read and write the data folder can leave one. Without a server the command
// writes the entry itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/installation.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace answerable::app {

inline constexpr std::int64_t outside_act_wait_ms = 15'000;  // for the server to take a note
inline constexpr int outside_acts_max = 100;                 // taken at one look

enum class OutsideAct : std::uint8_t { ledger_export };

// The command's side: returns when the entry is committed. `workspace` nil: the installation's own ledger. Errors:
// unavailable "act_not_recorded" when a server holds the folder and takes no note within outside_act_wait_ms.
Status record_outside_act(const Configuration& configuration, OutsideAct act, WorkspaceId workspace);

// The server's side. What cannot be read as a note is removed, with a line in the log.
Status take_outside_acts(Installation& installation);

}  // namespace answerable::app
