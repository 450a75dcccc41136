#include "channels/email/mailboxes.h"

#include <algorithm>

#include "channels/email/mail_settings.h"

namespace answerable::channels {

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

void Mailboxes::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (auto& [id, running] : running_) running.source->begin_to_stop();  // so that they end side by side
  running_.clear();
}

void Mailboxes::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return changed_ || stopping_; });
      if (stopping_) return;
      changed_ = false;
    }
    reconcile();
  }
}

void Mailboxes::reconcile() {
  std::map<ChannelId, std::string> wanted;
  for (const auto& channel : parts_.channels.of_kind("email")) {
    if (channel->state == intake::ChannelState::disabled) continue;
    auto settings = read_mail_settings(channel->config);
    if (settings && settings->imap) wanted[channel->id] = channel->config + channel->sealed_secrets;
  }
  std::erase_if(running_, [&](const auto& entry) {
    auto still = wanted.find(entry.first);
    return still == wanted.end() || still->second != entry.second.settings;
  });
  for (const auto& [id, settings] : wanted) {
    if (running_.contains(id)) continue;
    auto source = std::make_unique<ImapSource>(parts_, id);
    source->start();
    running_[id] = {settings, std::move(source)};
  }
}

}  // namespace answerable::channels
