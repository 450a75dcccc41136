// While one of these lives, nothing that its thread does is logged: for what a self-test stages, which did not happen.
#pragma once

namespace answerable::log {

class QuietLog {  // of the thread that made it, and to be ended by it
 public:
  QuietLog();
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;
  ~QuietLog();
};

}  // namespace answerable::log
