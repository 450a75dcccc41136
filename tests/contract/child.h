// A server that a test starts and that ends with the test: a line of bash, run from the root of the tree.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/ensure.h"

namespace answerable::contract {

class Child {
 public:
  // `script` ends when its input ends, or by SIGTERM.
  explicit Child(const std::string& script) {
    int in[2];
    int out[2];
    // Other children must not hold our ends, or this one's input would not end with us.
    ensure(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "pipes");
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      execlp("bash", "bash", "-c", script.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    end_ = in[1];
    lines_ = fdopen(out[0], "r");
  }
  ~Child() {
    close(end_);
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    std::fclose(lines_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line that it says; empty when it has ended.
  std::string line() {
    char text[2'000] = "";
    return std::fscanf(lines_, " %1999[^\n]", text) == 1 ? text : "";
  }

 private:
  pid_t child_ = -1;
  int end_ = -1;
  FILE* lines_ = nullptr;
};

}  // namespace answerable::contract
