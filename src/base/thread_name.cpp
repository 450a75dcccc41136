#include "base/thread_name.h"

#include <pthread.h>

#include <string>

namespace answerable {

void name_this_thread(const char* name) { pthread_setname_np(pthread_self(), std::string(name, 0, 15).c_str()); }

}  // namespace answerable
