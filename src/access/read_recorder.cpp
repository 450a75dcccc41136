#include "access/read_recorder.h"

#include <algorithm>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

std::string key_of(const Actor& by, const ReadRecorder::What& what) {
  return std::string(to_string(what.kind)) + by.id_text() + what.contact.text() + what.conversation.text() +
         what.object;
}

std::string reason_key(const Actor& by, ConversationId conversation) { return by.id_text() + conversation.text(); }

Status ask_reason(Unusual why) {
  switch (why) {
    case Unusual::of_another:
      return fail(ErrorKind::denied, "reason_required", "A colleague has this conversation. Say why you open it.");
    case Unusual::closed_long_ago:
      return fail(ErrorKind::denied, "reason_required", "This was closed long ago. Say why you open it.");
    case Unusual::many:
      return fail(ErrorKind::denied, "reason_required", "You opened very many in an hour. Say why you open this one.");
  }
  return {};
}

Status check_reason(std::string_view reason) {
  if (reason.size() >= reason_bytes_min && one_line(reason, reason_bytes_max) == reason) return {};
  return fail(ErrorKind::invalid, "bad_reason", "A reason is one line of 3 to 500 bytes.");
}

}  // namespace

ReadRecorder::ReadRecorder(store::Database& database, const Clock& clock)
    : database_(database), clock_(clock), thread_([this] { loop(); }) {}

ReadRecorder::~ReadRecorder() { stop(); }

void ReadRecorder::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return;
    is_stopped_ = true;
  }
  wake_.notify_all();
  thread_.join();
  if (const auto written = write(); !written) log::error("readings_lost", written.error());
}

void ReadRecorder::loop() {
  name_this_thread("read-log");
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(write_every_ms), [this] { return is_stopped_; });
      if (is_stopped_) return;
    }
    if (const auto written = write(); !written) log::error("readings_not_written", written.error());
  }
}

Status ReadRecorder::note(const Actor& by, const What& what, std::string reason) {
  const auto now_ms = clock_.monotonic_ms();
  auto key = key_of(by, what);
  const std::scoped_lock lock(mutex_);
  const auto noted = noted_.find(key);
  if (noted != noted_.end() && now_ms - noted->second < same_within_ms && reason.empty()) return {};
  if (waiting_.size() >= waiting_max)
    return fail(ErrorKind::unavailable, "read_log_full",
                "Readings cannot be noted now, so nothing is shown. Try again.");
  if (noted_.size() >= remembered_max) noted_.clear();
  noted_[std::move(key)] = now_ms;
  waiting_.push_back({.workspace = by.workspace,
                      .at = clock_.now(),
                      .kind = what.kind,
                      .actor_kind = std::string(by.kind_name()),
                      .actor_id = by.id_text(),
                      .contact = what.contact,
                      .conversation = what.conversation,
                      .object = one_line(to_valid_utf8(what.object), read_object_bytes_max),
                      .reason = std::move(reason)});
  return {};
}

Result<ReadRules> ReadRecorder::rules(store::Session& session, WorkspaceId workspace) {
  {
    const std::scoped_lock lock(mutex_);
    const auto known = rules_.find(workspace);
    if (known != rules_.end() && clock_.monotonic_ms() - known->second.loaded_ms < rules_kept_ms)
      return known->second.rules;
  }
  TRY(const auto loaded, load_read_rules(session, workspace));
  const std::scoped_lock lock(mutex_);
  rules_[workspace] = {.rules = loaded, .loaded_ms = clock_.monotonic_ms()};
  return loaded;
}

// How many the person has opened before this one.
std::int64_t ReadRecorder::others_lately(const Actor& by, ConversationId opened, bool is_own) {
  const auto now_ms = clock_.monotonic_ms();
  const std::scoped_lock lock(mutex_);
  if (lately_.size() >= remembered_max) lately_.clear();
  auto& others = lately_[by.user].others;
  while (!others.empty() && now_ms - others.front().first >= hour_ms) others.pop_front();
  const auto count = static_cast<std::int64_t>(others.size());
  const bool is_known = std::ranges::any_of(others, [&](const auto& one) { return one.second == opened; });
  if (is_known) return 0;
  if (!is_own && count <= many_per_hour_max) others.emplace_back(now_ms, opened);
  return count;
}

Status ReadRecorder::open(store::Session& session, const Actor& by, const What& what, const Opened& opened,
                          std::string reason) {
  if (by.kind != Actor::Kind::user) return note(by, what);
  TRY(const auto now, rules(session, by.workspace));
  const auto key = reason_key(by, what.conversation);
  if (!reason.empty()) {
    TRY_STATUS(check_reason(reason));
    const std::scoped_lock lock(mutex_);
    if (reasons_.size() >= remembered_max) reasons_.clear();
    reasons_[key] = clock_.monotonic_ms();
  }
  const auto recent = others_lately(by, what.conversation, opened.assignee == by.user);
  const auto unusual = judge_reading(now, by, opened, recent, clock_.now());
  if (unusual) {
    const std::scoped_lock lock(mutex_);
    const auto given = reasons_.find(key);
    const bool holds = given != reasons_.end() && clock_.monotonic_ms() - given->second < reason_holds_ms;
    if (!holds) return ask_reason(*unusual);
  }
  return note(by, what, unusual ? std::move(reason) : std::string());
}

Status ReadRecorder::write() {
  const std::scoped_lock one_at_a_time(writing_);
  TRY(const bool must_seal, database_.query([](store::Session& session) { return is_seal_due(session); }));
  std::vector<Reading> batch;
  {
    const std::scoped_lock lock(mutex_);
    batch.swap(waiting_);
  }
  if (batch.empty() && !must_seal) return {};
  auto written = database_.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(append_readings(tx, batch));
    TRY_STATUS(seal_reads(tx));
    return {};
  });
  if (written) return {};
  const std::scoped_lock lock(mutex_);
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  return written;
}

}  // namespace answerable::access
