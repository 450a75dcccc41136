#include "access/application.h"

#include <array>

#include "access/authorize.h"
#include "access/ended.h"
#include "access/make_application.h"
#include "access/record.h"
#include "access/user.h"
#include "base/utf8.h"

namespace answerable::access {
namespace {

constexpr std::array states{ApplicationState::asked, ApplicationState::approved, ApplicationState::refused,
                            ApplicationState::ended};

Application read_application(const store::Row& row) {
  Application one{.id = row.id<ApplicationId>(0),
                  .workspace = row.id<WorkspaceId>(1),
                  .name = row.string(2),
                  .purpose = row.string(3),
                  .contact = row.string(4),
                  .owner = row.id<UserId>(5),
                  .may_write = row.flag(6),
                  .created_at = row.time(8),
                  .expires_at = row.maybe_time(9),
                  .decided_at = row.maybe_time(10)};
  for (const auto state : states) {
    if (row.text(7) == to_string(state)) one.state = state;
  }
  return one;
}

Status check(store::Session& session, const Actor& by, const NewApplication& given) {
  if (given.name.empty() || one_line(given.name, application_name_bytes_max) != given.name)
    return fail(ErrorKind::invalid, "name_invalid", "An application needs a name of one line and at most 120 bytes.");
  if (given.purpose.size() > application_purpose_bytes_max || !is_valid_utf8(given.purpose))
    return fail(ErrorKind::invalid, "purpose_invalid", "What it is for: at most 1,000 bytes.");
  if (!given.contact.empty() && !is_mail_address(given.contact))
    return fail(ErrorKind::invalid, "contact_invalid", "The contact is a mail address.");
  if (given.expires_at && *given.expires_at <= session.now())
    return fail(ErrorKind::invalid, "expiry_in_past", "The expiry lies in the past.");
  TRY(const auto count, session.number("select count(*) from applications where workspace_id = $1 and state in "
                                       "('asked', 'approved')",
                                       {by.workspace}));
  if (count >= applications_per_workspace_max)
    return fail(ErrorKind::limited, "too_many_applications",
                "A workspace has at most 200 applications. End one first.");
  return {};
}

Status enter(store::Transaction& tx, const Actor& by, const Application& one, std::string_view action) {
  return record(tx, {.workspace = one.workspace,
                     .actor = by.for_ledger(),
                     .action = action,
                     .object_kind = "application",
                     .object_id = one.id.text(),
                     .details = {{"scope", one.may_write ? "read write" : "read"},
                                 {"state", std::string(to_string(one.state))}}});
}

}  // namespace

std::string_view to_string(ApplicationState state) {
  switch (state) {
    case ApplicationState::asked: return "asked";
    case ApplicationState::approved: return "approved";
    case ApplicationState::refused: return "refused";
    case ApplicationState::ended: return "ended";
  }
  return "asked";
}

Result<Application> register_application(store::Transaction& tx, const Actor& by, const NewApplication& given,
                                         bool is_approved) {
  TRY(auto one, make_application(tx, by, given, is_approved));
  TRY_STATUS(enter(tx, by, one, "application.register"));
  return one;
}

Result<Application> make_application(store::Transaction& tx, const Actor& by, const NewApplication& given,
                                     bool is_approved) {
  TRY_STATUS(authorize(by, "application", "register"));
  TRY_STATUS(check(tx, by, given));
  Application one{.id = ApplicationId::make(tx.clock()),
                  .workspace = by.workspace,
                  .name = given.name,
                  .purpose = given.purpose,
                  .contact = given.contact,
                  .owner = by.user,
                  .may_write = given.may_write,
                  .state = is_approved ? ApplicationState::approved : ApplicationState::asked,
                  .created_at = tx.now(),
                  .expires_at = given.expires_at,
                  .decided_at = {}};
  if (is_approved) one.decided_at = tx.now();
  TRY_STATUS(run(tx,
                 "insert into applications (workspace_id, id, name, purpose, contact, owner_id, may_write, state, "
                 "is_legacy, created_at, expires_at, decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, "
                 "$11)",
                 {one.workspace, one.id, one.name, one.purpose, one.contact, one.owner, one.may_write,
                  to_string(one.state), one.created_at, one.expires_at, one.decided_at}));
  return one;
}

Status decide_application(store::Transaction& tx, const Actor& by, ApplicationId id, bool is_approved) {
  TRY_STATUS(authorize(by, "oversight", "decide"));
  TRY(auto found, tx.find("select id, workspace_id, name, purpose, contact, owner_id, may_write, state, created_at, "
                          "expires_at, decided_at from applications where id = $1",
                          {id}, read_application));
  if (!found) return fail(ErrorKind::not_found, "application_unknown", "There is no such application.");
  if (found->state != ApplicationState::asked)
    return fail(ErrorKind::conflict, "application_decided", "This application is decided already.");
  found->state = is_approved ? ApplicationState::approved : ApplicationState::refused;
  TRY_STATUS(run(tx, "update applications set state = $3, decided_at = $4 where workspace_id = $1 and id = $2",
                 {found->workspace, id, to_string(found->state), tx.now()}));
  return enter(tx, by, *found, is_approved ? "application.approve" : "application.refuse");
}

Status end_application(store::Transaction& tx, const Actor& by, ApplicationId id) {
  TRY_STATUS(authorize(by, "application", "end"));
  TRY(auto one, load_application(tx, by.workspace, id));
  one.state = ApplicationState::ended;
  TRY_STATUS(
      run(tx, "update applications set state = 'ended' where workspace_id = $1 and id = $2", {by.workspace, id}));
  TRY_STATUS(note_ended(tx));
  return enter(tx, by, one, "application.end");
}

Result<std::vector<Application>> applications(store::Session& session, const Actor& by) {
  TRY_STATUS(authorize(by, "application", "list"));
  return session.all(
      "select id, workspace_id, name, purpose, contact, owner_id, may_write, state, created_at, expires_at, decided_at "
      "from applications where workspace_id = $1 and state <> 'ended' order by created_at desc, id desc limit 1000",
      {by.workspace}, read_application);
}

Result<std::vector<Application>> waiting_applications(store::Session& session) {
  return session.all(
      "select id, workspace_id, name, purpose, contact, owner_id, may_write, state, created_at, expires_at, decided_at "
      "from applications where state = 'asked' order by created_at, id limit 200",
      {}, read_application);
}

Result<Application> load_application(store::Session& session, WorkspaceId workspace, ApplicationId id) {
  TRY(auto found,
      session.find("select id, workspace_id, name, purpose, contact, owner_id, may_write, state, created_at, "
                   "expires_at, decided_at from applications where workspace_id = $1 and id = $2",
                   {workspace, id}, read_application));
  if (!found) return fail(ErrorKind::not_found, "application_unknown", "There is no such application.");
  return *std::move(found);
}

Status date_legacy_applications(store::Transaction& tx) {
  return run(tx, "update applications set expires_at = $1 where is_legacy = 1 and expires_at is null",
             {tx.now() + legacy_ms});
}

}  // namespace answerable::access
