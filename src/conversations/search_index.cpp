#include "conversations/search_index.h"

#include <map>

#include "base/utf8.h"
#include "conversations/search.h"
#include "conversations/search_words.h"

namespace answerable::conversations {
namespace {

constexpr int batch_max = 500;  // events in one transaction; each waits for a commit of what came meanwhile
// FTS5 writes a segment a commit and now and then merges them, on the writer's thread: for single messages that stalled
// replies for 20 ms, some three times a second.
constexpr int gather_ms = 250;
constexpr int positions_max = 16'383;  // of a tsvector; later words share the last

// The text form of a tsvector: each word once, with its places.
std::string to_tsvector(std::string_view text) {
  std::map<std::string, std::string> places;
  int position = 0;
  each_word(text, [&](const Word& word) {
    if (position < positions_max) ++position;
    auto& list = places[word.folded];
    if (!list.empty()) list += ',';
    list += std::to_string(position);
    return true;
  });
  std::string vector;
  for (const auto& [word, list] : places) vector += "'" + word + "':" + list + " ";
  return vector;
}

// Everything of a message that can be found, one thing a line; nothing of one that is withheld.
Result<std::optional<std::string>> find_text(store::Session& session, WorkspaceId workspace, MessageId message) {
  return session.find(
      "select author_name, from_address, subject, body from messages where workspace_id = $1 and id = $2 "
      "and withheld = 0",
      {workspace, message}, [](const store::Row& row) {
        std::string text;
        for (int column = 0; column < 4; ++column) {
          text += row.text(column);
          text += '\n';
        }
        return text;
      });
}

Result<std::int64_t> take_slot(store::Transaction& tx, WorkspaceId workspace) {
  TRY(auto slot, find_slot(tx, workspace));
  if (slot) return *slot;
  return tx.number(
      "insert into search_slots (workspace_id, slot) select $1, coalesce(max(slot), 0) + 1 from search_slots "
      "returning slot",
      {workspace});
}

}  // namespace

Result<std::optional<std::int64_t>> find_slot(store::Session& session, WorkspaceId workspace) {
  return session.find("select slot from search_slots where workspace_id = $1", {workspace},
                      [](const store::Row& row) { return row.integer(0); });
}

// FTS5 without content forgets words only when it is told which.
Status remove_from_index(store::Transaction& tx, WorkspaceId workspace, MessageId message) {
  TRY(const auto text, find_text(tx, workspace, message));
  TRY(const auto places, tx.all("select seq from search_documents where workspace_id = $1 and message_id = $2",
                                {workspace, message}, [](const store::Row& row) { return row.integer(0); }));
  TRY(const auto slot, find_slot(tx, workspace));
  const auto part = truncate_utf8(text ? std::string_view(*text) : std::string_view(), indexed_text_max_bytes);
  for (const auto seq : places) {
    if (tx.engine() == store::Engine::postgres) {
      TRY_STATUS(tx.execute("delete from search_terms where workspace_id = $1 and seq = $2", {workspace, seq}));
    } else if (slot && text) {
      TRY_STATUS(tx.execute("insert into search_terms (search_terms, rowid, words) values ('delete', $1, $2)",
                            {*slot << slot_shift | seq, fold_words(part)}));
    }
  }
  TRY_STATUS(
      tx.execute("delete from search_documents where workspace_id = $1 and message_id = $2", {workspace, message}));
  return {};
}

cluster::LogReaderOptions SearchIndexer::options() {
  return {.name = std::string(search_reader),
          .batch_max = batch_max,
          .handle = [this](store::Transaction& tx, WorkspaceId workspace,
                           std::span<const cluster::Event> events) { return handle(tx, workspace, events); },
          .prepare = [this](store::Session& session, WorkspaceId workspace,
                            std::span<const cluster::Event> events) { return prepare(session, workspace, events); },
          .gather_ms = gather_ms};
}

Status SearchIndexer::prepare(store::Session& session, WorkspaceId workspace, std::span<const cluster::Event> events) {
  documents_.clear();
  for (const auto& event : events) {
    const bool is_new = event.kind == "message_added" || event.kind == "message_released";
    if (!is_new || !event.message || !event.conversation) continue;
    TRY(auto text, find_text(session, workspace, *event.message));
    if (!text) continue;
    auto part = truncate_utf8(*text, indexed_text_max_bytes);
    documents_.push_back({.seq = event.seq,
                          .message = *event.message,
                          .conversation = *event.conversation,
                          .words = session.engine() == store::Engine::sqlite ? fold_words(part) : to_tsvector(part)});
  }
  return {};
}

Status SearchIndexer::handle(store::Transaction& tx, WorkspaceId workspace,
                             std::span<const cluster::Event> /*events*/) const {
  if (documents_.empty()) return {};
  std::int64_t slot = 0;
  if (tx.engine() == store::Engine::sqlite) {
    TRY(slot, take_slot(tx, workspace));
  }
  for (const auto& document : documents_) TRY_STATUS(insert(tx, workspace, slot, document));
  return {};
}

Status SearchIndexer::insert(store::Transaction& tx, WorkspaceId workspace, std::int64_t slot,
                             const Document& document) {
  TRY_STATUS(tx.execute(
      "insert into search_documents (workspace_id, seq, message_id, conversation_id) values ($1, $2, $3, $4)",
      {workspace, document.seq, document.message, document.conversation}));
  if (tx.engine() == store::Engine::sqlite) {
    TRY_STATUS(tx.execute("insert into search_terms (rowid, words) values ($1, $2)",
                          {slot << slot_shift | document.seq, document.words}));
  } else {
    TRY_STATUS(tx.execute("insert into search_terms (workspace_id, seq, words) values ($1, $2, cast($3 as tsvector))",
                          {workspace, document.seq, document.words}));
  }
  return {};
}

}  // namespace answerable::conversations
