#include "app/collection.h"

#include <fmt/format.h>

#include "access/account_mail.h"
#include "access/overwritten.h"
#include "access/read_log.h"
#include "access/session.h"
#include "base/log.h"
#include "channels/webchat/collect.h"
#include "conversations/attachments.h"
#include "http/api.h"
#include "intake/acknowledgement.h"
#include "policy/finding.h"

namespace answerable::app {

namespace {

// Deletes at most so many rows and returns how many.
using DeleteSome = Result<std::int64_t> (*)(store::Transaction&, int limit);

struct Rows {
  const char* what;
  DeleteSome delete_some;
};

constexpr Rows all_rows[] = {
    {"uploads", conversations::delete_abandoned_uploads},
    {"overwritten", access::delete_old_overwritten},
    {"chat_files", channels::webchat::delete_unattached_files},
    {"chat_tokens", channels::webchat::delete_expired_tokens},
    {"chat_visitors", channels::webchat::delete_silent_visitors},
    {"idempotency_keys", http::delete_old_idempotency_keys},
    {"sessions", access::delete_ended_sessions},
    {"devices", access::delete_unused_devices},
    {"account_links", access::delete_old_links},
    {"account_mails", access::delete_expired_account_mails},
    {"findings", policy::delete_old_findings},
    {"readings", access::delete_old_readings},
    {"acknowledgements", intake::delete_old_acknowledgements},
};

Status delete_in_batches(store::Database& database, DeleteSome delete_some, Counter& deleted,
                         const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    TRY(auto rows, database.write([&](store::Transaction& tx) { return delete_some(tx, collected_at_once_max); }));
    if (rows == 0) break;
    deleted.add(static_cast<std::uint64_t>(rows));
  }
  return {};
}

Housekeeper::Task collect(Installation& at, const Rows& rows) {
  auto& deleted = at.metrics().counter("answerable_collected_rows_total", "Rows deleted because their time was over.",
                                       fmt::format("what=\"{}\"", rows.what));
  return {
      .name = fmt::format("collect_{}", rows.what),
      .every_ms = collect_every_ms,
      .act = [&at, &deleted, delete_some = rows.delete_some](
                 const std::stop_token& stop) { return delete_in_batches(at.database(), delete_some, deleted, stop); },
      .is_for_one_node = true};
}

Status sweep_blobs(Installation& at, const std::stop_token& stop, store::SweptBlobs& swept) {
  const auto columns = all_blob_columns();
  auto each_referred = [&](const std::function<Status(const Digest&)>& see) {
    return at.database().read([&](store::Session& session) { return store::each_blob(session, columns, see); });
  };
  return at.blobs().sweep(
      {.put_before = at.clock().now() - blob_grace_ms, .each_referred = each_referred, .stop = stop}, swept);
}

Housekeeper::Task sweep(Installation& at) {
  auto& files =
      at.metrics().counter("answerable_collected_blobs_total", "Blobs removed because no row referred to them.");
  auto& bytes = at.metrics().counter("answerable_collected_blob_bytes_total", "What they had taken on the disk.");
  auto act = [&at, &files, &bytes](const std::stop_token& stop) -> Status {
    store::SweptBlobs swept;
    auto status = sweep_blobs(at, stop, swept);
    files.add(swept.files);
    bytes.add(swept.bytes);
    log::info("blobs_swept", {{"files", swept.files}, {"bytes", swept.bytes}});
    if (stop.stop_requested()) return {};
    return status;
  };
  return {.name = "sweep_blobs",
          .every_ms = sweep_every_ms,
          .act = act,
          .first_after_ms = sweep_first_after_ms,
          .is_for_one_node = true};
}

}  // namespace

std::vector<Housekeeper::Task> collection_tasks(Installation& installation) {
  std::vector<Housekeeper::Task> tasks;
  for (const auto& rows : all_rows) tasks.push_back(collect(installation, rows));
  tasks.push_back(sweep(installation));
  return tasks;
}

}  // namespace answerable::app
