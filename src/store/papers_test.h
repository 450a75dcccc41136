// A table that refers to blobs, for tests of sweeping: papers that come, are copied and go while sweeps go on. Any
// engine, any thread.
#pragma once

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "store/blob_columns.h"
#include "store/blobs.h"
#include "store/database.h"

namespace answerable::store {

inline constexpr Migration papers_schema[] = {
    {.name = "papers/0001",
     .sql = "create table papers (workspace_id bytea not null, id bytea not null, blob bytea not null,"
            " primary key (workspace_id, id))"}};
inline constexpr BlobColumn papers_columns[] = {
    {.table = "papers",
     .column = "blob",
     .page = "select workspace_id, id, blob from papers where (workspace_id, id) > ($1, $2)"
             " order by workspace_id, id limit $3"}};

class Papers {
 public:
  Papers(Database& db, Blobs& blobs, const Clock& clock)
      : workspace(WorkspaceId::make(clock)), db_(db), blobs_(blobs), clock_(clock) {}

  MessageId file(const Digest& blob) {
    auto id = MessageId::make(clock_);
    auto filed = db_.write([&](Transaction& tx) {
      return tx.execute("insert into papers (workspace_id, id, blob) values ($1, $2, $3)",
                        {workspace, id, Bytes{as_bytes(blob)}});
    });
    if (!filed) ++failures;
    return id;
  }
  void shred(MessageId id) {
    auto shredded = db_.write([&](Transaction& tx) {
      return tx.execute("delete from papers where workspace_id = $1 and id = $2", {workspace, id});
    });
    if (!shredded) ++failures;
  }
  // A copy in the place of the original, in one transaction: the digest is never without a row.
  MessageId replace(MessageId id) {
    auto copy = MessageId::make(clock_);
    auto replaced = db_.write([&](Transaction& tx) -> Status {
      TRY_STATUS(
          tx.execute("insert into papers (workspace_id, id, blob) select workspace_id, $3, blob from papers"
                     " where workspace_id = $1 and id = $2",
                     {workspace, id, copy}));
      TRY_STATUS(tx.execute("delete from papers where workspace_id = $1 and id = $2", {workspace, id}));
      return {};
    });
    if (!replaced) ++failures;
    return copy;
  }
  // Without any grace for young files: what is not held and has no row goes at once.
  BlobSweep sweep_of_all() {
    return {.put_before = Time{std::numeric_limits<std::int64_t>::max()}, .each_referred = [this](const auto& see) {
              return db_.read([&](Session& session) { return each_blob(session, papers_columns, see); });
            }};
  }
  // How many papers name a blob that cannot be read.
  std::int64_t dangling() {
    std::vector<Digest> digests;
    auto read = db_.read([&](Session& session) {
      return each_blob(session, papers_columns, [&](const Digest& digest) -> Status {
        digests.push_back(digest);
        return {};
      });
    });
    std::int64_t count = read ? 0 : 1;
    for (const auto& digest : digests) count += blobs_.get(digest) ? 0 : 1;
    return count;
  }
  // Few contents, so that each is put, referred to, forgotten and put again all the time.
  void work(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      MessageId paper;
      Digest digest{};
      {
        auto stored = blobs_.put("content " + std::to_string(random_below(5)));
        if (!stored) {
          ++failures;
          continue;
        }
        digest = stored->digest;
        paper = file(digest);
      }
      if (!blobs_.get(digest)) ++lost;
      paper = replace(paper);
      if (!blobs_.get(digest)) ++lost;
      shred(paper);
    }
  }

  const WorkspaceId workspace;
  std::atomic<int> lost = 0;      // a paper was there and its blob was not
  std::atomic<int> failures = 0;  // of the database or the disk

 private:
  Database& db_;
  Blobs& blobs_;
  const Clock& clock_;
};

// Works with several threads while another sweeps without a pause; returns what was swept.
inline SweptBlobs race(Papers& papers, Blobs& blobs, int rounds) {
  std::atomic<bool> is_over = false;
  SweptBlobs swept;
  std::thread sweeper([&] {
    while (!is_over) {
      if (!blobs.sweep(papers.sweep_of_all(), swept)) ++papers.failures;
    }
  });
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) workers.emplace_back([&] { papers.work(rounds); });
  for (auto& worker : workers) worker.join();
  is_over = true;
  sweeper.join();
  return swept;
}

}  // namespace answerable::store
