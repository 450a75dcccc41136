#include "audit/export.h"

#include <algorithm>
#include <charconv>

#include "audit/change_key.h"
#include "audit/checkpoint.h"
#include "audit/entry.h"
#include "base/encoding.h"

namespace answerable::audit {
namespace {

constexpr std::string_view first_line = "answerable-ledger-export v1";

std::string framed(std::string_view kind, std::string_view bytes) {
  return std::string(kind) + " " + std::to_string(bytes.size()) + "\n" + std::string(bytes);
}

// With its leaf hash: where only checkpoints speak, a change could be anywhere before the next of them.
std::string framed_entry(const std::string& encoded) {
  return framed("entry " + to_hex(as_bytes(hash_leaf(encoded))), encoded);
}

std::string last_line(std::int64_t entry_total, std::int64_t checkpoint_total) {
  return "end entries=" + std::to_string(entry_total) + " checkpoints=" + std::to_string(checkpoint_total);
}

struct Note {
  std::int64_t size = 0;
  std::string text;
};

Result<std::vector<Note>> notes_of(store::Session& session, WorkspaceId workspace) {
  return session.all("select size, note from ledger_checkpoints where workspace_id = $1 order by size", {workspace},
                     [](const store::Row& row) { return Note{row.integer(0), row.string(1)}; });
}

bool read_line(std::istream& file, std::string& line) {
  constexpr std::size_t line_max = 1'024;
  line.clear();
  for (char c = 0; file.get(c) && line.size() <= line_max;) {
    if (c == '\n') return true;
    line += c;
  }
  return false;
}

// "entry 123" or "checkpoint 123" and then as many bytes.
bool read_framed(std::istream& file, std::string_view length, std::size_t bytes_max, std::string& bytes) {
  std::size_t size = 0;
  auto parsed = std::from_chars(length.data(), length.data() + length.size(), size);
  if (parsed.ec != std::errc() || std::to_string(size) != length || size > bytes_max) return false;
  bytes.resize(size);
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  return file.gcount() == static_cast<std::streamsize>(size);
}

// "entry <leaf hash> <bytes>" and then as many bytes.
bool read_entry(std::istream& file, std::string_view rest, LedgerCheck& check) {
  std::string bytes;
  auto blank = std::min(rest.find(' '), rest.size());
  if (blank == rest.size() || !read_framed(file, rest.substr(blank + 1), entry_bytes_max, bytes))
    return check.broken(check.entries(), "The entry is cut off.");
  if (to_hex(as_bytes(hash_leaf(bytes))) != rest.substr(0, blank))
    return check.broken(check.entries(), "The entry differs from its leaf hash.");
  return check.entry(bytes);
}

// "key=<newest>", and the changes of the key, which come before everything else.
Result<LedgerKeys> read_keys(std::istream& file, const PublicKey& trusted) {
  auto malformed = [] { return fail(ErrorKind::invalid, "export_malformed", "The file was signed with another key."); };
  std::string line, note;
  if (!read_line(file, line) || !line.starts_with("key=")) return malformed();
  const auto newest = line.substr(4);
  std::vector<KeyChange> changes;
  while (file.peek() == 'k' && changes.size() <= key_changes_max) {
    if (!read_line(file, line) || !line.starts_with("key ") ||
        !read_framed(file, std::string_view(line).substr(4), note_bytes_max, note)) {
      return malformed();
    }
    TRY(auto change, open_key_change(note));
    changes.push_back(std::move(change));
  }
  TRY(auto keys, LedgerKeys::of(trusted, std::move(changes)));
  if (keys.newest().text() != newest) return malformed();
  return keys;
}

Verification refused(const PublicKey& key, std::string reason) {
  LedgerCheck check(WorkspaceId{}, key);
  check.broken(0, std::move(reason));
  return check.result();
}

// Reads one item; false at the end of the file or of what fits.
bool read_item(std::istream& file, LedgerCheck& check, std::string& line) {
  if (!read_line(file, line)) return check.broken(check.entries(), "The file is cut off.");
  std::string_view item = line;
  if (item.starts_with("entry ")) return read_entry(file, item.substr(6), check);
  if (item.starts_with("checkpoint ")) {
    std::string bytes;
    if (!read_framed(file, item.substr(11), note_bytes_max, bytes))
      return check.broken(check.entries(), "The checkpoint is cut off.");
    return check.checkpoint(bytes);
  }
  check.end();
  auto so_far = check.result();
  if (item != last_line(so_far.entries, so_far.checkpoints))
    check.broken(check.entries(), "The last line does not fit.");
  if (check.signed_entries() != so_far.entries)
    check.broken(check.signed_entries(), "No checkpoint covers this entry and those after it.");
  if (file.peek() != std::istream::traits_type::eof())
    check.broken(check.entries(), "Something follows the last line.");
  return false;
}

}  // namespace

Status export_ledger(store::Session& session, WorkspaceId workspace, const SigningKey& key, const ExportSink& sink) {
  TRY_STATUS(
      sink(std::string(first_line) + "\nworkspace=" + workspace.text() + "\nkey=" + key.public_key().text() + "\n"));
  TRY(auto keys, keys_of(session, workspace, key.public_key()));
  for (const auto& change : keys.changes()) TRY_STATUS(sink(framed("key", change.note)));
  TRY(auto notes, notes_of(session, workspace));
  auto next = notes.begin();
  std::int64_t count = 0;
  CompactRange range;
  bool fits = true;  // what does not fit is not signed
  for (;;) {
    TRY(auto page, entries(session, workspace, count, entries_max));
    for (const auto& entry : page) {
      TRY_STATUS(sink(framed_entry(entry.encoded)));
      range.append(hash_leaf(entry.encoded));
      fits = fits && entry.seq == count && hash_leaf(entry.encoded) == entry.leaf_hash;
      ++count;
      for (; next != notes.end() && next->size <= count; ++next) {
        TRY_STATUS(sink(framed("checkpoint", next->text)));
        auto opened = keys.open(next->text);
        fits = fits && opened && opened->ledger.workspace == workspace && opened->head.root == range.root();
      }
    }
    if (page.empty()) break;
  }
  for (; next != notes.end(); ++next)
    TRY_STATUS(sink(framed("checkpoint", next->text)));  // shows that entries are missing
  auto checkpoints = static_cast<std::int64_t>(notes.size());
  if (fits && count > 0 && (notes.empty() || notes.back().size < count)) {
    TRY(auto epoch, epoch_of(session, workspace));
    TRY_STATUS(sink(framed("checkpoint", sign_checkpoint(key, {workspace, epoch}, {range.size(), range.root()}))));
    ++checkpoints;
  }
  return sink(last_line(count, checkpoints) + "\n");
}

Verification verify_export(std::istream& file, const PublicKey& key, std::string_view held) {
  std::string line;
  bool begins = read_line(file, line) && line == first_line && read_line(file, line) && line.starts_with("workspace=");
  auto workspace = begins ? WorkspaceId::parse(std::string_view(line).substr(10)) : std::nullopt;
  if (!workspace || workspace->text() != std::string_view(line).substr(10))
    return refused(key, "The file is no ledger export.");
  auto keys = read_keys(file, key);
  if (!keys) return refused(key, keys.error().detail);
  LedgerCheck check(*workspace, *keys);
  auto kept = held.empty() ? std::nullopt : std::optional(keys->open(held));
  if (kept && !*kept) return refused(key, kept->error().detail);
  if (kept && (*kept)->ledger.workspace != *workspace)
    return refused(key, "The checkpoint that was kept is of another ledger.");
  if (kept) check.hold(**kept);
  while (read_item(file, check, line)) {
  }
  if (kept && (*kept)->head.size > check.range().size())
    check.broken(check.entries(), "The checkpoint that was kept covers this entry, which is missing.");
  return check.result();
}

}  // namespace answerable::audit
