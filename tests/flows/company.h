// A small company with the whole application in this process: one workspace, Alex (administrator), Imani (supervisor),
// Nora and Theo (agents), the mail channel help@flow.example and a web chat; a fake clock that only advance() moves; a
// relay that keeps what leaves. One thread uses it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "access/actor.h"
#include "app/installation.h"
#include "app/server.h"
#include "base/clock.h"
#include "flows/script.h"
#include "flows/sockets.h"
#include "lib/dns_server.h"
#include "store/testing.h"

namespace answerable::flows {

inline constexpr const char* mail_address = "help@flow.example";

class Company {
 public:
  Company();
  ~Company();

  void stop();
  void start();
  // Waits until nothing is under way: what arrived is understood and indexed, what is due has been tried, what slept is
  // awake. Throws Trouble when that takes more than a minute of real time.
  void settle();
  void advance(std::int64_t ms);

  app::Server& server() { return *server_; }
  store::Database& database() { return installation_->database(); }
  FakeClock& clock() { return clock_; }
  SmtpSink& relay() { return relay_; }
  // Knows the keys of example.org and example.net. One for the process: starting it takes a moment.
  static testing::DnsServer& dns();
  WorkspaceId workspace() const { return workspace_; }
  ChannelId mail_channel() const { return mail_channel_; }
  ChannelId chat_channel() const { return chat_channel_; }
  // A person as an actor, for acts that have no address in the API. Throws Trouble for a name that nobody has.
  access::Actor actor(const std::string& name) const;
  static std::string email_of(const std::string& name) { return name + "@flow.example"; }
  static constexpr const char* password = "correct horse 7 battery";

  // Somebody tries a message again by hand: one more copy of it may leave.
  void allow_copy() { ++copies_allowed_; }
  // Throws Trouble unless the ledger verifies, events and figures of channels are without gap, each list has as many
  // items as it says, and no mail left more often than attempts were ambiguous.
  void check_accounts();

 private:
  void set_up();
  bool is_settled();
  void check_stored();
  void check_mails() const;

  store::TemporaryFolder folder_;
  FakeClock clock_;
  SmtpSink relay_;
  app::Configuration configuration_;
  WorkspaceId workspace_;
  ChannelId mail_channel_, chat_channel_;
  std::map<std::string, access::Actor> people_;

  std::mutex mutex_;
  std::condition_variable woken_;
  std::int64_t wakes_ = 0;
  int copies_allowed_ = 0;

  std::unique_ptr<app::Installation> installation_;
  std::unique_ptr<cluster::Subscription> on_wake_;
  std::unique_ptr<app::Server> server_;
};

// The value, or Trouble that names the error.
template <class T>
T must(Result<T> result) {
  if (!result) throw Trouble{"no error", result.error().code + ": " + result.error().detail};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace answerable::flows
