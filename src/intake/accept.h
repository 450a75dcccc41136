// The door: stores an arrival durably in the spool, then has it understood and appended in the background.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "access/actor.h"
#include "base/metrics.h"
#include "base/result.h"
#include "intake/arrival.h"
#include "intake/limits.h"
#include "policy/scanner.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::intake {

// What became of an arrival.
enum class Disposition : std::uint8_t { appended, duplicate, bounce_recorded, loop_stopped, quarantined, held };
std::string_view to_string(Disposition disposition);

class ChannelDirectory;

// What the intake is built from; all of it outlives the intake.
struct IntakeParts {
  store::Database& database;
  store::Blobs& blobs;
  const ChannelDirectory& channels;
  const Clock& clock;
  Metrics& metrics;
  // Is there room for so many bytes more? Empty: nobody asks. Any thread; must be short.
  std::function<Status(std::size_t)> room_for = {};
  policy::Scanner* scanner = nullptr;  // of malware; nullptr: there is none
  std::string node = {};               // whose arrivals these are; see app/node.h
};

class Intake {
 public:
  static std::unique_ptr<Intake> make(IntakeParts parts, IntakeLimits limits = {});
  // Bounds: see limits.h. Beyond them `accept` refuses with limited "intake_full" or "message_too_large", so that the
  // peer keeps the message (SMTP 452, 552).
  virtual ~Intake() = default;

  // `done` runs once: on the writer thread after the arrival is durable (Status ok: the peer may be told so) or with
  // the reason why it is not, or at once on the caller's thread when a bound is reached. `also` (optional) runs in the
  // same transaction, for a repeated arrival too and perhaps more than once: a cursor, a chat transcript row. Never
  // blocks. A repeated arrival (same channel and external_key) is a success and stores nothing.
  virtual void accept(Arrival arrival, std::function<Status(store::Transaction&)> also,
                      std::function<void(Status)> done) = 0;
  // For an arrival of many bytes, piece by piece; what it becomes goes into Arrival::stored_raw. Blocks: not for event
  // loops. Errors: those of Blobs::receive(). It ends before the intake does.
  virtual Result<std::unique_ptr<store::BlobReceiver>> receive_large() = 0;
  // Would accept() take an arrival of so many bytes now, as far as room goes? For peers that can be told before they
  // send it. Any thread; short. Errors: limited "intake_full" / "storage_low".
  virtual Status has_room(std::size_t bytes) const = 0;
  // Registers how arrivals of a channel kind are understood. Before start().
  virtual void normalise_with(std::string channel_kind, Normalise normalise) = 0;
  // Tries a quarantined arrival again; an administrator's act, in the ledger. Blocks until that is durable. `why`: for
  // what is let through despite malware. Errors: those of release_quarantined().
  virtual Status replay(const access::Actor& actor, SpoolId id, Insistence insistence = Insistence::again,
                        std::string_view why = {}) = 0;
  // Arrivals that are accepted and not yet understood; of those, the ones that wait for the malware scanner.
  virtual std::size_t waiting() const = 0;
  virtual std::size_t held() const = 0;
  // Takes up what a crash left in the spool, of this node or of one that is dead, then works until stop(). Background
  // work runs on own threads (bounded).
  virtual Status start() = 0;
  // Takes up what nodes that have died since have left: to be called every few seconds, by one node.
  virtual Status take_over() = 0;
  virtual void stop() = 0;
  // Blocks until nothing accepted before the call still waits, but for what is held. For tests and `answerable mail
  // deliver`.
  virtual void wait_until_idle() = 0;
};

}  // namespace answerable::intake
