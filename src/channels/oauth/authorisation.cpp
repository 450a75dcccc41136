#include "channels/oauth/authorisation.h"

#include "access/authorize.h"
#include "base/digest.h"
#include "base/random.h"
#include "channels/email/mail_settings.h"
#include "net/http.h"

namespace answerable::channels {

namespace {

constexpr std::size_t code_bytes_max = 4'096;

// What must be the same when the browser comes back.
struct Begun {
  ChannelId channel;
  std::string sealed;
};

std::unexpected<Error> unknown() {
  return fail(ErrorKind::invalid, "authorisation_unknown",
              "This authorisation was not begun here, or it is over: connect the channel again.");
}

Result<OAuthClient> client_of(const intake::Channel& channel) {
  TRY(auto settings, read_mail_settings(channel.config));
  if (settings.oauth) return *std::move(settings.oauth);
  return fail(ErrorKind::invalid, "oauth_not_set", "The channel signs in with passwords: it needs no provider.");
}

std::string fingerprint(const OAuthClient& client) {
  const auto digest = sha256(client.client_id + '\n' + client.token_url + '\n' + client.authorisation_url);
  return std::string(as_bytes(digest));
}

std::string address_of(const OAuthClient& client, const std::string& redirect_url, const std::string& state,
                       const std::string& verifier) {
  auto url = client.authorisation_url;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "response_type=code&client_id=" + net::percent_encode(client.client_id);
  url += "&redirect_uri=" + net::percent_encode(redirect_url);
  if (!client.scope.empty()) url += "&scope=" + net::percent_encode(client.scope);
  url += "&state=" + state;
  url += "&code_challenge=" + code_challenge(verifier) + "&code_challenge_method=S256";
  return url + client.further;
}

std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of(":/?#"));
}

// Takes it away: a state is good once.
Result<Begun> take(store::Transaction& tx, const access::Actor& actor, const Digest& state) {
  TRY(auto begun,
      tx.find("delete from channel_authorisations where workspace_id = $1 and user_id = $2 and "
              "state_hash = $3 and expires_at > $4 returning channel_id, sealed",
              {actor.workspace, actor.user, store::Bytes{as_bytes(state)}, tx.now()},
              [](const store::Row& row) { return Begun{row.id<ChannelId>(0), std::string(row.bytes(1))}; }));
  if (!begun) return unknown();
  return *std::move(begun);
}

}  // namespace

Result<std::string> begin_authorisation(const AuthorisationParts& parts, const access::Actor& actor, ChannelId id) {
  TRY_STATUS(access::authorize(actor, "channel", "authorise"));
  const auto state = random_token();
  const auto verifier = random_token();
  return parts.database.write([&](store::Transaction& tx) -> Result<std::string> {
    TRY(const auto channel, intake::load_channel(tx, actor.workspace, id));
    TRY(const auto client, client_of(channel));
    const auto sealed = parts.channels.seal(id, {{"verifier", verifier}, {"client", fingerprint(client)}});
    const auto hash = sha256(state);
    TRY_STATUS(
        tx.execute("delete from channel_authorisations where workspace_id = $1 and (expires_at <= $2 or "
                   "(user_id = $3 and channel_id = $4))",
                   {actor.workspace, tx.now(), actor.user, id}));
    TRY_STATUS(
        tx.execute("insert into channel_authorisations (workspace_id, user_id, channel_id, state_hash, sealed, "
                   "expires_at) values ($1, $2, $3, $4, $5, $6)",
                   {actor.workspace, actor.user, id, store::Bytes{as_bytes(hash)}, store::Bytes{sealed},
                    tx.now() + authorisation_ms_max}));
    return address_of(client, parts.redirect_url, state, verifier);
  });
}

bool may_answer_for(std::string_view issuer, std::string_view asked_url) {
  const auto one = host_of(issuer);
  const auto other = host_of(asked_url);
  const auto is_below = [](std::string_view low, std::string_view high) {
    return low.size() > high.size() && low.ends_with(high) && low[low.size() - high.size() - 1] == '.';
  };
  return !one.empty() && !other.empty() && (one == other || is_below(one, other) || is_below(other, one));
}

Result<intake::Channel> finish_authorisation(const AuthorisationParts& parts, const access::Actor& actor,
                                             const BroughtBack& brought) {
  TRY_STATUS(access::authorize(actor, "channel", "authorise"));
  const auto& [state, code, issuer] = brought;
  if (code.empty() || code.size() > code_bytes_max) return unknown();
  const auto hash = sha256(state);
  TRY(const auto begun, parts.database.write([&](store::Transaction& tx) { return take(tx, actor, hash); }));
  TRY(const auto channel, parts.database.query([&](store::Session& session) {
    return intake::load_channel(session, actor.workspace, begun.channel);
  }));
  TRY(const auto client, client_of(channel));
  TRY(const auto kept, parts.channels.open(begun.channel, begun.sealed));
  if (kept.size() != 2 || kept[1].second != fingerprint(client)) return unknown();
  if (!issuer.empty() && !may_answer_for(issuer, client.authorisation_url))
    return fail(ErrorKind::invalid, "authorisation_refused", "The answer comes from another provider than was asked.");
  TRY(const auto client_secret, parts.channels.secret(channel, client_secret_name));
  const auto form = code_form(client, client_secret, {code, kept[0].second, parts.redirect_url});
  auto tokens = ask_for_tokens(client, form, parts.endpoint);
  if (!tokens && tokens.error().kind == ErrorKind::unauthenticated)
    return fail(ErrorKind::invalid, "authorisation_refused", tokens.error().detail);
  if (!tokens) return std::unexpected(std::move(tokens).error());
  if (tokens->refresh_token.empty())
    return fail(ErrorKind::invalid, "no_refresh_token",
                "The provider gives access for an hour only (no refresh token): its scope must allow offline access.");
  intake::ChannelChange change;
  change.secrets.emplace_back(refresh_token_name, std::move(tokens->refresh_token));
  change.act = "channel.authorise";
  return parts.database.write(
      [&](store::Transaction& tx) { return intake::update_channel(tx, parts.channels, actor, channel.id, change); });
}

}  // namespace answerable::channels
