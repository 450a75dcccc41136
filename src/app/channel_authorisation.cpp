#include "app/channel_authorisation.h"

#include "channels/oauth/authorisation.h"
#include "channels/oauth/provider.h"

namespace answerable::app {

http::ChannelAuthorisation channel_authorisation(store::Database& database, intake::ChannelDirectory& directory,
                                                 const std::string& public_url,
                                                 const channels::TokenEndpointOptions& endpoint) {
  http::ChannelAuthorisation offered;
  for (const auto& one : channels::mail_providers())
    offered.providers.push_back({std::string(one.id), std::string(one.name), std::string(one.imap_host),
                                 std::string(one.pop3_host), std::string(one.smtp_host), one.imap_port, one.pop3_port,
                                 one.smtp_port});
  offered.redirect_url = public_url + "/oauth/callback";
  const channels::AuthorisationParts parts{database, directory, offered.redirect_url, endpoint};
  offered.begin = [parts](const access::Actor& actor, ChannelId id) {
    return channels::begin_authorisation(parts, actor, id);
  };
  offered.finish = [parts](const access::Actor& actor, std::string_view state, std::string_view code,
                           std::string_view issuer) {
    return channels::finish_authorisation(parts, actor, {state, code, issuer});
  };
  return offered;
}

}  // namespace answerable::app
