#include "app/running_node.h"

#include "app/blob_owner.h"
#include "app/node.h"

namespace answerable::app {

RunningNode::RunningNode(Installation& at, std::string name)
    : membership_(at.database(), at.clock(), std::move(name)) {}

Result<std::unique_ptr<RunningNode>> RunningNode::start(Installation& at) {
  TRY(auto name, load_node(at.configuration().data_dir));
  const auto blobs = blobs_folder(at.configuration());
  TRY_STATUS(leave_node_mark(blobs, name));
  std::unique_ptr<RunningNode> it(new RunningNode(at, std::move(name)));
  TRY_STATUS(it->membership_.renew());
  TRY_STATUS(check_blobs_shared(at.database(), blobs));
  auto renew = [&node = *it](const std::stop_token&) -> Status {
    auto renewed = node.membership_.renew();
    node.tell();
    return renewed;
  };
  it->pulse_ = std::make_unique<Housekeeper>(
      std::vector<Housekeeper::Task>{
          {.name = "renew_leases", .every_ms = cluster::Membership::renew_every_ms, .act = renew}},
      at.clock());
  return it;
}

void RunningNode::tell_duty(std::function<void(bool)> told) {
  {
    const std::lock_guard lock(mutex_);
    told_ = std::move(told);
  }
  tell();
}

void RunningNode::tell() {
  const std::lock_guard lock(mutex_);
  if (told_) told_(membership_.has_duty());
}

void RunningNode::stop() {
  pulse_.reset();
  membership_.leave();
}

}  // namespace answerable::app
