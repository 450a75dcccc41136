#include "app/installation.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "access/schema.h"
#include "app/blob_owner.h"
#include "app/key_owner.h"
#include "app/replace_ledger_key.h"
#include "audit/ledger.h"
#include "channels/schema.h"
#include "cluster/event_log.h"
#include "conversations/schema.h"
#include "http/schema.h"
#include "intake/schema.h"
#include "outbox/schema.h"
#include "policy/content_rules.h"
#include "policy/judge.h"
#include "policy/version.h"

namespace answerable::app {

namespace {

Result<store::DatabaseOptions> database_options(const Configuration& c, Opening opening) {
  store::DatabaseOptions options;
  options.readers = static_cast<int>(c.database_readers);
  options.read_only = opening == Opening::read_only;
  if (c.database_engine == "postgres") {
    options.engine = store::Engine::postgres;
    TRY(options.location, read_secret_file(c.database_url_file));
  } else {
    options.location = c.data_dir + "/answerable.db";
  }
  return options;
}

// The name in the origin of this installation's checkpoints: the host of public_url when the key was made.
std::string ledger_name(const Configuration& c) {
  auto start = c.public_url.find("://");
  auto host = c.public_url.substr(start == std::string::npos ? 0 : start + 3);
  return host.substr(0, host.find_first_of(":/"));
}

Result<audit::SigningKey> load_ledger_key(const Configuration& c, Opening opening) {
  auto path = ledger_key_path(c.data_dir);
  if (opening != Opening::create && ::access(path.c_str(), F_OK) != 0)
    return fail(ErrorKind::not_found, "keys_missing",
                fmt::format("{} is missing: restore it from the backup of your keys.", path));
  return audit::SigningKey::load_or_create(path, ledger_name(c));
}

Status make_data_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0750) == 0 || errno == EEXIST) return {};
  return fail(ErrorKind::unavailable, "data_folder_unwritable",
              fmt::format("Cannot create {}: {}. Choose another folder with --data.", path, std::strerror(errno)));
}

}  // namespace

std::vector<store::Migration> all_migrations() {
  std::vector<store::Migration> all;
  for (auto schema : {cluster::schema(), audit::schema(), access::schema(), policy::schema(), outbox::schema(),
                      conversations::schema(), intake::schema(), channels::schema(), http::schema(),
                      blob_owner_schema(), key_owner_schema()}) {
    all.insert(all.end(), schema.begin(), schema.end());
  }
  return all;
}

std::vector<store::BlobColumn> all_blob_columns() {
  std::vector<store::BlobColumn> all;
  for (auto columns :
       {outbox::blob_columns(), conversations::blob_columns(), intake::blob_columns(), channels::blob_columns()}) {
    all.insert(all.end(), columns.begin(), columns.end());
  }
  return all;
}

Result<std::unique_ptr<Installation>> Installation::open(const Configuration& configuration, const Clock& clock,
                                                         Opening opening) {
  std::unique_ptr<Installation> it(new Installation(configuration, clock));
  if (opening == Opening::create) TRY_STATUS(make_data_folder(configuration.data_dir));
  if (opening != Opening::replace_key) TRY_STATUS(check_no_next_key(configuration.data_dir));
  TRY(it->keys_, load_keys(configuration.data_dir, opening == Opening::create));
  if (opening != Opening::replace_ledger_key) {
    TRY_STATUS(check_no_next_ledger_key(configuration.data_dir));
    TRY(it->ledger_key_, load_ledger_key(configuration, opening));
  }
  const auto blobs = blobs_folder(configuration);
  TRY(it->blobs_, store::open_blobs(blobs, it->keys_.blobs));
  TRY(auto options, database_options(configuration, opening));
  const bool has_others = options.engine == store::Engine::postgres && !options.read_only;
  it->fanout_ = has_others ? cluster::Fanout::across_nodes(options.location) : cluster::Fanout::in_process();
  options.on_commit = [fanout = it->fanout_.get()](WorkspaceId workspace) { fanout->wake(workspace); };
  TRY(it->database_, store::Database::open(std::move(options), clock, it->metrics_));
  if (opening != Opening::read_only) {
    TRY_STATUS(it->database_->migrate(all_migrations()));
    if (opening != Opening::replace_key && opening != Opening::replace_ledger_key)
      TRY_STATUS(claim_keys(*it->database_, it->keys_, it->ledger_key_->public_key()));
    TRY_STATUS(claim_blobs(*it->database_, blobs));
    // What an installation starts with, also one that was set up before there was a policy.
    TRY_STATUS(it->database_->write([](store::Transaction& tx) -> Status {
      TRY_STATUS(policy::publish_default(tx));
      return policy::save_default_content_rules(tx);
    }));
  }
  return it;
}

Installation::~Installation() {
  if (database_) database_->close();
}

}  // namespace answerable::app
