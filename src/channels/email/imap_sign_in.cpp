#include "channels/email/imap_sign_in.h"

#include "base/encoding.h"
#include "base/utf8.h"
#include "channels/email/bearer_sasl.h"

namespace answerable::channels {

namespace {

constexpr int lines_max = 50;  // of an answer to AUTHENTICATE

bool is_good(int result) { return result >= MAILIMAP_NO_ERROR && result <= MAILIMAP_NO_ERROR_NON_AUTHENTICATED; }

std::unexpected<Error> refused(const MailServer& server, std::string_view what_to_do) {
  return fail(ErrorKind::unauthenticated, "imap_login_refused",
              "The mailbox refuses the sign-in of " + server.user + ": " + std::string(what_to_do));
}

std::unexpected<Error> lost() {
  return fail(ErrorKind::unavailable, "imap_protocol", "The connection ended while we signed in.");
}

bool say(mailimap* imap, std::string_view line) {
  const auto text = std::string(line) + "\r\n";
  return mailstream_write(imap->imap_stream, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         mailstream_flush(imap->imap_stream) == 0;
}

struct Mechanism {
  const char* name;
  std::string message;
  std::string_view end;
};

Result<Mechanism> choose(mailimap* imap, const MailServer& server, const std::string& token) {
  struct mailimap_capability_data* offered = nullptr;
  if (!is_good(mailimap_capability(imap, &offered))) return lost();
  mailimap_capability_data_free(offered);
  if (mailimap_has_authentication(imap, "OAUTHBEARER") != 0)
    return Mechanism{"OAUTHBEARER", oauthbearer_message(server.user, server.host, server.port, token), oauthbearer_end};
  if (mailimap_has_authentication(imap, "XOAUTH2") != 0)
    return Mechanism{"XOAUTH2", xoauth2_message(server.user, token), xoauth2_end};
  return fail(ErrorKind::unavailable, "imap_oauth_not_offered",
              server.host + " offers neither OAUTHBEARER nor XOAUTH2: sign in with a password there.");
}

Status authenticate(mailimap* imap, const MailServer& server, const Mechanism& mechanism) {
  if (!is_good(mailimap_send_current_tag(imap)) || !say(imap, std::string("AUTHENTICATE ") + mechanism.name))
    return lost();
  const auto tag = std::to_string(imap->imap_tag) + " ";
  bool is_said = false;
  for (int lines = 0; lines < lines_max; ++lines) {
    const char* read = mailimap_read_line(imap);
    if (read == nullptr) return lost();
    const std::string_view line = read;
    if (line.starts_with('+')) {
      if (!say(imap, is_said ? std::string(mechanism.end) : to_base64(mechanism.message))) return lost();
      is_said = true;
    } else if (line.starts_with(tag)) {
      if (!line.substr(tag.size()).starts_with("OK"))
        return refused(server, "its provider's access token is not taken. Is that its account? " +
                                   one_line(line.substr(tag.size()), 200));
      imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
      return {};
    }
  }
  return lost();
}

}  // namespace

Status sign_in_to_imap(mailimap* imap, const MailServer& server, const std::string& secret) {
  if (server.sign_in == SignIn::password) {
    if (is_good(mailimap_login(imap, server.user.c_str(), secret.c_str()))) return {};
    return refused(server, "check user name and password.");
  }
  TRY(const auto mechanism, choose(imap, server, secret));
  return authenticate(imap, server, mechanism);
}

}  // namespace answerable::channels
