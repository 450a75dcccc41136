// Full-text search over all messages: text, subject, author, address, notes. The index is fed by a reader of the event
// log, outside the transaction of arrival; an answer says how far the index is.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "cluster/log_reader.h"
#include "conversations/conversation.h"
#include "conversations/message.h"
#include "store/session.h"

namespace answerable::conversations {

inline constexpr std::string_view search_reader = "search";  // the name of the index's cursor
inline constexpr std::size_t query_max_bytes = 400;
inline constexpr std::size_t query_words_max = 16;
inline constexpr std::size_t beginning_min_bytes = 3;           // a shorter last word stands for itself only
inline constexpr std::size_t indexed_text_max_bytes = 262'144;  // of one message; the rest is not searchable
inline constexpr int search_page_max = 100;

// Feeds the index. Give options() to a cluster::LogReader; the indexer must outlive it. Reading and folding happen on
// the reader's thread, only the inserts in its transaction.
class SearchIndexer {
 public:
  cluster::LogReaderOptions options();
  Status prepare(store::Session& session, WorkspaceId workspace, std::span<const cluster::Event> events);
  Status handle(store::Transaction& tx, WorkspaceId workspace, std::span<const cluster::Event> events) const;

 private:
  struct Document {
    std::int64_t seq = 0;
    MessageId message;
    ConversationId conversation;
    std::string words;  // folded; for PostgreSQL as the text of a tsvector
  };
  static Status insert(store::Transaction& tx, WorkspaceId workspace, std::int64_t slot, const Document& document);
  std::vector<Document> documents_;  // of the batch at hand
};

struct Hit {
  ConversationItem conversation;
  MessageId message;
  Direction direction = Direction::inbound;
  Author author;
  Time sent_at;
  std::string snippet;  // HTML-escaped; hits in <mark>, nothing else is markup
};

struct SearchPage {
  std::vector<Hit> hits;  // newest first
  std::int64_t total = 0;
  bool total_is_exact = true;        // exact up to counted_total_max
  bool is_complete = true;           // the index has seen every event
  std::int64_t lag = 0;              // events that it has not seen yet
  std::optional<std::int64_t> next;  // cursor of the next page
};

// Every word must occur; the last also as a beginning (unless it is common as it
// stands); words in "quotes" as a phrase. Any input is a valid query; one without a
// word finds nothing. Errors: denied, invalid "query_too_long" / "bad_limit".
Result<SearchPage> search(store::Session& session, const access::Actor& actor, std::string_view query,
                          std::optional<std::int64_t> before, int limit);

}  // namespace answerable::conversations
