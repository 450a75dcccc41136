// One session with a POP3 server (RFC 1939, STLS of RFC 2595). libcurl connects, encrypts and signs in (net/curl.h);
// after that the commands are ours, on that one connection: libcurl would make a new one behind our back, where the
// numbers name other mails. Blocks; one thread, but for interrupt().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/email/mail_settings.h"
#include "channels/email/pop3_answer.h"
#include "channels/email/server_address.h"

namespace answerable::channels {

struct Pop3SessionOptions {
  std::string ca_file = {};  // further trusted roots (PEM)
  std::int64_t timeout_ms = 30'000;
  Reach reach = Reach::internet;
  const std::atomic<bool>* stops = nullptr;  // ends connecting, within about a second
};

// Every operation fails with unavailable "pop3_protocol" / "pop3_interrupted" when the connection is of no use any
// more.
class Pop3Session {
 public:
  using Sink = std::function<Status(std::string_view)>;

  // Errors: unavailable "server_unreachable" / "certificate_untrusted" / "pop3_tls" / "pop3_busy" / "pop3_protocol",
  // denied "server_address_refused", unauthenticated "pop3_login_refused".
  static Result<std::unique_ptr<Pop3Session>> connect(const MailServer& server, const std::string& secret,
                                                      const Pop3SessionOptions& options);
  ~Pop3Session();

  // All mails that the mailbox has: nothing changes them for this session. Errors: those of read_pop3_listing(),
  // unavailable "pop3_uidl_missing" when the server has no UIDL, "pop3_listing_too_long".
  Result<std::vector<Pop3Mail>> list();
  // The mail in pieces as they come. False: the server refuses it. Errors: those of the sink; limited
  // "pop3_mail_too_large" beyond bytes_max. The session is of no use after either.
  Result<bool> retrieve(std::uint32_t number, std::size_t bytes_max, const Sink& sink);
  // The fields before the text (TOP); empty when the server refuses.
  Result<std::string> header(std::uint32_t number);
  // Of no effect without quit(). False: the server refuses.
  Result<bool> erase(std::uint32_t number);
  // The server removes what was erased. Without it, and when it fails, all mails stay.
  Status quit();
  // From any thread: ends what blocks now, and all that follows fails.
  void interrupt();

 private:
  struct State;
  explicit Pop3Session(std::unique_ptr<State> state);
  Status say(const std::string& command);
  Result<Pop3Answer> ask(const std::string& command, bool has_content, std::size_t content_bytes_max, const Sink& sink);
  std::unique_ptr<State> state_;
};

}  // namespace answerable::channels
