#include "channels/oauth/access_tokens.h"

#include <algorithm>

#include "base/log.h"

namespace answerable::channels {

namespace {

constexpr std::int64_t margin_ms_max = 60'000;  // a token is refreshed so long before its end, or a fifth of its life

Counter& counter(Metrics& metrics, std::string_view label) {
  return metrics.counter("answerable_oauth_refreshes_total", "Access tokens asked for at providers, by outcome", label);
}

std::unexpected<Error> refused(std::string detail) {
  return fail(ErrorKind::unauthenticated, "oauth_refused", std::move(detail));
}

}  // namespace

AccessTokens::AccessTokens(store::Database& database, intake::ChannelDirectory& channels, const Clock& clock,
                           Metrics& metrics, TokenEndpointOptions options)
    : database_(database),
      channels_(channels),
      clock_(clock),
      options_(std::move(options)),
      renewed_(counter(metrics, "outcome=\"renewed\"")),
      refused_(counter(metrics, "outcome=\"refused\"")),
      unavailable_(counter(metrics, "outcome=\"unavailable\"")) {}

std::shared_ptr<AccessTokens::Kept> AccessTokens::kept(ChannelId channel) {
  std::lock_guard lock(mutex_);
  auto& one = kept_[channel];
  if (!one) one = std::make_shared<Kept>();
  return one;
}

Result<std::string> AccessTokens::secret(const intake::Channel& channel, const MailServer& server,
                                         std::string_view password_name) {
  if (server.sign_in == SignIn::oauth) return get(channel.id, nullptr);
  return channels_.secret(channel, password_name);
}

Result<std::string> AccessTokens::renew(const intake::Channel& channel, const std::string& refused) {
  return get(channel.id, &refused);
}

Result<std::string> AccessTokens::get(ChannelId id, const std::string* refused_token) {
  const auto mine = kept(id);
  std::lock_guard lock(mine->mutex);
  const auto channel = channels_.find(id);
  if (!channel) return fail(ErrorKind::unavailable, "oauth_unavailable", "The channel is gone.");
  if (channel->state == intake::ChannelState::needs_reauthorisation) return refused(channel->state_detail);
  TRY(const auto stored, channels_.secret(*channel, refresh_token_name));
  if (stored != mine->stored) {  // somebody has authorised anew: what the former grant gave is of no use
    mine->access_token.clear();
    mine->stored = mine->latest = stored;
  }
  const bool is_good = !mine->access_token.empty() && clock_.monotonic_ms() < mine->good_until_ms;
  if (is_good && (refused_token == nullptr || mine->access_token != *refused_token)) return mine->access_token;
  mine->access_token.clear();
  return refresh(*channel, *mine);
}

Result<std::string> AccessTokens::refresh(const intake::Channel& channel, Kept& kept) {
  if (kept.latest == kept.stored) {
    TRY([[maybe_unused]] const bool was_rotated, follow_database(channel, kept));
  }
  auto tokens = ask(channel, kept.latest);
  if (!tokens && tokens.error().kind == ErrorKind::unauthenticated) {
    TRY(const bool is_other, follow_database(channel, kept));
    if (is_other) tokens = ask(channel, kept.latest);
    if (!tokens && tokens.error().kind == ErrorKind::unauthenticated) give_up(channel, kept.stored, tokens.error());
  }
  if (!tokens) return std::unexpected(std::move(tokens).error());
  if (!tokens->refresh_token.empty()) kept.latest = std::move(tokens->refresh_token);
  TRY_STATUS(store_rotated(channel, kept));
  kept.access_token = std::move(tokens->access_token);
  kept.good_until_ms = clock_.monotonic_ms() + tokens->lifetime_ms - std::min(margin_ms_max, tokens->lifetime_ms / 5);
  return kept.access_token;
}

Result<Tokens> AccessTokens::ask(const intake::Channel& channel, const std::string& refresh_token) {
  if (refresh_token.empty()) return refused("Nobody has connected this channel to its provider yet.");
  TRY(const auto settings, read_mail_settings(channel.config));
  if (!settings.oauth) return fail(ErrorKind::invalid, "mail_settings", "The channel names no provider.");
  TRY(const auto client_secret, channels_.secret(channel, client_secret_name));
  auto tokens = ask_for_tokens(*settings.oauth, refresh_form(*settings.oauth, client_secret, refresh_token), options_);
  const bool is_refused = !tokens && tokens.error().kind == ErrorKind::unauthenticated;
  (tokens ? renewed_ : is_refused ? refused_ : unavailable_).add();
  return tokens;
}

// Another process on the same database may have had the token rotated, and some providers end a grant whose old token
// is used again. True when it is another one there.
Result<bool> AccessTokens::follow_database(const intake::Channel& channel, Kept& kept) {
  TRY(auto now, database_.query([&](store::Session& session) {
    return intake::load_channel(session, channel.workspace, channel.id);
  }));
  TRY(const auto stored, channels_.secret(now, refresh_token_name));
  channels_.put(std::move(now));
  if (stored == kept.stored) return false;
  kept.stored = kept.latest = stored;
  return true;
}

// Without the database the new token is kept here and written the next time; nobody gets an access token until then, so
// that no token is in use whose refresh token a crash would lose.
Status AccessTokens::store_rotated(const intake::Channel& channel, Kept& kept) {
  if (kept.latest == kept.stored) return {};
  TRY(const bool is_ours, database_.write([&](store::Transaction& tx) {
    return intake::replace_secret(tx, channels_, channel, {refresh_token_name, kept.stored}, kept.latest);
  }));
  if (is_ours) {
    kept.stored = kept.latest;
    return {};
  }
  return fail(ErrorKind::unavailable, "oauth_unavailable", "The channel was authorised anew just now.");
}

void AccessTokens::give_up(const intake::Channel& channel, const std::string& refused_token, const Error& why) {
  const auto written = database_.write([&](store::Transaction& tx) {
    return intake::require_reauthorisation(tx, channels_, channel, {refresh_token_name, refused_token}, why);
  });
  if (!written) log::error("channel_state_not_written", written.error());
  if (written && *written)
    log::error("channel_needs_reauthorisation", {{"channel", channel.id.text()}, {"detail", why.detail}});
}

}  // namespace answerable::channels
