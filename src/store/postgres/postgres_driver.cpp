#include "store/postgres/postgres_driver.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>

#include "base/ensure.h"
#include "base/log.h"
#include "store/postgres/errors.h"
#include "store/postgres/wire.h"

namespace answerable::store {
namespace {

struct Disconnect {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

// A statement is prepared once for each combination of value types that it is called with; NULL fits any type.
struct Variant {
  std::string name;
  std::vector<Oid> types;
};
struct Prepared {
  std::string_view text;
  std::vector<Variant> variants;
};

bool fits(const Variant& variant, const std::vector<Oid>& types) {
  return std::ranges::equal(variant.types, types, [](Oid known, Oid given) { return given == 0 || given == known; });
}

class PostgresDriver final : public Driver {
 public:
  PostgresDriver(std::string location, Role role) : location_(std::move(location)), role_(role) {}
  Status connect();

  Engine engine() const override { return Engine::postgres; }
  Result<std::int64_t> run(Sql sql, Values values, const std::function<void(const Row&)>* row) override;
  Status begin() override;
  Status commit() override;
  void rollback() override;
  Status savepoint() override { return command("savepoint job"); }
  Status release_savepoint() override { return command("release savepoint job"); }
  Status rollback_to_savepoint() override;
  Status script(std::string_view sql) override;
  Result<bool> maintain(bool) override { return false; }
  Status finish() override { return {}; }

 private:
  using Instant = std::chrono::steady_clock::time_point;

  bool is_connected() const { return connection_ && PQstatus(connection_.get()) == CONNECTION_OK; }
  Status reconnect();
  Status configure();
  Status command(const char* sql);
  Result<const Variant*> prepare(Sql sql, const Parameters& parameters);
  std::unexpected<Error> failed(const PGresult* result, std::string_view sql);

  const std::string location_;
  const Role role_;
  std::unique_ptr<PGconn, Disconnect> connection_;
  std::unordered_map<const char*, Prepared> statements_;
  int names_ = 0;
  Instant next_attempt_{};
  int backoff_ms_ = 0;
};

Status PostgresDriver::connect() {
  statements_.clear();
  const char* const keys[] = {
      "dbname", "client_encoding", "application_name", "connect_timeout", "keepalives_idle", "tcp_user_timeout",
      nullptr};
  const char* const values[] = {location_.c_str(), "UTF8", "answerable", "5", "10", "15000", nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1));
  if (!is_connected()) {
    // The text may name host and user, never the password.
    log::error("postgres_unreachable",
               {{"message", connection_ ? PQerrorMessage(connection_.get()) : "out of memory"}});
    return fail(ErrorKind::unavailable, "database_unavailable", "The database server does not answer: try again.");
  }
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  return configure();
}

Status PostgresDriver::configure() {
  // A commit that is acknowledged must be on the disk, whatever the server's default.
  TRY_STATUS(command(
      "set synchronous_commit = on; set timezone = 'UTC'; set standard_conforming_strings = on;"
      "set statement_timeout = '60s'; set lock_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'"));
  if (role_ == Role::reader) return {};
  PgResult answer(PQexec(connection_.get(), "show fsync"));
  if (PQntuples(answer.get()) == 1 && std::string_view(PQgetvalue(answer.get(), 0, 0)) != "on")
    log::warning("postgres_not_durable", {{"setting", "fsync"}, {"value", PQgetvalue(answer.get(), 0, 0)}});
  return {};
}

Status PostgresDriver::reconnect() {
  auto now = std::chrono::steady_clock::now();
  if (now < next_attempt_)
    return fail(ErrorKind::unavailable, "database_unavailable", "The database server does not answer: try again.");
  auto connected = connect();
  backoff_ms_ = connected ? 0 : std::clamp(backoff_ms_ * 2, 100, 5'000);
  next_attempt_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(backoff_ms_);
  return connected;
}

std::unexpected<Error> PostgresDriver::failed(const PGresult* result, std::string_view sql) {
  const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  auto failure = classify_postgres(state ? state : "", PQerrorMessage(connection_.get()), sql, !is_connected());
  changed_ = true;  // the transaction is aborted: only a rollback helps
  if (failure.trouble && !trouble_) trouble_ = Trouble{*failure.trouble, failure.error};
  return std::unexpected(std::move(failure.error));
}

Status PostgresDriver::command(const char* sql) {
  PgResult result(PQexec(connection_.get(), sql));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failed(result.get(), sql);
  return {};
}

Status PostgresDriver::begin() {
  const char* sql =
      role_ == Role::writer ? "begin isolation level serializable" : "begin isolation level repeatable read read only";
  trouble_.reset();
  if (is_connected()) {
    auto begun = command(sql);
    if (begun || begun.error().code != "database_unavailable") return begun;
    trouble_.reset();  // the server has been restarted since: a new connection may do
  }
  TRY_STATUS(reconnect());
  return command(sql);
}

Status PostgresDriver::commit() {
  PgResult result(PQexec(connection_.get(), "commit"));
  const bool is_done = PQresultStatus(result.get()) == PGRES_COMMAND_OK;
  const bool is_refused = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) != nullptr;
  if (!is_connected() || (!is_done && !is_refused)) {
    trouble_ = Trouble{Trouble::Kind::refused,
                       {ErrorKind::unavailable, "commit_unknown",
                        "The database went away during the commit: look whether it was done."}};
    return std::unexpected(trouble_->error);
  }
  if (!is_done) return failed(result.get(), "commit");
  // An aborted transaction answers the commit with a rollback and no error.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    return fail(ErrorKind::internal, "transaction_aborted", "The transaction had failed before its commit.");
  return {};
}

void PostgresDriver::rollback() {
  if (!is_connected()) return;
  auto state = PQtransactionStatus(connection_.get());
  if (state == PQTRANS_IDLE) return;
  PgResult result(PQexec(connection_.get(), "rollback"));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) connection_.reset();
}

Status PostgresDriver::rollback_to_savepoint() {
  TRY_STATUS(command("rollback to savepoint job"));
  return command("release savepoint job");
}

Status PostgresDriver::script(std::string_view sql) {
  PgResult result(PQexec(connection_.get(), std::string(sql).c_str()));
  auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failed(result.get(), sql);
  changed_ = true;
  return {};
}

Result<const Variant*> PostgresDriver::prepare(Sql sql, const Parameters& parameters) {
  auto& prepared = statements_.try_emplace(sql.text().data(), Prepared{sql.text(), {}}).first->second;
  ensure(prepared.text == sql.text(), "one address, two statements: " + std::string(sql.text()));
  for (const auto& variant : prepared.variants) {
    if (fits(variant, parameters.types)) return &variant;
  }
  Variant variant{"s" + std::to_string(++names_), parameters.types};
  std::string text(sql.text());
  PgResult made(
      PQprepare(connection_.get(), variant.name.c_str(), text.c_str(), parameters.count(), variant.types.data()));
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) return failed(made.get(), sql.text());
  PgResult described(PQdescribePrepared(connection_.get(), variant.name.c_str()));
  if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return failed(described.get(), sql.text());
  ensure(PQnparams(described.get()) == parameters.count(), "wrong number of values for: " + text);
  for (int i = 0; i < parameters.count(); ++i)
    variant.types[static_cast<std::size_t>(i)] = PQparamtype(described.get(), i);
  prepared.variants.push_back(std::move(variant));
  return &prepared.variants.back();
}

Result<std::int64_t> PostgresDriver::run(Sql sql, Values values, const std::function<void(const Row&)>* row) {
  if (!connection_)
    return fail(ErrorKind::unavailable, "database_unavailable", "The database server is not there: try again.");
  Parameters parameters(values);
  TRY(const Variant* variant, prepare(sql, parameters));
  PgResult result(PQexecPrepared(connection_.get(), variant->name.c_str(), parameters.count(), parameters.data.data(),
                                 parameters.lengths.data(), parameters.formats.data(), 1));
  auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failed(result.get(), sql.text());
  bool is_select = std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
  if (!is_select) changed_ = true;
  PostgresRow current(result.get(), sql.text());
  for (int i = 0; row && i < PQntuples(result.get()); ++i) {
    current.move_to(i);
    (*row)(current);
  }
  return is_select ? 0 : std::atoll(PQcmdTuples(result.get()));
}

}  // namespace

Result<std::unique_ptr<Driver>> open_postgres(const DatabaseOptions& options, Role role) {
  auto driver = std::make_unique<PostgresDriver>(options.location, role);
  TRY_STATUS(driver->connect());
  return driver;
}

}  // namespace answerable::store
