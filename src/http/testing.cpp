#include "http/testing.h"

#include "http/problem.h"
#include "intake/quarantine.h"
#include "intake/spool.h"

namespace answerable::http {

store::TemporaryDatabase ApiFixture::open() {
  store::DatabaseOptions options;
  options.on_commit = [this](WorkspaceId changed) { fanout->wake(changed); };
  return store::open_temporary(clock, metrics,
                               {cluster::schema(), audit::schema(), access::schema(), policy::schema(),
                                outbox::schema(), conversations::schema(), intake::schema(), schema()},
                               options);
}

access::Workspace ApiFixture::make_workspace(std::string_view name) {
  return must(database->write(
      [&](store::Transaction& tx) { return access::create_workspace(tx, access::system_actor({}), name); }));
}

intake::Channel ApiFixture::make_mail_channel(WorkspaceId in, std::string_view address) {
  intake::NewChannel wanted;
  wanted.kind = "email";
  wanted.name = "Mail";
  wanted.address = std::string(address);
  return must(database->write(
      [&](store::Transaction& tx) { return intake::create_channel(tx, channels, access::system_actor(in), wanted); }));
}

conversations::Appended ApiFixture::receive(std::string_view from, std::string_view text,
                                            std::optional<ConversationId> conversation) {
  return must(database->write([&](store::Transaction& tx) { return receive_in(tx, from, text, conversation); }));
}

MessageId ApiFixture::receive_html(std::string html_safe, std::vector<conversations::NewAttachment> attachments) {
  return must(database->write([&](store::Transaction& tx) -> Result<conversations::Appended> {
           TRY(const auto contact,
               conversations::identify_contact(
                   tx, {.workspace = workspace.id, .kind = "email", .address_key = "k@customer.example"}));
           conversations::NewInbound inbound{.workspace = workspace.id, .channel = mail.id, .channel_kind = "email"};
           inbound.id = MessageId::make(clock);
           inbound.contact = contact;
           inbound.html_safe = html_safe;
           inbound.sent_at = inbound.received_at = clock.now();
           inbound.attachments = attachments;
           return conversations::append_inbound(tx, inbound);
         }))
      .message;
}

Result<conversations::Appended> ApiFixture::receive_in(store::Transaction& tx, std::string_view from,
                                                       std::string_view text,
                                                       std::optional<ConversationId> conversation) {
  clock.advance_ms(1'000);
  TRY(const auto contact, conversations::identify_contact(tx, {.workspace = workspace.id,
                                                               .kind = "email",
                                                               .address_key = std::string(from),
                                                               .address = std::string(from),
                                                               .name = "Customer"}));
  conversations::NewInbound inbound{.workspace = workspace.id, .channel = mail.id, .channel_kind = "email"};
  inbound.id = MessageId::make(clock);
  inbound.conversation = conversation;
  inbound.contact = contact;
  inbound.author_name = "Customer";
  inbound.subject = "Hello";
  inbound.text = std::string(text);
  inbound.reply_text = std::string(text);
  inbound.from_address = std::string(from);
  inbound.external_id = inbound.id.text() + "@example";
  inbound.sent_at = clock.now();
  inbound.received_at = clock.now();
  return conversations::append_inbound(tx, inbound);
}

SpoolId ApiFixture::quarantine(std::string_view raw) {
  intake::Arrival arrival{.workspace = workspace.id, .channel = mail.id, .channel_kind = "email"};
  arrival.external_key = std::string(raw);
  arrival.raw = std::string(raw);
  arrival.received_at = clock.now();
  intake::Quarantined entry{.id = SpoolId::make(clock), .channel = mail.id, .received_at = clock.now()};
  entry.reason = "mail_empty";
  return must(database->write([&](store::Transaction& tx) -> Result<SpoolId> {
    TRY_STATUS(intake::store_arrival(tx, entry.id, arrival, std::nullopt));
    TRY_STATUS(intake::settle(tx, workspace.id, entry.id));
    TRY_STATUS(intake::insert_quarantine(tx, workspace.id, entry));
    return entry.id;
  }));
}

net::Response ApiFixture::dispatch(net::Request& request) {
  auto match = router.match(request.method, request.path);
  if (match.kind != net::RouteMatch::Kind::found) {
    const Error error{.kind = ErrorKind::not_found, .code = "no_such_path", .detail = {}};
    const bool is_method = match.kind == net::RouteMatch::Kind::method_not_allowed;
    return router.error_answer(error, {.status = is_method ? 405 : 404, .request_id = request.request_id});
  }
  request.path_parameters = std::move(match.parameters);
  request.route = match.route->pattern;
  if (request.body.size() > match.route->options.max_body_bytes) {
    const Error error{.kind = ErrorKind::limited, .code = "body_too_large", .detail = {}};
    return router.error_answer(error, {.status = 413, .request_id = request.request_id});
  }
  if (const auto* handler = std::get_if<net::Handler>(&match.route->target)) return (*handler)(request);
  const auto* handler = std::get_if<net::AsyncHandler>(&match.route->target);
  ensure(handler != nullptr, "a route that answers");
  auto promise = std::make_shared<std::promise<net::Response>>();
  auto answer = promise->get_future();
  (*handler)(std::move(request), [promise](net::Response response) { promise->set_value(std::move(response)); });
  return answer.get();
}

}  // namespace answerable::http
