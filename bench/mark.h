// A moment of a program of measurements: two of them give its time by the wall, and that of its processors.
#pragma once

#include <sys/resource.h>

#include <chrono>

struct Mark {
  double wall_s = 0, cpu_s = 0;  // cpu_s: of the whole process, all threads
};

inline Mark now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  auto wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  return {.wall_s = wall, .cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}
