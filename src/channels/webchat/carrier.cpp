#include "channels/webchat/carrier.h"

namespace answerable::channels::webchat {

Result<outbox::Rendered> ChatCarrier::render(const outbox::OutboundMessage& message) {
  return outbox::Rendered{message.text, message.message.text()};
}

outbox::SendResult ChatCarrier::send(const outbox::Delivery& delivery) {
  const auto& message = delivery.message;
  auto visitor = message.to.empty() ? std::nullopt : VisitorId::parse(message.to.front());
  if (!visitor) return {outbox::Outcome::failed, "", "The recipient is no visitor of this chat.", 0};
  auto appended =
      service_.parts().database.write([&](store::Transaction& tx) { return append_reply(tx, message, *visitor); });
  if (!appended) {
    const bool is_final = appended.error().kind == ErrorKind::not_found;
    return {is_final ? outbox::Outcome::failed : outbox::Outcome::retry, "", appended.error().detail, 0};
  }
  service_.hub().learn_conversation(*visitor, message.conversation);
  if (appended->numbered.is_new) {
    ShownMessage shown{appended->numbered.seq, false, "", message.text, message.author_name, appended->numbered.at, {}};
    for (const auto& file : appended->files)
      shown.files.push_back({file.id, file.filename, service_.file_url(message.channel, file.id), file.size});
    service_.hub().push(*visitor, message_frame(shown), shown.seq);
    service_.parts().signals.thread_line({message.workspace, *visitor, message.message});
  }
  return {outbox::Outcome::sent, message.message.text(), "in the transcript", 0};
}

}  // namespace answerable::channels::webchat
