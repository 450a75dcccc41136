// A small company for tests: one workspace, two agents, an administrator, a mail channel, and customers who write.
#pragma once

#include <string>
#include <utility>

#include "access/schema.h"
#include "access/user.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/clock.h"
#include "base/ensure.h"
#include "cluster/event_log.h"
#include "conversations/append_inbound.h"
#include "conversations/identify_contact.h"
#include "conversations/schema.h"
#include "outbox/schema.h"
#include "policy/judge.h"
#include "store/database.h"
#include "store/testing.h"

namespace answerable::conversations {

// For store::open_temporary and contract::on_each_engine.
#define ANSWERABLE_CONVERSATION_SCHEMAS                                                       \
  {answerable::cluster::schema(), answerable::audit::schema(),  answerable::access::schema(), \
   answerable::policy::schema(),  answerable::outbox::schema(), answerable::conversations::schema()}

struct Mail {
  std::string from = "anna@example.org";
  std::string name = "Anna";
  std::string subject = "A question";
  std::string text = "Where is my order?";
  std::optional<ConversationId> conversation = {};
  std::string external_id = {};
  std::vector<std::string> cc = {};
  std::string in_reply_to = {};
  std::string reply_text = {};  // empty: all of the text
  std::vector<NewAttachment> attachments = {};
  std::optional<NewSuggestion> suggestion = {};
  std::string html_safe = {};
};

class Company {
 public:
  Company(store::Database& db, FakeClock& clock) : db_(db), clock_(clock) {
    auto make = [](store::Transaction& tx) { return access::create_workspace(tx, access::system_actor({}), "Acme"); };
    workspace = value_of(db.write(make)).id;
    channel = ChannelId::make(clock);
    alice = hire("Alice", access::Role::agent);
    bob = hire("Bob", access::Role::agent);
    administrator = hire("Ada", access::Role::administrator);
  }

  // The job's value; aborts on an error.
  template <class F>
  auto write(F&& job) {
    return value_of(db_.write(std::forward<F>(job)));
  }
  template <class F>
  auto read(F&& job) {
    return value_of(db_.query(std::forward<F>(job)));
  }
  // The code of the error, or "".
  template <class F>
  std::string error_of(F&& job) {
    auto answer = db_.write(std::forward<F>(job));
    return answer ? std::string() : answer.error().code;
  }

  Appended receive(const Mail& mail = {}) {
    return write([&](store::Transaction& tx) { return receive(tx, mail); });
  }
  Result<Appended> receive(store::Transaction& tx, const Mail& mail) const {
    TRY(auto contact, identify_contact(tx, {.workspace = workspace,
                                            .kind = "email",
                                            .address_key = mail.from,
                                            .address = mail.from,
                                            .name = mail.name}));
    NewInbound inbound;
    inbound.workspace = workspace;
    inbound.channel = channel;
    inbound.channel_kind = "email";
    inbound.id = MessageId::make(tx.clock());
    inbound.conversation = mail.conversation;
    inbound.contact = contact;
    inbound.author_name = mail.name;
    inbound.from_address = mail.from;
    inbound.subject = mail.subject;
    inbound.text = mail.text;
    inbound.html_safe = mail.html_safe;
    inbound.reply_text = mail.reply_text.empty() ? mail.text : mail.reply_text;
    inbound.external_id = mail.external_id;
    inbound.in_reply_to = mail.in_reply_to;
    inbound.cc = mail.cc;
    inbound.attachments = mail.attachments;
    inbound.suggestion = mail.suggestion;
    inbound.to = {"Acme <help@acme.example>"};
    inbound.sent_at = tx.now();
    inbound.received_at = tx.now();
    return append_inbound(tx, inbound);
  }
  access::Actor hire(const std::string& name, access::Role role) {
    auto user = write([&](store::Transaction& tx) {
      return access::create_user(tx, access::system_actor(workspace),
                                 {.workspace = workspace,
                                  .name = name,
                                  .email = name + "@" + workspace.text() + ".example",
                                  .role = role,
                                  .password_hash = "x"});
    });
    return {.kind = access::Actor::Kind::user, .workspace = workspace, .role = role, .user = user.id, .name = name};
  }
  std::vector<cluster::Event> events(std::int64_t after = 0) {
    return read([&](store::Session& session) { return cluster::events_after(session, workspace, after, 1'000); });
  }
  std::int64_t last_seq() {
    return read([&](store::Session& session) { return cluster::last_seq(session, workspace); });
  }
  store::Database& db() { return db_; }
  FakeClock& clock() { return clock_; }

  WorkspaceId workspace;
  ChannelId channel;
  access::Actor alice, bob, administrator;

 private:
  template <class T>
  static T value_of(Result<T> answer) {
    ensure(answer.has_value(), answer ? "" : answer.error().code + ": " + answer.error().detail);
    return *std::move(answer);
  }

  store::Database& db_;
  FakeClock& clock_;
};

// A company on a database of its own, and the clock that they go by.
struct CompanyBed {
  FakeClock clock;
  Metrics metrics;
  store::TemporaryDatabase db = store::open_temporary(clock, metrics, ANSWERABLE_CONVERSATION_SCHEMAS);
  Company company{*db, clock};
};

}  // namespace answerable::conversations
