#include "channels/email/mailboxes.h"

#include <algorithm>
#include <future>

#include "base/digest.h"
#include "channels/email/mail_settings.h"
#include "channels/email/pop3_source.h"

namespace answerable::channels {

namespace {

bool may_be_asked(const intake::Channel& channel, const MailServer& server) {
  if (channel.state == intake::ChannelState::disabled) return false;
  return channel.state != intake::ChannelState::needs_reauthorisation || server.sign_in == SignIn::password;
}

// All that a connection depends on; a refresh token changes by itself and ends none.
std::string fingerprint(const intake::ChannelDirectory& channels, const intake::Channel& channel) {
  auto all = channel.config;
  for (const auto& [name, value] : channels.secrets(channel).value_or(intake::Secrets{}))
    if (name != refresh_token_name) all += '\0' + name + '\0' + value;
  const auto digest = sha256(all);
  return std::string(as_bytes(digest));
}

}  // namespace

Mailboxes::Mailboxes(ImapParts parts) : parts_(std::move(parts)) {
  parts_.channels.on_change([this](const auto&) {
    std::lock_guard lock(mutex_);
    changed_ = true;
    wake_.notify_one();
  });
}

Mailboxes::~Mailboxes() { stop(); }

void Mailboxes::start() {
  thread_ = std::thread([this] { run(); });
}

void Mailboxes::set_active(bool is_active) {
  {
    std::lock_guard lock(mutex_);
    if (is_active_ == is_active) return;
    is_active_ = is_active;
    changed_ = true;
  }
  wake_.notify_one();
}

void Mailboxes::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (auto& [id, running] : running_)
    for (auto& source : running.sources) source->begin_to_stop();  // so that they end side by side
  for (auto& [id, running] : running_)
    for (auto& source : running.sources) source->stop();
  running_.clear();
}

bool Mailboxes::check_within(ChannelId channel, std::int64_t limit_ms) {
  std::vector<std::shared_ptr<MailSource>> sources;
  {
    std::lock_guard lock(mutex_);
    if (!is_active_) return false;
    if (auto found = running_.find(channel); found != running_.end()) sources = found->second.sources;
  }
  const auto now = parts_.channels.find(channel);
  if (sources.empty() && now && now->state == intake::ChannelState::needs_reauthorisation) return false;
  std::vector<std::future<bool>> checks;
  for (const auto& source : sources)
    checks.push_back(std::async(std::launch::async, [source, limit_ms] { return source->check_within(limit_ms); }));
  bool all_done = true;
  for (auto& check : checks) all_done = check.get() && all_done;
  return all_done;
}

void Mailboxes::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return changed_ || stopping_; });
      if (stopping_) return;
      changed_ = false;
    }
    follow_settings();
  }
}

// What there is to ask, with its fingerprint.
std::map<ChannelId, std::pair<std::string, MailSettings>> Mailboxes::wanted_sources() {
  std::map<ChannelId, std::pair<std::string, MailSettings>> wanted;
  {
    std::lock_guard lock(mutex_);
    if (!is_active_) return wanted;
  }
  for (const auto& channel : parts_.channels.of_kind("email")) {
    auto settings = read_mail_settings(channel->config);
    if (!settings || !(settings->imap || settings->pop3)) continue;
    if (may_be_asked(*channel, settings->imap ? *settings->imap : *settings->pop3))
      wanted[channel->id] = {fingerprint(parts_.channels, *channel), *std::move(settings)};
  }
  return wanted;
}

void Mailboxes::follow_settings() {
  const auto wanted = wanted_sources();
  // They end outside of the lock: that may take as long as a connection does.
  std::vector<Running> ended;
  {
    std::lock_guard lock(mutex_);
    for (auto at = running_.begin(); at != running_.end();) {
      auto still = wanted.find(at->first);
      if (still != wanted.end() && still->second.first == at->second.settings) {
        ++at;
      } else {
        ended.push_back(std::move(at->second));
        at = running_.erase(at);
      }
    }
  }
  for (auto& running : ended)
    for (auto& source : running.sources) source->begin_to_stop();
  for (auto& running : ended)
    for (auto& source : running.sources) source->stop();
  std::lock_guard lock(mutex_);
  for (const auto& [id, settings] : wanted) {
    if (running_.contains(id)) continue;
    Running running{settings.first, make_sources(id, settings.second)};
    for (const auto& source : running.sources) source->start();
    running_[id] = std::move(running);
  }
}

std::vector<std::shared_ptr<MailSource>> Mailboxes::make_sources(ChannelId channel,
                                                                 const MailSettings& settings) const {
  auto health = std::make_shared<ChannelHealth>(parts_.database, parts_.channels);
  std::vector<std::shared_ptr<MailSource>> sources;
  if (settings.pop3) sources.push_back(std::make_shared<Pop3Source>(parts_, channel, health));
  if (settings.imap)
    for (const auto& folder : settings.imap_folders)
      sources.push_back(std::make_shared<ImapSource>(parts_, channel, folder, health));
  return sources;
}

}  // namespace answerable::channels
