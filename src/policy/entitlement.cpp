#include "policy/entitlement.h"

#include <algorithm>

#include "policy/agreement.h"
#include "policy/allowance.h"
#include "policy/sentences.h"
#include "policy/statement.h"
#include "policy/tell_changed.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

struct Limit {
  std::optional<std::int64_t> most;
  Time period_began;
  std::int64_t period_ms = 30 * day_ms;
};

// Asked at each message, so one row by its key.
Result<std::optional<Limit>> message_limit(store::Session& session, WorkspaceId workspace) {
  return session.find("select messages, signed_at, period_days from agreements where workspace_id = $1", {workspace},
                      [&](const store::Row& row) {
                        Limit limit;
                        if (!row.is_null(0)) limit.most = row.integer(0);
                        limit.period_ms = row.integer(2) * day_ms;
                        const auto since = row.time(1);
                        const auto passed = (session.now().ms - since.ms) / limit.period_ms;
                        limit.period_began = since + passed * limit.period_ms;
                        return limit;
                      });
}

constexpr std::int64_t megabyte = 1'000'000;
struct StorageQuota {  // bytes
  std::optional<std::int64_t> all, file;
};

Result<StorageQuota> storage_quota(store::Session& session, WorkspaceId workspace) {
  TRY(const auto found, session.find("select storage_megabytes, attachment_megabytes from agreements "
                                     "where workspace_id = $1",
                                     {workspace}, [](const store::Row& row) {
                                       StorageQuota quota;
                                       if (!row.is_null(0)) quota.all = row.integer(0) * megabyte;
                                       if (!row.is_null(1)) quota.file = row.integer(1) * megabyte;
                                       return quota;
                                     }));
  return found.value_or(StorageQuota{});
}

Result<std::int64_t> stored_bytes(store::Session& session, WorkspaceId workspace) {
  return session.number("select bytes from storage_usage where workspace_id = $1", {workspace});
}

Status add_stored(store::Transaction& tx, WorkspaceId workspace, std::int64_t bytes) {
  TRY_STATUS(
      tx.execute("insert into storage_usage (workspace_id, bytes) values ($1, $2) "
                 "on conflict (workspace_id) do update set bytes = storage_usage.bytes + excluded.bytes",
                 {workspace, bytes}));
  return {};
}

// Asked after the act, in its transaction.
Status judge_seats(store::Session& session, WorkspaceId workspace) {
  TRY(const auto agreement, find_agreement(session, workspace));
  if (!agreement || !agreement->entitlements.seats) return {};
  TRY(const auto people, access::users(session, workspace));
  if (std::ranges::count(people, true, &access::User::is_active) <= *agreement->entitlements.seats) return {};
  return fail(ErrorKind::limited, "seats_used_up",
              "All seats of the agreement are taken: disable somebody, or ask the operator for more.");
}

}  // namespace

Result<access::User> add_person(store::Transaction& tx, const access::Actor& by, const access::NewUser& user) {
  TRY(auto added, access::create_user(tx, by, user));
  TRY_STATUS(judge_seats(tx, added.workspace));
  return added;
}

Result<access::User> change_person(store::Transaction& tx, const access::Actor& by, UserId id,
                                   const access::UserChange& change) {
  TRY(auto changed, access::update_user(tx, by, id, change));
  if (change.is_active.value_or(false)) TRY_STATUS(judge_seats(tx, changed.workspace));
  return changed;
}

Status judge_channels(store::Session& session, WorkspaceId workspace, std::int64_t channels) {
  TRY(const auto agreement, find_agreement(session, workspace));
  if (!agreement || !agreement->entitlements.channels || channels <= *agreement->entitlements.channels) return {};
  return fail(ErrorKind::limited, "channels_used_up",
              "All channels of the agreement are in use: disable one, or ask the operator for more.");
}

Status judge_feature(store::Session& session, WorkspaceId workspace, std::string_view feature) {
  TRY(const auto agreement, find_agreement(session, workspace));
  if (!agreement || agreement->entitlements.features.empty()) return {};
  const auto& agreed = agreement->entitlements.features;
  if (std::ranges::find(agreed, feature) != agreed.end()) return {};
  return fail(ErrorKind::limited, "feature_not_agreed",
              "The agreement does not include this: ask the operator if it is needed.");
}

Status judge_message(store::Transaction& tx, WorkspaceId workspace) {
  TRY_STATUS(judge_sending(tx, workspace));
  TRY_STATUS(judge_rate(tx, workspace, Scope::sending));
  TRY(const auto limit, message_limit(tx, workspace));
  if (!limit || !limit->most) return {};
  TRY(const auto counted,
      tx.find("insert into message_usage (workspace_id, period_began, messages) values ($1, $2, 1) "
              "on conflict (workspace_id, period_began) do update set messages = message_usage.messages + 1 "
              "returning messages",
              {workspace, limit->period_began}, [](const store::Row& row) { return row.integer(0); }));
  if (counted.value_or(0) <= *limit->most) return {};
  return fail(ErrorKind::limited, "messages_used_up",
              "All messages of this period are used: wait for the next, or ask the operator for more.");
}

Status judge_file(store::Transaction& tx, WorkspaceId workspace, std::int64_t bytes) {
  TRY(const auto quota, storage_quota(tx, workspace));
  if (quota.file && bytes > *quota.file)
    return fail(ErrorKind::limited, "attachment_too_large",
                "The file is larger than the agreement allows: send a link to it, or ask the operator for more.");
  TRY_STATUS(add_stored(tx, workspace, bytes));
  if (!quota.all) return {};
  TRY(const auto used, stored_bytes(tx, workspace));
  if (used <= *quota.all) return {};
  return fail(ErrorKind::limited, "storage_used_up",
              "The storage of the agreement is full: ask the operator for more. What arrives is still kept.");
}

Status count_stored(store::Transaction& tx, WorkspaceId workspace, std::int64_t bytes) {
  if (bytes == 0) return {};
  TRY_STATUS(add_stored(tx, workspace, bytes));
  TRY(const auto quota, storage_quota(tx, workspace));
  if (!quota.all) return {};
  TRY(const auto used, stored_bytes(tx, workspace));
  const bool goes_beyond = used > *quota.all && used - bytes <= *quota.all;
  if (!goes_beyond) return {};
  TRY_STATUS(send_notice(tx, workspace, {.subject = sentences::storage_subject, .text = sentences::storage_text}));
  return tell_changed(tx, access::system_actor(workspace), workspace);
}

Status judge_connection(const std::optional<std::int64_t>& agreed, std::size_t open) {
  if (static_cast<std::int64_t>(open) < agreed.value_or(connections_otherwise)) return {};
  return fail(ErrorKind::limited, "connections_used_up",
              "All live connections of the workspace are in use: close some windows, or ask the operator for more.");
}

Result<Usage> usage(store::Session& session, WorkspaceId workspace) {
  Usage used;
  TRY(const auto limit, message_limit(session, workspace));
  TRY(used.storage_bytes, stored_bytes(session, workspace));
  if (!limit) return used;
  used.period_began = limit->period_began;
  used.period_ends = limit->period_began + limit->period_ms;
  TRY(used.messages, session.number("select messages from message_usage where workspace_id = $1 and period_began = $2",
                                    {workspace, used.period_began}));
  return used;
}

}  // namespace answerable::policy
