// The self-tests of the rules on content.
#include "access/user.h"
#include "access/workspace.h"
#include "policy/content_rules.h"
#include "policy/judge_content.h"
#include "policy/self_tests.h"
#include "policy/version.h"

namespace answerable::policy {
namespace {

constexpr std::string_view harmless = "Your parcel 2026-114 left on Monday; it is with you by Friday.";
constexpr std::string_view offer =
    ", our new catalogue has come out, with forty pages of lamps and lanterns for house and garden, and until the end "
    "of the month everything in it is sent to you without any costs.";

std::unexpected<Error> broken(std::string what) { return fail(ErrorKind::internal, "control_broken", std::move(what)); }

Result<WorkspaceId> make_workspace(Scratch& scratch) {
  return scratch.database.write([](store::Transaction& tx) -> Result<WorkspaceId> {
    TRY_STATUS(publish_default(tx));
    TRY_STATUS(save_default_content_rules(tx));
    TRY(const auto made, access::create_workspace(tx, access::system_actor({}), "Self-test"));
    return made.id;
  });
}

Result<ContentJudgement> judge(Scratch& scratch, const ContentOrigin& origin, const Content& content) {
  return scratch.database.query([&](store::Session& session) { return judge_content(session, origin, content); });
}

// The default rules find the text, by this control, and nothing in what is harmless.
Status test_text(Scratch& scratch, std::string_view control, std::string_view text) {
  TRY(const auto workspace, make_workspace(scratch));
  const ContentOrigin origin{.workspace = workspace};
  TRY(const auto found, judge(scratch, origin, {.is_outbound = true, .channel_kind = "email", .text = text}));
  if (found.findings().size() != 1 || found.findings()[0].control != control)
    return broken("It is not found in an outgoing message.");
  TRY(const auto none, judge(scratch, origin, {.is_outbound = true, .channel_kind = "email", .text = harmless}));
  if (!none.findings().empty()) return broken("It is found where it is not.");
  return {};
}

}  // namespace

Status test_card_numbers(Scratch& scratch) {
  return test_text(scratch, "card_numbers", "The number is 4111 1111 1111 1111.");
}

Status test_secrets(Scratch& scratch) { return test_text(scratch, "secrets", "Your password is: hunter22"); }

Status test_identical(Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  constexpr int limit = 50;  // of the clause
  for (int i = 1; i <= limit; ++i) {
    const auto text = "Dear reader " + std::to_string(i) + std::string(offer);
    const ContentOrigin origin{.workspace = workspace, .conversation = ConversationId::make(scratch.clock)};
    TRY(const auto judged, judge(scratch, origin, {.is_outbound = true, .channel_kind = "email", .text = text}));
    if (judged.findings().empty() == (i == limit)) return broken("The fiftieth almost identical reply is found.");
    TRY_STATUS(scratch.database.write(
        [&](store::Transaction& tx) { return record_content(tx, origin, judged, true, MessageId::make(tx.clock())); }));
  }
  return {};
}

Status test_impersonation(Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  TRY_STATUS(scratch.database.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(access::create_user(tx, access::system_actor(workspace),
                                   {.workspace = workspace,
                                    .name = "Ada Example",
                                    .email = "ada@shop.example",
                                    .role = access::Role::agent,
                                    .password_hash = "x"}));
    return {};
  }));
  const auto is_found = [&](std::string_view address) -> Result<bool> {
    TRY(const auto judged,
        judge(scratch, {.workspace = workspace},
              {.channel_kind = "email", .text = harmless, .from_name = "Ada Example", .from_address = address}));
    return !judged.findings().empty();
  };
  TRY(const bool is_forged, is_found("ada@elsewhere.example"));
  TRY(const bool is_real, is_found("ada@shop.example"));
  if (!is_forged || is_real) return broken("The name of one of our people comes with a foreign address.");
  return {};
}

Status test_words(Scratch& scratch) {
  TRY(const auto workspace, make_workspace(scratch));
  const auto save = [&](ContentKind kind, std::string value) {
    return scratch.database.write([&](store::Transaction& tx) -> Status {
      TRY_STATUS(save_content_rule(tx, access::system_actor({}),
                                   {.name = "Self-test",
                                    .clause = "lawful_content",
                                    .kind = kind,
                                    .action = ContentAction::refuse,
                                    .values = {std::move(value)}}));
      return {};
    });
  };
  TRY_STATUS(save(ContentKind::words, "forbidden phrase"));
  TRY_STATUS(save(ContentKind::pattern, "voucher-[0-9]{4}"));
  TRY_STATUS(save(ContentKind::links, "evil.example"));
  for (const std::string_view text : {"A Forbidden  phrase.", "See voucher-1234.", "http://www.evil.example/x"}) {
    TRY(const auto judged,
        judge(scratch, {.workspace = workspace}, {.is_outbound = true, .channel_kind = "email", .text = text}));
    if (may_leave(judged, true)) return broken("What a rule refuses does not leave.");
  }
  return {};
}

}  // namespace answerable::policy
