#include "intake/accept.h"

#include "base/utf8.h"
#include "intake/completeness.h"
#include "intake/engine.h"
#include "intake/spool.h"
#include "store/bulk.h"

namespace answerable::intake {

struct Engine::Accepting {
  SpoolId id;
  Arrival arrival;
  std::optional<Digest> blob;
  store::BlobHold hold;  // of it
  std::function<Status(store::Transaction&)> also;
  std::function<void(Status)> done;
  bool is_new = false;
};

namespace {

Status check(const Arrival& arrival, const IntakeLimits& limits) {
  if (arrival.size() > limits.raw_bytes_max)
    return fail(ErrorKind::limited, "message_too_large", "The message is larger than this server takes.");
  if (arrival.external_key.empty() || arrival.external_key.size() > external_key_bytes_max ||
      !is_valid_utf8(arrival.external_key))
    return fail(ErrorKind::invalid, "external_key", "The arrival has no usable name.");
  std::size_t envelope = arrival.envelope_from.size();
  for (const auto& to : arrival.envelope_to) envelope += to.size() + 1;
  if (envelope > envelope_bytes_max)
    return fail(ErrorKind::limited, "envelope_too_large", "The envelope is larger than this server takes.");
  return {};
}

}  // namespace

std::string_view to_string(Disposition disposition) {
  switch (disposition) {
    case Disposition::appended: return "appended";
    case Disposition::duplicate: return "duplicate";
    case Disposition::bounce_recorded: return "bounce_recorded";
    case Disposition::loop_stopped: return "loop_stopped";
    case Disposition::quarantined: return "quarantined";
    case Disposition::held: return "held";
  }
  return "unknown";
}

std::unique_ptr<Intake> Intake::make(IntakeParts parts, IntakeLimits limits) {
  return std::make_unique<Engine>(parts, limits);
}

Status Engine::has_room(std::size_t bytes) const {
  if (waiting_.is_full())
    return fail(ErrorKind::limited, "intake_full", "Too many messages wait to be understood: try again in a minute.");
  return parts_.room_for ? parts_.room_for(bytes) : Status();
}

void Engine::accept(Arrival arrival, std::function<Status(store::Transaction&)> also,
                    std::function<void(Status)> done) {
  auto refuse = [&](Status why) {
    refused_.add();
    done(std::move(why));
  };
  if (stopping_)
    return refuse(fail(ErrorKind::unavailable, "shutting_down", "The server is stopping: try again in a minute."));
  if (auto status = check(arrival, limits_); !status) return refuse(std::move(status));
  if (parts_.room_for) {
    if (auto status = parts_.room_for(arrival.size()); !status) return refuse(std::move(status));
  }
  if (!waiting_.take(arrival.workspace))
    return refuse(
        fail(ErrorKind::limited, "intake_full", "Too many messages wait to be understood: try again in a minute."));
  arrival.envelope_from = to_valid_utf8(arrival.envelope_from);
  for (auto& to : arrival.envelope_to) to = to_valid_utf8(to);
  auto accepting = std::make_shared<Accepting>();
  accepting->id = SpoolId::make(parts_.clock);
  accepting->arrival = std::move(arrival);
  accepting->also = std::move(also);
  accepting->done = std::move(done);
  if (auto& stored = accepting->arrival.stored_raw) {
    accepting->blob = stored->digest;
    accepting->hold = std::move(stored->hold);
    return store(std::move(accepting));
  }
  if (accepting->arrival.raw.size() > raw_in_row_max) return store_large(std::move(accepting));
  store(std::move(accepting));
}

void Engine::store(std::shared_ptr<Accepting> accepting) {
  {
    std::lock_guard lock(idle_mutex_);
    ++jobs_in_flight_;
  }
  store::submit_bulk(
      parts_.database,
      [accepting, &node = parts_.node](store::Transaction& tx) -> Status {
        TRY(accepting->is_new, store_arrival(tx, accepting->id, accepting->arrival, accepting->blob, node));
        count_arrival(accepting->arrival, accepting->is_new);
        if (accepting->also) TRY_STATUS(accepting->also(tx));
        return {};
      },
      [this, accepting](Status status) {
        stored(*accepting, status);
        accepting->done(std::move(status));
        job_ended();
      });
}

// Durable, or not: in the first case a worker takes it from here.
void Engine::stored(Accepting& accepting, const Status& status) {
  auto& arrival = accepting.arrival;
  auto& figures = figures_of(arrival.channel_kind);
  if (!status) refused_.add();
  if (status) (accepting.is_new ? figures.accepted : figures.repeated)->add();
  // When nobody knows whether it was committed, the worker looks.
  const bool is_open = !status && status.error().code == "commit_unknown";
  if (!is_open && (!status || !accepting.is_new)) return finish_one(arrival.workspace);
  WorkItem item;
  item.workspace = arrival.workspace;
  item.spool = accepting.id;
  const auto size = arrival.raw.size();
  if (!is_open && !arrival.stored_raw && memory_bytes_.load() + size <= limits_.memory_bytes_max) {
    memory_bytes_ += size;
    item.arrival = std::move(arrival);
  } else {
    std::string().swap(arrival.raw);
  }
  queue_.push(std::move(item));
}

void Engine::store_large(std::shared_ptr<Accepting> accepting) {
  {
    std::lock_guard lock(large_mutex_);
    if (large_.size() < limits_.large_waiting_max) {
      large_.push_back(std::move(accepting));
      large_wake_.notify_one();
      return;
    }
  }
  finish_one(accepting->arrival.workspace);
  refused_.add();
  accepting->done(
      fail(ErrorKind::limited, "intake_full", "Too many large messages wait for the disk: try again in a minute."));
}

void Engine::run_large() {
  while (true) {
    std::shared_ptr<Accepting> accepting;
    {
      std::unique_lock lock(large_mutex_);
      large_wake_.wait(lock, [&] { return stopping_ || !large_.empty(); });
      if (large_.empty()) return;
      accepting = std::move(large_.front());
      large_.pop_front();
    }
    auto blob = parts_.blobs.put(accepting->arrival.raw);
    if (!blob) {
      refused_.add();
      finish_one(accepting->arrival.workspace);
      accepting->done(std::unexpected(std::move(blob).error()));
      continue;
    }
    accepting->blob = blob->digest;
    accepting->hold = std::move(blob->hold);
    store(std::move(accepting));
  }
}

}  // namespace answerable::intake
