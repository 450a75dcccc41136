// The access token of each channel that signs in by OAuth: kept in memory, refreshed before it ends and when a server
// refuses it, by one at a time, for both the mailbox and the relay. The refresh token is a secret of the channel, and a
// rotated one is written there before anybody uses what came with it. When only a person can help, the channel needs
// re-authorisation and no provider is asked any more. Blocks; any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "channels/email/mail_settings.h"
#include "channels/oauth/token_endpoint.h"
#include "intake/channel_directory.h"
#include "store/database.h"

namespace answerable::channels {

class AccessTokens {
 public:
  // All outlive it.
  AccessTokens(store::Database& database, intake::ChannelDirectory& channels, const Clock& clock, Metrics& metrics,
               TokenEndpointOptions options);

  // What `server` of the channel is signed in with: the password of that name, or an access token. Errors: those of the
  // secrets and of refresh().
  Result<std::string> secret(const intake::Channel& channel, const MailServer& server, std::string_view password_name);
  // Another token than `refused`, which a server did not take. Errors: unauthenticated "oauth_refused" (the channel
  // needs re-authorisation), unavailable "oauth_unavailable", invalid "mail_settings".
  Result<std::string> renew(const intake::Channel& channel, const std::string& refused);

  // `sign_in`: Result<T>(const std::string& secret), unauthenticated when the server does not take it. A token that is
  // not taken is replaced, once.
  template <class F>
  auto sign_in(const intake::Channel& channel, const MailServer& server, std::string_view password_name, F&& sign_in)
      -> decltype(sign_in(std::string())) {
    TRY(auto given, secret(channel, server, password_name));
    auto first = sign_in(given);
    const bool is_refused = !first && first.error().kind == ErrorKind::unauthenticated;
    if (!is_refused || server.sign_in != SignIn::oauth) return first;
    TRY(given, renew(channel, given));
    return sign_in(given);
  }

 private:
  struct Kept {
    std::mutex mutex;                // held while the provider is asked
    std::string access_token;        // empty: none
    std::int64_t good_until_ms = 0;  // monotonic
    std::string stored, latest;      // the refresh token as the channel has it, and the last that we know of
  };
  std::shared_ptr<Kept> kept(ChannelId channel);
  Result<std::string> get(ChannelId channel, const std::string* refused);
  Result<std::string> refresh(const intake::Channel& channel, Kept& kept);
  Result<Tokens> ask(const intake::Channel& channel, const std::string& refresh_token);
  Result<bool> follow_database(const intake::Channel& channel, Kept& kept);
  Status store_rotated(const intake::Channel& channel, Kept& kept);
  void give_up(const intake::Channel& channel, const std::string& refused, const Error& why);

  store::Database& database_;
  intake::ChannelDirectory& channels_;
  const Clock& clock_;
  const TokenEndpointOptions options_;
  Counter& renewed_;
  Counter& refused_;
  Counter& unavailable_;
  std::mutex mutex_;
  std::map<ChannelId, std::shared_ptr<Kept>> kept_;  // guarded by mutex_
};

}  // namespace answerable::channels
