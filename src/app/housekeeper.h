// What has to happen by itself as time passes: snoozes end, what nobody needs goes. One thread, one look a second; a
// task that fails is logged and tried at its next turn. Tasks that others wait for have a housekeeper of their own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
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
    std::function<Status(const std::stop_token&)> act;  // what may take long ends early when asked to
    std::int64_t first_after_ms = 0;                    // since the start
    bool is_for_one_node = false;                       // of several only the one that has the duty does it
  };
  using HasDuty = std::function<bool()>;

  // Starts. Without `has_duty` this node has it. What was due meanwhile is done as soon as the duty comes.
  Housekeeper(std::vector<Task> tasks, const Clock& clock, HasDuty has_duty = {});
  ~Housekeeper();  // ends the task at hand

  // Does what is due now, on the caller's thread. For tests with a fake clock.
  void run_due();

 private:
  void loop();

  struct Scheduled {
    Task task;
    std::int64_t due_ms = 0;  // monotonic
  };
  const Clock& clock_;
  const HasDuty has_duty_;
  std::mutex running_;
  std::vector<Scheduled> tasks_;
  std::mutex mutex_;
  std::condition_variable stop_;
  std::stop_source stopping_;
  std::thread thread_;
};

}  // namespace answerable::app
