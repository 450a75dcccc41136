// For tests of the outbox: a carrier that does as it is told and remembers what was sent, and messages to send.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/ensure.h"
#include "outbox/carrier.h"
#include "outbox/enqueue.h"
#include "store/database.h"

namespace answerable::outbox {

class ScriptedCarrier final : public Carrier {
 public:
  Ambiguity on_ambiguous() const override { return ambiguity; }
  Result<Rendered> render(const OutboundMessage& message) override {
    if (during_render) during_render();
    std::lock_guard lock(mutex);
    ++renders;
    if (render_error) return std::unexpected(*render_error);
    return Rendered{.bytes = prefix + message.text + std::to_string(renders),
                    .external_id = message.message.text() + "@test"};
  }
  SendResult send(const Delivery& delivery) override {
    if (during_send) during_send();
    std::lock_guard lock(mutex);
    sent.push_back(delivery);
    if (script.empty()) return {.outcome = Outcome::sent};
    auto result = script.front();
    script.pop_front();
    return result;
  }

  Ambiguity ambiguity = Ambiguity::repeat;
  std::optional<Error> render_error;
  std::string prefix;
  std::function<void()> during_render, during_send;
  std::mutex mutex;
  std::deque<SendResult> script;  // what the next attempts give; then: sent
  std::vector<Delivery> sent;
  int renders = 0;
};

struct Sample {
  WorkspaceId workspace;
  ChannelId channel;
  ConversationId conversation;
  std::int64_t sequence = 1;
  std::int64_t delay_ms = 0;
  bool can_undo = false;
  std::string text = "hello";
  std::vector<std::string> to = {"anna@example.org"};
};

inline MessageId enqueue_sample(store::Database& db, const Sample& sample) {
  auto done = db.write([&](store::Transaction& tx) -> Result<MessageId> {
    NewDelivery delivery;
    delivery.message.workspace = sample.workspace;
    delivery.message.channel = sample.channel;
    delivery.message.conversation = sample.conversation;
    delivery.message.message = MessageId::make(tx.clock());
    delivery.message.to = sample.to;
    delivery.message.text = sample.text;
    delivery.sequence = sample.sequence;
    delivery.due = tx.now() + sample.delay_ms;
    if (sample.can_undo) delivery.undo_until = delivery.due;
    TRY_STATUS(enqueue(tx, delivery));
    return delivery.message.message;
  });
  ensure(done.has_value(), "enqueue");
  return *done;
}

}  // namespace answerable::outbox
