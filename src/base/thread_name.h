// Names the calling thread for whoever looks with top -H, perf or a debugger.
#pragma once

namespace answerable {

void name_this_thread(const char* name);  // at most 15 characters; longer ones are cut

}  // namespace answerable
