#include "channels/email/pop3_source.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/log.h"
#include "base/random.h"
#include "channels/email/mail_arrival.h"

namespace answerable::channels {

namespace {

constexpr std::size_t rows_at_once_max = 1'000;  // in one transaction

std::string name_of(const Place& place, const Pop3Mail& mail) {
  return "The mail with the UID " + mail.key + " in the mailbox " + place.source;
}

}  // namespace

class Pop3Source::Storing {
 public:
  explicit Storing(const ImapParts& parts) : parts_(parts) {}
  // Whatever is under way refers to values of its own, so that leaving early is safe.
  Status add(intake::Arrival arrival, std::function<Status(store::Transaction&)> also) {
    bytes_ += arrival.raw.size();
    auto done = std::make_shared<std::promise<Status>>();
    answers_.push_back(done->get_future());
    parts_.intake.accept(std::move(arrival), std::move(also),
                         [done](Status status) { done->set_value(std::move(status)); });
    if (answers_.size() < parts_.batch_max && bytes_ < parts_.batch_bytes_max) return {};
    return wait();
  }
  Status wait() {
    Status first_failure;
    for (auto& answer : answers_)
      if (auto status = answer.get(); !status && first_failure) first_failure = std::move(status);
    answers_.clear();
    bytes_ = 0;
    return first_failure;
  }

 private:
  const ImapParts& parts_;
  std::vector<std::future<Status>> answers_;
  std::size_t bytes_ = 0;
};

Pop3Source::Pop3Source(const ImapParts& parts, ChannelId channel, std::shared_ptr<ChannelHealth> health)
    : parts_(parts),
      channel_(channel),
      health_(std::move(health)),
      missing_(parts.metrics.gauge("answerable_mailbox_missing",
                                   "Mails that a folder of a mailbox has and we have not, at the last check.",
                                   mailbox_label(channel_, "POP3"))),
      at_source_(parts.metrics.gauge("answerable_mailbox_at_source",
                                     "Mails in a folder of a mailbox, at the last check.",
                                     mailbox_label(channel_, "POP3"))) {}

Pop3Source::~Pop3Source() { stop(); }

void Pop3Source::start() {
  thread_ = std::thread([this] { run(); });
}

void Pop3Source::begin_to_stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (session_) session_->interrupt();
  }
  wake_.notify_all();
}

void Pop3Source::stop() {
  begin_to_stop();
  if (thread_.joinable()) thread_.join();
}

void Pop3Source::pause(std::int64_t pause_ms, std::uint64_t asked) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::chrono::milliseconds(pause_ms), [&] { return stopping_ || asked_ > asked; });
}

void Pop3Source::run() {
  auto pause_ms = parts_.retry_first_ms;
  while (!stopping_) {
    const auto channel = parts_.channels.find(channel_);
    if (!channel || channel->state == intake::ChannelState::disabled) return;
    std::uint64_t asked = 0;  // who asks from now on may know of what this look does not see
    {
      std::lock_guard lock(mutex_);
      asked = asked_;
    }
    const auto status = serve(*channel);
    std::unique_lock lock(mutex_);
    session_.reset();
    if (status) answered_ = asked;
    lock.unlock();
    wake_.notify_all();
    if (stopping_) return;
    if (status) {
      pause_ms = parts_.retry_first_ms;
      pause(parts_.pop3_poll_ms, asked);
      continue;
    }
    log::warning("pop3_source_failed",
                 {{"channel", channel_.text()}, {"code", status.error().code}, {"detail", status.error().detail}});
    health_->tell(*channel, "POP3", status.error().detail);
    pause(pause_ms + static_cast<std::int64_t>(random_below(static_cast<std::uint32_t>(pause_ms / 4 + 1))), asked);
    pause_ms = std::min(parts_.retry_last_ms, pause_ms * 2);
  }
}

Status Pop3Source::serve(const intake::Channel& channel) {
  TRY(const auto settings, read_mail_settings(channel.config));
  if (!settings.pop3) return fail(ErrorKind::invalid, "pop3_not_set", "The channel has no POP3 mailbox.");
  TRY(auto connected, parts_.tokens.sign_in(channel, *settings.pop3, pop3_password_name, [&](const auto& secret) {
    return Pop3Session::connect(*settings.pop3, secret,
                                {parts_.ca_file, parts_.network_timeout_ms, parts_.reach, &stopping_});
  }));
  std::shared_ptr<Pop3Session> session = std::move(connected);
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return {};
    session_ = session;
  }
  return read_mailbox(*session, pop3_place(channel, *settings.pop3), settings.pop3_deletes);
}

Status Pop3Source::read_mailbox(Pop3Session& session, const Place& place, bool deletes) {
  TRY(const auto at_server, session.list());
  TRY(auto found, compare(place, at_server));
  for (std::size_t at = 0; at < found.vanished.size(); at += rows_at_once_max) {
    const auto last = std::min(found.vanished.size(), at + rows_at_once_max);
    const std::vector<std::string> some(found.vanished.begin() + static_cast<std::ptrdiff_t>(at),
                                        found.vanished.begin() + static_cast<std::ptrdiff_t>(last));
    TRY_STATUS(parts_.database.write([&](store::Transaction& tx) { return forget_pop3_items(tx, place, some); }));
    for (const auto& key : some) troubles_.erase(key);
  }
  if (!found.wanted.empty()) {
    TRY_STATUS(take(session, place, std::move(found.wanted), deletes));
    TRY(found, compare(place, at_server));
  }
  if (stopping_) return {};
  TRY_STATUS(tell(place, found.figures));
  TRY_STATUS(leave(session, deletes ? found.due : std::vector<Pop3Mail>()));
  health_->tell(place.channel, "POP3", "");
  return {};
}

Result<Pop3Comparison> Pop3Source::compare(const Place& place, const std::vector<Pop3Mail>& at_server) {
  TRY(const auto items, parts_.database.query([&](store::Session& ours) { return list_pop3_items(ours, place); }));
  return compare_pop3(place, at_server, items, parts_.clock.now());
}

// What was asked for in vain before comes last: a mail on which its server breaks the connection holds up no other.
Status Pop3Source::take(Pop3Session& session, const Place& place, std::vector<Pop3Mail> wanted, bool deletes) {
  std::ranges::sort(wanted, {}, [&](const Pop3Mail& mail) {
    const auto trouble = troubles_.find(mail.key);
    return std::pair(trouble == troubles_.end() ? 0 : trouble->second.breaks + trouble->second.refusals, mail.number);
  });
  Storing storing(parts_);
  for (const auto& mail : wanted) {
    if (stopping_) break;
    auto fetched = fetch(session, place, mail);
    if (!fetched) {
      ++troubles_[mail.key].breaks;
      TRY_STATUS(storing.wait());
      return std::unexpected(std::move(fetched).error());
    }
    Pop3Item item{mail.bytes, *fetched ? (*fetched)->outcome : ItemOutcome::refused};
    item.is_due = deletes && item.outcome == ItemOutcome::taken && mail.is_unique;
    auto note = [place, key = mail.key, item](store::Transaction& tx) { return note_pop3_item(tx, place, key, item); };
    if (!*fetched) {
      TRY_STATUS(parts_.database.write(note));
      continue;
    }
    auto& received = (*fetched)->mail;
    auto arrival = item.outcome == ItemOutcome::withheld
                       ? missing_mail(place.channel, name_of(place, mail), std::move(received.raw), parts_.clock.now())
                       : mail_arrival(place.channel, std::move(received), parts_.clock.now());
    arrival.peer = "pop3";
    TRY_STATUS(storing.add(std::move(arrival), note));
    troubles_.erase(mail.key);
  }
  return storing.wait();
}

Result<std::optional<Pop3Source::Fetched>> Pop3Source::fetch(Pop3Session& session, const Place& place,
                                                             const Pop3Mail& mail) {
  const auto known = troubles_.find(mail.key);
  const auto bytes = std::max(mail.bytes, known == troubles_.end() ? 0 : known->second.bytes);
  if (bytes > parts_.message_bytes_max) return notice(session, place, mail, bytes);
  MailReceiver receiver(parts_.intake);
  const auto is_given = session.retrieve(mail.number, parts_.message_bytes_max,
                                         [&](std::string_view piece) { return receiver.append(piece); });
  if (!is_given && is_given.error().code == "pop3_mail_too_large")
    troubles_[mail.key].bytes = parts_.message_bytes_max + 1;  // in a new session only its header is asked for
  if (!is_given) return std::unexpected(is_given.error());
  if (*is_given && receiver.size() > 0) {
    TRY(auto received, receiver.finish());
    return Fetched{std::move(received)};
  }
  if (++troubles_[mail.key].refusals < parts_.content_tries_max) return std::nullopt;
  return Fetched{{name_of(place, mail) + " is in the mailbox, but its server did not hand over its content in " +
                      std::to_string(parts_.content_tries_max) + " tries. Read it there.",
                  std::nullopt},
                 ItemOutcome::withheld};
}

Result<Pop3Source::Fetched> Pop3Source::notice(Pop3Session& session, const Place& place, const Pop3Mail& mail,
                                               std::size_t bytes) {
  TRY(const auto header, session.header(mail.number));
  if (!header.empty()) return Fetched{{too_large_notice(header, bytes), std::nullopt}, ItemOutcome::noticed};
  return Fetched{{name_of(place, mail) + " is larger than this server takes. Read it there.", std::nullopt},
                 ItemOutcome::withheld};
}

Status Pop3Source::leave(Pop3Session& session, const std::vector<Pop3Mail>& due) {
  for (const auto& mail : due) {
    if (stopping_) return {};
    TRY(const bool is_marked, session.erase(mail.number));
    if (!is_marked) log::info("pop3_mail_not_removed", {{"channel", channel_.text()}, {"uid", mail.key}});
  }
  const auto ended = session.quit();
  // How a server says goodbye is of no importance otherwise.
  return due.empty() ? Status() : ended;
}

Status Pop3Source::tell(const Place& place, const intake::SourceCheck& figures) {
  TRY_STATUS(parts_.database.write([&](store::Transaction& tx) {
    return intake::record_check(tx, place.channel.workspace, place.channel.id, figures);
  }));
  missing_.set(figures.missing);
  at_source_.set(figures.at_source);
  health_->tell(place.channel, "POP3 gap",
                figures.missing == 0 ? ""
                                     : "Mail is missing: the mailbox has the UIDs " + figures.missing_names +
                                           " and does not hand them over. Read them there.");
  return {};
}

bool Pop3Source::check_within(std::int64_t limit_ms) {
  std::unique_lock lock(mutex_);
  const auto mine = ++asked_;
  wake_.notify_all();
  wake_.wait_for(lock, std::chrono::milliseconds(limit_ms), [&] { return stopping_ || answered_ >= mine; });
  return answered_ >= mine;
}

}  // namespace answerable::channels
