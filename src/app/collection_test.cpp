#include "app/collection.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <set>

#include "store/testing.h"

using namespace answerable;
using namespace answerable::app;

namespace {

// Columns of bytes that name no blob, with their tables; ids are known by their names.
const std::set<std::string> other_bytes = {"workspaces.commitment_key",
                                           "sessions.token_hash",
                                           "known_devices.token_hash",
                                           "sessions.device_hash",
                                           "passkeys.public_key",
                                           "scim_tokens.token_hash",
                                           "single_sign_on.sealed_secret",
                                           "spent_challenges.hash",
                                           "api_keys.secret_hash",
                                           "api_keys.created_by",
                                           "messages.external_key",
                                           "webchat_tokens.token_hash",
                                           "channels.secrets",
                                           "inbound_keys.key",
                                           "spool.raw",
                                           "deliveries.payload",
                                           "deliveries.rendered",
                                           "idempotency_keys.key_hash",
                                           "idempotency_keys.request_hash",
                                           "ledger_checkpoints.root",
                                           "ledger_frontiers.hashes",
                                           "ledger_holders.hashes",
                                           "ledger_commitment_keys.key",
                                           "ledger_entries.encoded",
                                           "ledger_entries.leaf_hash",
                                           "channel_authorisations.state_hash",
                                           "channel_authorisations.sealed",
                                           "account_links.token_hash",
                                           "second_factors.sealed_secret",
                                           "recovery_codes.code_hash",
                                           "incident_entries.by_user",
                                           "policy_findings.closed_by",
                                           "incident_notifications.written_by",
                                           "two_person_requests.asked_by",
                                           "two_person_requests.ended_by"};

bool is_id(std::string_view column) { return column == "id" || column.ends_with("_id"); }

struct Fixture {
  store::TemporaryFolder folder;
  FakeClock clock{SystemClock().now()};
  Configuration configuration = [this] {
    Configuration c;
    c.data_dir = folder.path();
    return c;
  }();
  std::unique_ptr<Installation> at = Installation::open(configuration, clock, Opening::create).value();

  std::string metric(const std::string& name) {
    auto page = at->metrics().text();
    auto line = page.find("\n" + name + " ");
    if (line == std::string::npos) return "absent";
    line += name.size() + 2;
    return page.substr(line, page.find('\n', line) - line);
  }
  void add_tokens(int count) {
    REQUIRE(at->database().write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < count; ++i) {
        const auto hash = sha256(std::to_string(i));
        TRY_STATUS(tx.execute("insert into webchat_tokens values ($1, $2, $2, $2, $3)",
                              {store::Bytes{as_bytes(hash)}, WorkspaceId(), clock.now()}));
      }
      return {};
    }));
  }
  std::int64_t tokens() {
    return at->database()
        .query([](store::Session& session) { return session.number("select count(*) from webchat_tokens"); })
        .value();
  }
  Status act(const std::string& name, const std::stop_token& stop = {}) {
    for (const auto& task : collection_tasks(*at)) {
      if (task.name == name) return task.act(stop);
    }
    return fail(ErrorKind::not_found, "no_such_task");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "every column of bytes in the schema is an id, known to name no blob, or listed for sweeps") {
  std::set<std::string> listed;
  for (const auto& column : all_blob_columns())
    listed.insert(std::string(column.table) + "." + std::string(column.column));
  std::set<std::string> found;
  REQUIRE(at->database().read([&](store::Session& session) {
    return session.each(
        "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c "
        "where t.type = 'table' and lower(c.type) = 'bytea'",
        {}, [&](const store::Row& row) {
          auto name = row.string(0) + "." + row.string(1);
          if (is_id(row.text(1)) || other_bytes.contains(name)) return;
          INFO("is it the digest of a blob? then it goes into blob_columns() beside its schema");
          CAPTURE(name);
          CHECK(listed.contains(name));
          found.insert(name);
        });
  }));
  CHECK(found == listed);
}

TEST_CASE_FIXTURE(Fixture, "rows go in as many batches as it takes, are counted, and no more when it shall stop") {
  add_tokens(2 * collected_at_once_max + 1);
  std::stop_source source;
  source.request_stop();
  CHECK(act("collect_chat_tokens", source.get_token()));
  CHECK(tokens() == 2 * collected_at_once_max + 1);
  CHECK(metric("answerable_collected_rows_total{what=\"chat_tokens\"}") == "0");
  CHECK(act("collect_chat_tokens"));
  CHECK(tokens() == 0);
  CHECK(metric("answerable_collected_rows_total{what=\"chat_tokens\"}") == "1001");
}

TEST_CASE_FIXTURE(Fixture, "a blob that no row refers to goes when it is a day old, and is counted with its bytes") {
  auto digest = at->blobs().put("content").value().digest;
  clock.advance_ms(blob_grace_ms - 60'000);
  CHECK(act("sweep_blobs"));
  CHECK(at->blobs().get(digest));
  clock.advance_ms(120'000);
  CHECK(act("sweep_blobs"));
  CHECK(at->blobs().get(digest).error().code == "blob_missing");
  CHECK(metric("answerable_collected_blobs_total") == "1");
  CHECK(metric("answerable_collected_blob_bytes_total") == "55");
}

TEST_CASE_FIXTURE(Fixture, "the first sweep is an hour after the start, rows go at once") {
  add_tokens(1);
  auto digest = at->blobs().put("content").value().digest;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() + "/blobs"))
    if (entry.is_regular_file())
      last_write_time(entry.path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  Housekeeper housekeeper(collection_tasks(*at), clock);
  housekeeper.run_due();
  CHECK(tokens() == 0);
  clock.advance_ms(sweep_first_after_ms - 1);
  housekeeper.run_due();
  CHECK(at->blobs().get(digest));
  clock.advance_ms(1);
  housekeeper.run_due();
  CHECK(!at->blobs().get(digest));
}

TEST_CASE_FIXTURE(Fixture, "a task that takes long ends early when the housekeeper goes") {
  std::atomic<bool> was_asked = false;
  std::promise<void> begun;
  auto act = [&](const std::stop_token& stop) -> Status {
    begun.set_value();
    std::promise<void> asked;
    std::stop_callback wait(stop, [&] { asked.set_value(); });
    asked.get_future().wait();
    was_asked = true;
    return {};
  };
  {
    Housekeeper housekeeper({{.name = "long", .every_ms = 1'000, .act = act}}, clock);
    begun.get_future().wait();
  }
  CHECK(was_asked);
}
