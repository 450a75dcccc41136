// This process among those that run on its database: its name, its signs of life, and whether it has the duty
// (cluster/membership.h).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/housekeeper.h"
#include "app/installation.h"
#include "cluster/membership.h"

namespace answerable::app {

class RunningNode {
 public:
  // Holds the lock on the data folder already. Errors: unavailable "data_folder_unwritable", conflict
  // "blobs_not_shared"; those of the database.
  static Result<std::unique_ptr<RunningNode>> start(Installation& installation);
  ~RunningNode() { stop(); }

  const std::string& name() const { return membership_.node(); }
  Housekeeper::HasDuty has_duty() const {
    return [this] { return membership_.has_duty(); };
  }
  // `told` hears now, and every few seconds from a thread of its own, whether this node has the duty. Nothing: nobody
  // is told any more.
  void tell_duty(std::function<void(bool)> told);
  // Others take over at once. To be called when nothing is under way any more.
  void stop();

 private:
  RunningNode(Installation& installation, std::string name);
  void tell();

  cluster::Membership membership_;
  std::mutex mutex_;
  std::function<void(bool)> told_;
  std::unique_ptr<Housekeeper> pulse_;
};

}  // namespace answerable::app
