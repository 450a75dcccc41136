// What has to happen by itself as time passes: snoozes end, silent viewers are forgotten, old keys and sessions go. One
// thread, one look a second; a task that fails is logged and tried at its next turn.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::app {

class Housekeeper {
 public:
  struct Task {
    std::string name;  // for the log
    std::int64_t every_ms = 0;
    std::function<Status()> act;
  };

  Housekeeper(std::vector<Task> tasks, const Clock& clock);  // starts
  ~Housekeeper();                                            // finishes the task at hand

  // Does what is due now, on the caller's thread. For tests with a fake clock.
  void run_due();

 private:
  void loop();

  struct Scheduled {
    Task task;
    std::int64_t due_ms = 0;  // monotonic
  };
  const Clock& clock_;
  std::mutex running_;
  std::vector<Scheduled> tasks_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace answerable::app
