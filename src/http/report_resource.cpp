// /messages/{id}/report and its like: somebody of the workspace says that something breaks the policy, and names it. It
// is a finding (policy/finding.h), so the security contact and the operator are told, and the operator decides.
#include <fmt/format.h>

#include "access/user.h"
#include "audit/ledger.h"
#include "conversations/list.h"
#include "conversations/thread.h"
#include "http/directory.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/finding.h"

namespace answerable::http {
namespace {

constexpr TextLimits reason_limits{.bytes_min = 1, .bytes_max = policy::finding_reasons_bytes_max};
constexpr TextLimits clause_limits{.bytes_min = 1, .bytes_max = 64};
constexpr std::string_view clause_otherwise = "lawful_content";

// What people need to find it again; it says nothing of what was written. Errors: not_found.
using Describe = Result<std::string> (*)(store::Session& session, Call& call);

Result<std::string> describe_message(store::Session& session, Call& call) {
  TRY(const auto id, path_id<MessageId>(call));
  TRY(const auto message, conversations::load_message(session, call.actor.workspace, id));
  TRY(const auto item, conversations::load_item(session, call.actor.workspace, message.conversation));
  const auto date = to_rfc3339(message.sent_at);  // read by people: without the seconds
  return fmt::format("A message of {}, of {} {} UTC, in the conversation no. {}.",
                     message.author.kind == "contact" ? "a customer" : "the workspace", date.substr(0, 10),
                     date.substr(11, 5), item.number);
}

Result<std::string> describe_conversation(store::Session& session, Call& call) {
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(const auto item, conversations::load_item(session, call.actor.workspace, id));
  const auto channel = call.api.directory.channel(call.actor.workspace, item.channel);
  return fmt::format("The conversation no. {} of the channel {}.", item.number, channel ? channel->name : "");
}

Result<std::string> describe_channel(store::Session&, Call& call) {
  TRY(const auto id, path_id<ChannelId>(call));
  const auto channel = call.api.directory.channel(call.actor.workspace, id);
  if (!channel) return fail(ErrorKind::not_found, "no_channel", "There is no such channel.");
  return fmt::format("A channel of the kind {}.", channel->kind);
}

Result<std::string> describe_user(store::Session& session, Call& call) {
  TRY(const auto id, path_id<UserId>(call));
  TRY(const auto user, access::find_user(session, call.actor.workspace, id));
  if (!user) return fail(ErrorKind::not_found, "user_unknown", "There is no such person.");
  return std::string("A person of the workspace.");
}

Act report(std::string_view object_kind, Describe describe) {
  return [object_kind, describe](Call& call) -> Result<net::Response> {
    TRY(auto body, read_body(call));
    const auto reason = body.need_text("reason", reason_limits);
    const auto clause = body.text("clause", clause_limits).value_or(std::string(clause_otherwise));
    TRY_STATUS(finish_body(call, body));
    TRY(const auto what, call.api.database().query([&](store::Session& session) { return describe(session, call); }));
    const policy::NewFinding finding{.workspace = call.actor.workspace,
                                     .kind = std::string(policy::report_kind),
                                     .subject_kind = std::string(object_kind),
                                     .subject = std::string(call.request.path_parameter("id")),
                                     .facts = fmt::format("{}\n\n{} Reported by {}.", reason, what, call.actor.name),
                                     .clause = clause,
                                     .operator_address = call.api.config.security_address};
    TRY_STATUS(call.api.database().write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(policy::report_finding(tx, finding));
      TRY_STATUS(audit::append_entry(tx, {.workspace = finding.workspace,
                                          .actor = call.actor.for_ledger(),
                                          .action = "policy.report",
                                          .object_kind = finding.subject_kind,
                                          .object_id = finding.subject,
                                          .details = {{"clause", finding.clause}}}));
      return {};
    }));
    return no_content();
  };
}

}  // namespace

void add_report_routes(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view path, Needs needs, std::string_view kind, Describe describe) {
    add_route(router, api,
              {.method = "POST",
               .path = path,
               .needs = needs,
               .act = report(kind, describe),
               .rate = RateClass::write,
               .body = BodyKind::json});
  };
  add("/messages/{id}/report", {"message", "report"}, "message", describe_message);
  add("/conversations/{id}/report", {"conversation", "report"}, "conversation", describe_conversation);
  add("/channels/{id}/report", {"channel", "report"}, "channel", describe_channel);
  add("/users/{id}/report", {"user", "report"}, "user", describe_user);
}

}  // namespace answerable::http
