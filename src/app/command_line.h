// The command line: options, help, completion. One description (CLI11) feeds all three.
#pragma once

namespace answerable::app {

// Runs the command that argv names; returns its exit status (commands.h).
int run_command_line(int argc, char** argv);

}  // namespace answerable::app
