// `answerable mail thread FILE…`: one JSON object a line and file, {"file","thread"}. Needs no installation. What its
// rules are, and why: docs/operations/who-may-speak.md.
#include <boost/json.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/mailbox_threads.h"
#include "app/read_file.h"
#include "base/utf8.h"

namespace answerable::app {

namespace {

namespace json = boost::json;

constexpr std::size_t batch_max = 100;                       // messages in one transaction
constexpr std::size_t batch_bytes_max = 16UL * 1024 * 1024;  // read before it is written

// At least half of what can be read comes from a list: then all of it is one list's mailbox.
bool is_list_mailbox(const std::vector<std::string>& files) {
  std::size_t readable = 0, of_list = 0;
  for (const auto& file : files) {
    const auto raw = read_file(file);
    if (!raw) continue;
    ++readable;
    if (is_of_list(*raw)) ++of_list;
  }
  return readable > 0 && of_list * 2 >= readable;
}

void print(const json::object& object) {
  const auto line = json::serialize(object) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
}

struct Batch {
  std::vector<std::string> files, raws;
  std::size_t bytes = 0;
};

Status flush(MailboxThreads& mailbox, Batch& batch) {
  TRY(const auto threads, mailbox.place(batch.raws));
  for (std::size_t i = 0; i < threads.size(); ++i)
    print({{"file", to_valid_utf8(batch.files[i])}, {"thread", threads[i]}});
  batch = {};
  return {};
}

Result<int> thread(const MailThreadInput& input) {
  const bool is_list = input.mailbox == "list" || (input.mailbox == "auto" && is_list_mailbox(input.files));
  TRY(const auto mailbox, MailboxThreads::make({is_list, input.trusted_results}));
  int status = exit_ok;
  Batch batch;
  for (const auto& file : input.files) {
    auto raw = read_file(file);
    if (!raw) {
      TRY_STATUS(flush(*mailbox, batch));
      print({{"file", to_valid_utf8(file)}, {"error", raw.error().detail}});
      status = exit_failed;
      continue;
    }
    batch.bytes += raw->size();
    batch.files.push_back(file);
    batch.raws.push_back(*std::move(raw));
    if (batch.files.size() >= batch_max || batch.bytes >= batch_bytes_max) TRY_STATUS(flush(*mailbox, batch));
  }
  TRY_STATUS(flush(*mailbox, batch));
  return status;
}

}  // namespace

int run_mail_thread(const MailThreadInput& input) {
  auto status = thread(input);
  if (status) return *status;
  report(status.error());
  return exit_failed;
}

}  // namespace answerable::app
