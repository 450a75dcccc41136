#include "app/outside_acts.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "audit/ledger.h"
#include "base/log.h"
#include "store/file.h"
#include "store/file_lock.h"

namespace answerable::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".act";  // of a note that is complete
constexpr std::size_t note_bytes_max = 200;
constexpr int look_ms = 20;

std::string folder_of(const Configuration& configuration) { return configuration.data_dir + "/outside_acts"; }

struct Note {
  OutsideAct act = OutsideAct::ledger_export;
  WorkspaceId workspace;
  unsigned user = 0;  // of the system, who ran the command
};

// "ledger_export WORKSPACE UID"
std::string encode(const Note& note) { return fmt::format("ledger_export {} {}\n", note.workspace.text(), note.user); }

std::optional<Note> decode(const std::string& path) {
  std::ifstream file(path);
  std::string text(note_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > note_bytes_max) return std::nullopt;
  std::array<char, 40> id{};
  Note note;
  if (std::sscanf(text.c_str(), "ledger_export %39s %u", id.data(), &note.user) != 2) return std::nullopt;
  auto workspace = WorkspaceId::parse(id.data());
  if (!workspace) return std::nullopt;
  note.workspace = *workspace;
  return note;
}

Status enter(store::Database& database, const Note& note) {
  return database.write([&](store::Transaction& tx) -> Status {
    TRY_STATUS(audit::append_entry(tx, {.workspace = note.workspace,
                                        .actor = {.kind = "operator", .id = {}, .credential = {}},
                                        .action = "ledger.export",
                                        .object_kind = "ledger",
                                        .object_id = note.workspace.text(),
                                        .details = {{"system_user", std::to_string(note.user)}, {"way", "command"}}}));
    return {};
  });
}

std::unexpected<Error> cannot_write(const std::string& folder) {
  return fail(
      ErrorKind::unavailable, "act_not_recorded",
      fmt::format("The ledger cannot note this act: {} cannot be written. Run this as the server's user.", folder));
}

// Whole or not at all: the server must not find half a note.
Result<std::string> leave(const Configuration& configuration, const Note& note) {
  const auto folder = folder_of(configuration);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot_write(folder);
  SystemClock clock;
  const auto path = folder + "/" + MessageId::make(clock).text() + std::string(suffix);
  if (!store::replace_file(path, encode(note))) return cannot_write(folder);
  return path;
}

Status wait_until_taken(const std::string& path) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(outside_act_wait_ms);
  while (::access(path.c_str(), F_OK) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::unlink(path.c_str());
      return fail(ErrorKind::unavailable, "act_not_recorded",
                  "The process that holds the data folder does not write this act into the ledger: is it `answerable "
                  "serve`, of this version? Nothing was exported.");
    }
    ::poll(nullptr, 0, look_ms);
  }
  return {};
}

}  // namespace

Status record_outside_act(const Configuration& configuration, OutsideAct act, WorkspaceId workspace) {
  const Note note{.act = act, .workspace = workspace, .user = ::getuid()};
  auto alone = store::FileLock::take(configuration.data_dir + "/lock");
  if (alone) {
    SystemClock clock;
    TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
    return enter(installation->database(), note);
  }
  if (alone.error().code != "database_in_use") return std::unexpected(alone.error());
  TRY(const auto path, leave(configuration, note));
  return wait_until_taken(path);
}

Status take_outside_acts(Installation& installation) {
  std::error_code failed;
  int taken = 0;
  for (const auto& file : fs::directory_iterator(folder_of(installation.configuration()), failed)) {
    if (file.path().extension() != suffix) continue;
    if (++taken > outside_acts_max) break;
    if (auto note = decode(file.path().string()))
      TRY_STATUS(enter(installation.database(), *note));
    else
      log::warning("outside_act_unreadable", {{"file", file.path().filename().string()}});
    fs::remove(file.path(), failed);
  }
  return {};
}

}  // namespace answerable::app
