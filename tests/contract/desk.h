// A whole desk on one engine: intake, mail and web chat, outbox and blobs, without a server around them.
#pragma once

#include <doctest/doctest.h>

#include <future>

#include "access/schema.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/ensure.h"
#include "channels/carriers.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "channels/schema.h"
#include "channels/webchat/chat_arrival.h"
#include "cluster/event_log.h"
#include "cluster/fanout.h"
#include "contract/engines.h"
#include "conversations/schema.h"
#include "intake/schema.h"
#include "outbox/dispatch.h"
#include "outbox/schema.h"
#include "policy/judge.h"

namespace answerable::contract {

// For contract::on_each_engine.
#define ANSWERABLE_ALL_SCHEMAS                                                                        \
  {answerable::cluster::schema(), answerable::audit::schema(),   answerable::access::schema(),        \
   answerable::policy::schema(),  answerable::outbox::schema(),  answerable::conversations::schema(), \
   answerable::intake::schema(),  answerable::channels::schema()}

struct Desk {
  explicit Desk(Bed& of) : bed(of) {
    actor.workspace = workspace;
    actor.role = access::Role::administrator;
    actor.kind = access::Actor::Kind::user;
    actor.user = UserId::make(bed.clock);
    actor.name = "Anna";
    intake->normalise_with("email", channels::normalise_mail_with(key));
    intake->normalise_with("webchat", channels::webchat::normalise_chat);
    ensure(intake->start().has_value(), "the intake starts");
  }
  ~Desk() {
    workers.drain();
    intake->stop();
  }
  intake::Channel add_channel(std::string kind, std::string address, std::string config) {
    intake::NewChannel input{std::move(kind),           "Support", std::move(address), {}, std::move(config),
                             {{"identity_secret", key}}};
    return bed.db().write([&](store::Transaction& tx) { return create_channel(tx, directory, actor, input); }).value();
  }
  void arrive(const intake::Channel& channel, const std::string& raw) { REQUIRE(accepted(channel, raw)); }
  Status accepted(const intake::Channel& channel, const std::string& raw) {
    std::promise<Status> done;
    intake->accept(channels::mail_arrival(channel, raw, bed.clock.now()), {},
                   [&](Status status) { done.set_value(std::move(status)); });
    auto status = done.get_future().get();
    intake->wait_until_idle();
    return status;
  }
  std::int64_t count(store::Sql sql) {
    return bed.db().query([&](store::Session& session) { return session.number(sql); }).value();
  }
  ConversationId only_conversation() {
    auto found = bed.db().query([](store::Session& session) {
      return session.find("select id from conversations", {},
                          [](const store::Row& row) { return row.id<ConversationId>(0); });
    });
    REQUIRE(found);
    REQUIRE(found->has_value());
    return **found;
  }
  intake::ChannelStats stats(const intake::Channel& channel) {
    return bed.db()
        .query([&](store::Session& session) { return intake::channel_stats(session, workspace); })
        .value()
        .at(channel.id);
  }

  Bed& bed;
  std::string key = std::string(32, 'k');
  store::TemporaryFolder folder;
  std::unique_ptr<store::Blobs> blobs = store::open_blobs(folder.path() + "/blobs", key).value();
  WorkspaceId workspace =
      bed.db()
          .write([](store::Transaction& tx) { return create_workspace(tx, access::system_actor({}), "Shop"); })
          .value()
          .id;
  access::Actor actor;
  intake::ChannelDirectory directory{key};
  std::unique_ptr<intake::Intake> intake = intake::Intake::make({bed.db(), *blobs, directory, bed.clock, bed.metrics});
  std::unique_ptr<cluster::Fanout> fanout = cluster::Fanout::in_process();
  intake::Signals signals{*fanout};
  net::WorkerPool workers{1, 100};
  channels::webchat::Service chat{
      {bed.db(), *blobs, *intake, directory, signals, workers, bed.clock, bed.metrics, key, "https://desk.example"}};
  channels::Carriers carriers{
      {directory, *blobs, key, std::nullopt, "here", 5'000, 5'000, channels::Reach::private_networks}, chat};
  std::unique_ptr<outbox::Dispatcher> dispatcher =
      outbox::Dispatcher::make(bed.db(), *blobs, carriers.finder(), bed.metrics);
};

}  // namespace answerable::contract
