#include "channels/email/imap_source.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/log.h"
#include "base/random.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/mailbox_check.h"

namespace answerable::channels {

namespace {

std::string name_of(const Place& place, std::uint32_t uid) {
  return "The mail with UID " + std::to_string(uid) + " in " + place.folder + " (UIDVALIDITY " +
         std::to_string(place.validity) + ")";
}

// A server may leave a mail out of the answer; it is wanted all the same.
MailboxItem with_size(std::uint32_t uid, const std::vector<MailboxItem>& sizes) {
  auto found = std::ranges::lower_bound(sizes, uid, {}, &MailboxItem::uid);
  return found != sizes.end() && found->uid == uid ? *found : MailboxItem{uid, 0, std::nullopt};
}

std::optional<Time> came_at(const std::vector<MailboxItem>& batch, std::uint32_t uid) {
  const auto found = std::ranges::lower_bound(batch, uid, {}, &MailboxItem::uid);
  return found != batch.end() && found->uid == uid ? found->came_at : std::nullopt;
}

}  // namespace

ImapSource::ImapSource(const ImapParts& parts, ChannelId channel, std::string folder,
                       std::shared_ptr<ChannelHealth> health)
    : parts_(parts),
      channel_(channel),
      folder_(std::move(folder)),
      health_(std::move(health)),
      missing_(parts.metrics.gauge("answerable_mailbox_missing",
                                   "Mails that a folder of a mailbox has and we have not, at the last check.",
                                   mailbox_label(channel_, folder_))),
      at_source_(parts.metrics.gauge("answerable_mailbox_at_source",
                                     "Mails in a folder of a mailbox, at the last check.",
                                     mailbox_label(channel_, folder_))) {}

ImapSource::~ImapSource() { stop(); }

void ImapSource::start() {
  thread_ = std::thread([this] { run(); });
}

void ImapSource::begin_to_stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (session_) session_->interrupt();
  }
  wake_.notify_all();
}

void ImapSource::stop() {
  begin_to_stop();
  if (thread_.joinable()) thread_.join();
}

void ImapSource::pause(std::int64_t pause_ms) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::chrono::milliseconds(pause_ms), [&] { return stopping_.load(); });
}

void ImapSource::run() {
  auto pause_ms = parts_.retry_first_ms;
  while (!stopping_) {
    auto channel = parts_.channels.find(channel_);
    if (!channel || channel->state == intake::ChannelState::disabled) return;
    const auto began_ms = parts_.clock.monotonic_ms();
    auto status = serve(*channel);
    {
      std::lock_guard lock(mutex_);
      session_.reset();
    }
    if (stopping_ || status) continue;
    log::warning("imap_source_failed",
                 {{"channel", channel_.text()}, {"code", status.error().code}, {"detail", status.error().detail}});
    health_->tell(*channel, folder_, status.error().detail);
    // A connection that held for a while starts the back-off afresh.
    if (parts_.clock.monotonic_ms() - began_ms > 60'000) pause_ms = parts_.retry_first_ms;
    pause(pause_ms + static_cast<std::int64_t>(random_below(static_cast<std::uint32_t>(pause_ms / 4 + 1))));
    pause_ms = std::min(parts_.retry_last_ms, pause_ms * 2);
  }
}

Status ImapSource::serve(const intake::Channel& channel) {
  TRY(auto settings, read_mail_settings(channel.config));
  if (!settings.imap) return fail(ErrorKind::invalid, "imap_not_set", "The channel has no mailbox.");
  TRY(auto connected, parts_.tokens.sign_in(channel, *settings.imap, imap_password_name, [&](const auto& secret) {
    return ImapSession::connect(*settings.imap, secret,
                                {parts_.ca_file, parts_.network_timeout_ms, parts_.reach, parts_.guard});
  }));
  std::shared_ptr<ImapSession> session = std::move(connected);
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return {};
    session_ = session;
  }
  TRY(auto mailbox, session->select(folder_));
  const Place place{channel, folder_, source_name(*settings.imap, folder_), mailbox.validity};
  health_->tell(channel, folder_, "");
  return watch(*session, place, settings);
}

Status ImapSource::watch(ImapSession& session, const Place& place, const MailSettings& settings) {
  acts_ = settings.after_storing != AfterStoring::leave;
  while (!stopping_) {
    TRY(const bool has_moved, collect(session, place));
    TRY_STATUS(act_on_stored(session, place, settings));
    if (has_moved) continue;  // more may have come meanwhile
    if (parts_.clock.monotonic_ms() >= next_check_ms_) {
      TRY_STATUS(check(session, place));
      continue;  // what its search has heard of is not news any more when wait() is asked
    }
    const auto until_check_ms = std::max<std::int64_t>(1, next_check_ms_ - parts_.clock.monotonic_ms());
    TRY_STATUS(session.wait(std::min(until_check_ms, session.can_idle() ? parts_.idle_ms : parts_.poll_ms)));
  }
  return {};
}

// In portions that fit into memory. F: Status(const std::vector<MailboxItem>&)
template <class F>
Status each_batch(ImapSession& session, const ImapParts& parts, const std::vector<std::uint32_t>& uids, F&& act) {
  for (std::size_t at = 0; at < uids.size();) {
    const auto last = std::min(uids.size(), at + parts.batch_max) - 1;
    TRY(const auto sizes, session.sizes(uids[at], uids[last]));
    std::vector<MailboxItem> batch;
    std::size_t bytes = 0;
    for (; at <= last; ++at) {
      const auto item = with_size(uids[at], sizes);
      if (!batch.empty() && bytes + item.bytes > parts.batch_bytes_max) {
        TRY_STATUS(act(batch));
        batch.clear();
        bytes = 0;
      }
      batch.push_back(item);
      bytes += item.bytes;
    }
    TRY_STATUS(act(batch));
  }
  return {};
}

Result<bool> ImapSource::collect(ImapSession& session, const Place& place) {
  TRY(const auto before, open_cursor(parts_.database, place));
  auto cursor = before;
  TRY(const auto uids, session.uids_after(cursor));
  TRY_STATUS(each_batch(session, parts_, uids, [&](const std::vector<MailboxItem>& batch) -> Status {
    if (stopping_) return {};
    TRY(cursor, take_batch(session, place, cursor, batch));
    return {};
  }));
  return cursor != before;
}

Result<std::uint32_t> ImapSource::take_batch(ImapSession& session, const Place& place, std::uint32_t cursor,
                                             const std::vector<MailboxItem>& batch) {
  TRY(auto mails, fetch(session, batch));
  std::optional<std::uint32_t> due;
  if (mails.size() < batch.size()) {
    TRY(due, judge_missing(session, place, batch, mails));
  }
  std::ranges::sort(mails, {}, &FetchedMail::uid);
  if (due) std::erase_if(mails, [&](const auto& mail) { return mail.uid > *due; });
  const auto last = mails.empty() ? cursor : mails.back().uid;
  TRY_STATUS(store(place, cursor, std::move(mails)));
  if (due)
    return fail(ErrorKind::unavailable, "imap_content_missing",
                "The server does not hand over the content of " + name_of(place, *due) + ". It is fetched again.");
  std::erase_if(misses_, [&](const auto& miss) { return miss.first <= last; });
  return last;
}

Result<std::vector<FetchedMail>> ImapSource::fetch(ImapSession& session, const std::vector<MailboxItem>& batch) {
  std::vector<FetchedMail> mails;
  std::vector<std::uint32_t> wanted;
  // What would break the connection at the guard, for ever, comes in parts too. Sizes of servers are not exact.
  const auto whole_max = std::min<std::uint64_t>(parts_.part_bytes_max, parts_.guard.literal_bytes_max / 16 * 15);
  for (const auto& item : batch) {
    if (item.bytes <= whole_max && item.bytes <= parts_.message_bytes_max) {
      wanted.push_back(item.uid);
      continue;
    }
    std::optional<FetchedMail> large;
    if (item.bytes <= parts_.message_bytes_max) {
      TRY(large, fetch_in_parts(session, item));
    } else {
      TRY(large, notice(session, item));
    }
    if (large) mails.push_back(*std::move(large));
  }
  if (wanted.empty()) return mails;
  TRY(auto fetched, session.fetch(wanted));
  for (auto& [uid, raw] : fetched)
    if (std::ranges::binary_search(wanted, uid))
      mails.push_back({uid, {std::move(raw), std::nullopt}, ItemOutcome::taken, came_at(batch, uid)});
  return mails;
}

Result<std::optional<FetchedMail>> ImapSource::notice(ImapSession& session, const MailboxItem& item) {
  TRY(const auto header, session.fetch_short_header(item.uid));
  if (header.empty()) return std::nullopt;
  return FetchedMail{
      item.uid, {too_large_notice(header, item.bytes), std::nullopt}, ItemOutcome::noticed, item.came_at};
}

// Until the server has no more of it: its size alone is not to be relied upon. One that ends long before its size is
// not taken for whole.
Result<std::optional<FetchedMail>> ImapSource::fetch_in_parts(ImapSession& session, const MailboxItem& item) {
  const auto part_max = std::min<std::uint64_t>(parts_.part_bytes_max, parts_.guard.literal_bytes_max / 16 * 15);
  MailReceiver receiver(parts_.intake);
  while (!stopping_) {
    TRY(const auto part, session.fetch_part(item.uid, static_cast<std::uint32_t>(receiver.size()),
                                            static_cast<std::uint32_t>(part_max)));
    if (!part || part->empty()) break;
    TRY_STATUS(receiver.append(*part));
    if (receiver.size() > parts_.message_bytes_max) return notice(session, {item.uid, receiver.size(), item.came_at});
  }
  if (stopping_ || receiver.size() < item.bytes / 16 * 15) return std::nullopt;
  TRY(auto mail, receiver.finish());
  return FetchedMail{item.uid, std::move(mail), ItemOutcome::taken, item.came_at};
}

// What was asked for and did not come was either expunged meanwhile, or its server keeps its content back. The first of
// the latter that is worth another try is returned: nothing after it may be stored. One that is not gets a stand-in
// among `mails`.
Result<std::optional<std::uint32_t>> ImapSource::judge_missing(ImapSession& session, const Place& place,
                                                               const std::vector<MailboxItem>& batch,
                                                               std::vector<FetchedMail>& mails) {
  std::vector<std::uint32_t> missing;
  for (const auto& item : batch)
    if (std::ranges::find(mails, item.uid, &FetchedMail::uid) == mails.end()) missing.push_back(item.uid);
  TRY(const auto existing, session.which_exist(missing));
  std::optional<std::uint32_t> due;
  std::vector<std::uint32_t> expunged;
  for (auto uid : missing) {
    if (!std::ranges::binary_search(existing, uid)) {
      expunged.push_back(uid);
    } else if (++misses_[uid] < parts_.content_tries_max) {
      if (!due) due = uid;
    } else {
      mails.push_back({uid,
                       {name_of(place, uid) + " is in the mailbox, but its server did not hand over its content in " +
                            std::to_string(parts_.content_tries_max) + " tries. Read it there.",
                        std::nullopt},
                       ItemOutcome::withheld,
                       std::nullopt});
    }
  }
  if (expunged.empty()) return due;
  log::info("imap_mail_expunged", {{"channel", place.channel.id.text()}, {"uids", name_uids(expunged)}});
  TRY_STATUS(parts_.database.write([&](store::Transaction& tx) -> Status {
    for (auto uid : expunged) TRY_STATUS(note_item(tx, place, uid, ItemOutcome::expunged, false));
    return {};
  }));
  return due;
}

// Many at once, so that they share a commit; each moves the cursor on from the one before. A large one goes to the blob
// store first and would be overtaken there, so it goes alone.
Status ImapSource::store(const Place& place, std::optional<std::uint32_t> cursor, std::vector<FetchedMail> mails) {
  std::vector<std::future<Status>> answers;
  Status first_failure;
  auto wait_for_all = [&] {
    for (auto& answer : answers) {
      auto status = answer.get();
      if (!status && first_failure) first_failure = std::move(status);
    }
    answers.clear();
  };
  for (auto& mail : mails) {
    const bool is_large = mail.mail.stored || mail.mail.raw.size() > intake::raw_in_row_max;
    if (is_large) wait_for_all();
    if (!first_failure) break;
    auto done = std::make_shared<std::promise<Status>>();
    answers.push_back(done->get_future());
    const auto now = parts_.clock.now();
    const bool is_due = acts_ && mail.outcome == ItemOutcome::taken;
    auto also = [place, cursor, is_due, uid = mail.uid, outcome = mail.outcome](store::Transaction& tx) -> Status {
      if (cursor) TRY_STATUS(advance(tx, place, *cursor, uid));
      return note_item(tx, place, uid, outcome, is_due);
    };
    auto arrival = mail.outcome == ItemOutcome::withheld
                       ? missing_mail(place.channel, name_of(place, mail.uid), std::move(mail.mail.raw), now)
                       : mail_arrival(place.channel, std::move(mail.mail), now);
    arrival.peer = "imap";
    arrival.source_at = mail.came_at;
    parts_.intake.accept(std::move(arrival), std::move(also),
                         [done](Status status) { done->set_value(std::move(status)); });
    if (cursor) cursor = mail.uid;
    if (is_large) wait_for_all();
  }
  wait_for_all();
  return first_failure;
}

// Only what the database holds as stored and due is touched at the server, so a crash in between does it again.
Status ImapSource::act_on_stored(ImapSession& session, const Place& place, const MailSettings& settings) {
  if (!acts_) return {};
  while (!stopping_) {
    TRY(const auto due, parts_.database.query([&](store::Session& ours) { return due_items(ours, place); }));
    if (due.empty()) return {};
    TRY_STATUS(settings.after_storing == AfterStoring::seen ? session.mark_seen(due)
                                                            : session.move(due, settings.move_to));
    TRY_STATUS(parts_.database.write([&](store::Transaction& tx) { return settle_items(tx, place, due); }));
  }
  return {};
}

// How many came. Between two portions what is new comes first.
Result<std::size_t> ImapSource::fetch_missing(ImapSession& session, const Place& place,
                                              const std::vector<std::uint32_t>& missing) {
  std::size_t fetched = 0;
  TRY_STATUS(each_batch(session, parts_, missing, [&](const std::vector<MailboxItem>& batch) -> Status {
    if (stopping_) return {};
    TRY(auto mails, fetch(session, batch));
    fetched += mails.size();
    TRY_STATUS(store(place, std::nullopt, std::move(mails)));
    TRY_STATUS(collect(session, place));
    return {};
  }));
  return fetched;
}

Status ImapSource::check(ImapSession& session, const Place& place) {
  const auto began_ms = parts_.clock.monotonic_ms();
  std::uint64_t asked = 0;  // who asks from now on may know of what this look does not see
  bool is_whole = false;
  {
    std::lock_guard lock(mutex_);
    asked = asked_;
    is_whole = asked_ > answered_;  // who asks means each UID
  }
  MailboxCheck found;
  for (std::size_t fetched = 1; fetched > 0 && !stopping_;) {
    const auto now = parts_.clock.now();
    TRY(found, is_whole ? check_mailbox(session, parts_.database, place, now)
                        : check_if_changed(session, parts_.database, place, now, parts_.full_check_ms));
    if (found.missing.empty()) break;
    is_whole = true;
    log::warning("mailbox_gap",
                 {{"channel", place.channel.id.text()}, {"folder", folder_}, {"uids", found.figures.missing_names}});
    TRY(fetched, fetch_missing(session, place, found.missing));
  }
  TRY_STATUS(parts_.database.write([&](store::Transaction& tx) -> Status {
    if (found.complete) TRY_STATUS(remember_checked_state(tx, place, {*found.complete, found.figures.checked_at}));
    return intake::record_check(tx, place.channel.workspace, place.channel.id, found.figures);
  }));
  missing_.set(found.figures.missing);
  at_source_.set(found.figures.at_source);
  health_->tell(place.channel, folder_ + " gap",
                found.missing.empty() ? ""
                                      : "Mail is missing: " + folder_ + " has UID " + found.figures.missing_names +
                                            " and does not hand it over. Read it there.");
  std::lock_guard lock(mutex_);
  next_check_ms_ = asked == asked_ ? began_ms + parts_.check_ms : 0;
  answered_ = asked;
  wake_.notify_all();
  return {};
}

bool ImapSource::check_within(std::int64_t limit_ms) {
  std::unique_lock lock(mutex_);
  const auto mine = ++asked_;
  next_check_ms_ = 0;
  if (session_) session_->nudge();
  wake_.wait_for(lock, std::chrono::milliseconds(limit_ms), [&] { return stopping_ || answered_ >= mine; });
  return answered_ >= mine;
}

}  // namespace answerable::channels
