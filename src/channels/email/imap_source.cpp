#include "channels/email/imap_source.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/log.h"
#include "base/random.h"
#include "channels/email/mail_arrival.h"

namespace answerable::channels {

namespace {

// Only a successor of the mail before may move the cursor: when one mail could not be stored, none after it is either.
Status advance(store::Transaction& tx, const Place& place, std::int64_t from, std::int64_t to) {
  TRY(auto moved,
      tx.execute(
          "update channel_cursors set position = $6, updated_at = $7 where workspace_id = $1 and channel_id = $2 "
          "and source = $3 and validity = $4 and position = $5",
          {place.channel.workspace, place.channel.id, place.source, place.validity, from, to, tx.now()}));
  if (moved != 1) return fail(ErrorKind::conflict, "imap_cursor_moved", "Another reader of this mailbox was faster.");
  return {};
}

std::string too_large_notice(const std::string& header, std::size_t bytes) {
  auto head = header;
  while (head.ends_with("\r\n\r\n")) head.resize(head.size() - 2);
  return head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis mail of " +
         std::to_string(bytes / (1024 * 1024)) +
         " MB is larger than this server takes. It is still in the mailbox.\r\n";
}

std::string source_name(const MailServer& server, const std::string& folder) {
  return server.user + "@" + server.host + ":" + std::to_string(server.port) + "/" + folder;
}

std::string name_of(const Place& place, std::uint32_t uid) {
  return "The mail with UID " + std::to_string(uid) + " in " + place.folder + " (UIDVALIDITY " +
         std::to_string(place.validity) + ")";
}

// A server may leave a mail out of the answer; it is wanted all the same.
MailboxItem with_size(std::uint32_t uid, const std::vector<MailboxItem>& sizes) {
  auto found = std::ranges::lower_bound(sizes, uid, {}, &MailboxItem::uid);
  return found != sizes.end() && found->uid == uid ? *found : MailboxItem{uid, 0};
}

}  // namespace

ImapSource::ImapSource(const ImapParts& parts, ChannelId channel) : parts_(parts), channel_(channel) {}

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
    tell_health(*channel, intake::ChannelState::failing, status.error().detail);
    // A connection that held for a while starts the back-off afresh.
    if (parts_.clock.monotonic_ms() - began_ms > 60'000) pause_ms = parts_.retry_first_ms;
    pause(pause_ms + static_cast<std::int64_t>(random_below(static_cast<std::uint32_t>(pause_ms / 4 + 1))));
    pause_ms = std::min(parts_.retry_last_ms, pause_ms * 2);
  }
}

Status ImapSource::serve(const intake::Channel& channel) {
  TRY(auto settings, read_mail_settings(channel.config));
  if (!settings.imap) return fail(ErrorKind::invalid, "imap_not_set", "The channel has no mailbox.");
  TRY(auto password, parts_.channels.secret(channel, imap_password_name));
  TRY(auto connected, ImapSession::connect(*settings.imap, password,
                                           {parts_.ca_file, parts_.network_timeout_ms, parts_.reach, parts_.guard}));
  std::shared_ptr<ImapSession> session = std::move(connected);
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return {};
    session_ = session;
  }
  const auto& folder = settings.imap_folder;
  TRY(auto mailbox, session->select(folder));
  const Place place{channel, folder, source_name(*settings.imap, folder), mailbox.validity};
  tell_health(channel, intake::ChannelState::active, "");
  while (!stopping_) {
    TRY(const bool has_moved, collect(*session, place));
    if (has_moved) continue;  // more may have come meanwhile
    TRY_STATUS(session->wait(session->can_idle() ? parts_.idle_ms : parts_.poll_ms));
  }
  return {};
}

// The row of the cursor, at the start of the folder when it or its UIDVALIDITY is new.
Result<std::uint32_t> ImapSource::open_cursor(const Place& place) {
  return parts_.database.write([&](store::Transaction& tx) -> Result<std::uint32_t> {
    TRY(auto known, tx.find("select validity, position from channel_cursors where workspace_id = $1 and channel_id = "
                            "$2 and source = $3",
                            {place.channel.workspace, place.channel.id, place.source},
                            [](const store::Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
    if (known && known->first == place.validity) return static_cast<std::uint32_t>(known->second);
    if (known) log::warning("imap_uidvalidity_changed", {{"channel", place.channel.id.text()}});
    TRY_STATUS(
        tx.execute("insert into channel_cursors (workspace_id, channel_id, source, validity, position, updated_at) "
                   "values ($1, $2, $3, $4, 0, $5) on conflict (workspace_id, channel_id, source) do update set "
                   "validity = excluded.validity, position = 0, updated_at = excluded.updated_at",
                   {place.channel.workspace, place.channel.id, place.source, place.validity, tx.now()}));
    return std::uint32_t{0};
  });
}

Result<bool> ImapSource::collect(ImapSession& session, const Place& place) {
  TRY(const auto before, open_cursor(place));
  auto cursor = before;
  TRY(auto uids, session.uids_after(cursor));
  for (std::size_t at = 0; at < uids.size() && !stopping_;) {
    auto last = std::min(uids.size(), at + parts_.batch_max) - 1;
    TRY(auto sizes, session.sizes(uids[at], uids[last]));
    std::vector<MailboxItem> batch;
    std::size_t bytes = 0;
    for (; at <= last; ++at) {
      const auto item = with_size(uids[at], sizes);
      if (!batch.empty() && bytes + item.bytes > parts_.batch_bytes_max) {
        TRY(cursor, take_batch(session, place, cursor, batch));
        batch.clear();
        bytes = 0;
      }
      batch.push_back(item);
      bytes += item.bytes;
    }
    if (!batch.empty()) {
      TRY(cursor, take_batch(session, place, cursor, batch));
    }
  }
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
  for (const auto& item : batch) {
    if (item.bytes <= parts_.message_bytes_max) {
      wanted.push_back(item.uid);
      continue;
    }
    TRY(auto header, session.fetch_short_header(item.uid));
    if (!header.empty()) mails.push_back({item.uid, too_large_notice(header, item.bytes)});
  }
  if (wanted.empty()) return mails;
  TRY(auto fetched, session.fetch(wanted));
  for (auto& [uid, raw] : fetched)
    if (std::ranges::binary_search(wanted, uid)) mails.push_back({uid, std::move(raw)});
  return mails;
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
  for (auto uid : missing) {
    if (!std::ranges::binary_search(existing, uid)) {
      log::info("imap_mail_expunged", {{"channel", place.channel.id.text()}, {"uid", uid}});
    } else if (++misses_[uid] < parts_.content_tries_max) {
      if (!due) due = uid;
    } else {
      mails.push_back({uid,
                       name_of(place, uid) + " is in the mailbox, but its server did not hand over its content in " +
                           std::to_string(parts_.content_tries_max) + " tries. Read it there.",
                       true});
    }
  }
  return due;
}

// Many at once, so that they share a commit; each moves the cursor on from the one before. A large one goes to the blob
// store first and would be overtaken there, so it goes alone.
Status ImapSource::store(const Place& place, std::uint32_t cursor, std::vector<FetchedMail> mails) {
  std::vector<std::future<Status>> answers;
  Status first_failure;
  auto wait_for_all = [&] {
    for (auto& answer : answers) {
      auto status = answer.get();
      if (!status && first_failure) first_failure = std::move(status);
    }
    answers.clear();
  };
  std::int64_t before = cursor;
  for (auto& [uid, raw, is_missing] : mails) {
    const bool is_large = raw.size() > intake::raw_in_row_max;
    if (is_large) wait_for_all();
    if (!first_failure) break;
    auto done = std::make_shared<std::promise<Status>>();
    answers.push_back(done->get_future());
    auto arrival = is_missing ? missing_mail(place.channel, name_of(place, uid), std::move(raw), parts_.clock.now())
                              : mail_arrival(place.channel, std::move(raw), parts_.clock.now());
    arrival.peer = "imap";
    auto also = [place, before, to = std::int64_t{uid}](store::Transaction& tx) {
      return advance(tx, place, before, to);
    };
    parts_.intake.accept(std::move(arrival), std::move(also),
                         [done](Status status) { done->set_value(std::move(status)); });
    before = uid;
    if (is_large) wait_for_all();
  }
  wait_for_all();
  return first_failure;
}

void ImapSource::tell_health(const intake::Channel& channel, intake::ChannelState state, const std::string& detail) {
  auto now = parts_.channels.find(channel.id);
  if (!now || (now->state == state && now->state_detail == detail)) return;
  auto written = parts_.database.write([&](store::Transaction& tx) -> Result<bool> {
    TRY_STATUS(intake::record_channel_health(tx, parts_.channels, channel, state, detail));
    return true;
  });
  if (!written) log::warning("channel_health_not_written", {{"code", written.error().code}});
}

}  // namespace answerable::channels
