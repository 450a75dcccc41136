// /conversations/{id}/export and /search/export: what people take away, as JSON or CSV, watermarked, and in the ledger
// before it is handed out. To people whose view is narrowed (sight.h) nothing is handed out.
#include "access/workspace.h"
#include "audit/ledger.h"
#include "conversations/search.h"
#include "conversations/thread.h"
#include "http/attachment_headers.h"
#include "http/export_file.h"
#include "http/reading.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/entitlement.h"

namespace answerable::http {
namespace {

constexpr std::int64_t exported_messages_max = 5'000;
constexpr std::int64_t exported_hits_max = 2'000;

// "json" when nothing is said.
Result<bool> is_csv(const Call& call) {
  const auto format = call.request.query_parameter("format").value_or("json");
  if (format == "csv" || format == "json") return format == "csv";
  return fail(ErrorKind::invalid, "bad_query", "format: json or csv.");
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& one : list) text += text.empty() ? one : ", " + one;
  return text;
}

Result<ExportTable> messages_of(Call& call, store::Session& session, ConversationId id) {
  const auto& actor = call.actor;
  ExportTable table{
      .columns = {"position", "sent_at", "direction", "author", "from", "to", "cc", "subject", "text", "attachments"},
      .rows = {}};
  TRY(const auto open, conversations::open_conversation(session, actor, id));
  TRY_STATUS(note_conversation(call, session, open.item));
  table.total = open.item.message_count;
  auto page = open.newest;
  while (true) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : page.messages) {
      std::vector<std::string> files;
      for (const auto& file : one.attachments) files.push_back(file.filename);
      rows.push_back({std::to_string(one.position), to_rfc3339(one.sent_at), std::string(to_string(one.direction)),
                      one.author.name, one.from_address, joined(one.to), joined(one.cc), one.subject, one.text,
                      joined(files)});
    }
    table.rows.insert(table.rows.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    if (!page.next) return table;
    if (std::ssize(table.rows) >= exported_messages_max) break;
    TRY(page, conversations::messages_before(session, actor, open.item.id, *page.next, page_max));
  }
  table.is_complete = false;
  return table;
}

Result<ExportTable> hits_of(Call& call, store::Session& session, const std::string& query) {
  ExportTable table{.columns = {"conversation", "subject", "contact", "address", "sent_at", "direction", "author"},
                    .rows = {}};
  std::optional<std::int64_t> before;
  while (true) {
    TRY(const auto page, conversations::search(session, call.actor, query, before, conversations::search_page_max));
    table.total = page.total;
    table.is_complete = page.is_complete && page.total_is_exact;
    for (const auto& hit : page.hits) {
      const auto& item = hit.conversation;
      TRY_STATUS(note_found(call, item));
      table.rows.push_back({std::to_string(item.number), item.subject, item.contact_name, item.contact_address,
                            to_rfc3339(hit.sent_at), std::string(to_string(hit.direction)), hit.author.name});
    }
    if (!page.next) return table;
    if (std::ssize(table.rows) >= exported_hits_max) break;
    before = page.next;
  }
  table.is_complete = false;
  return table;
}

struct Wanted {
  ExportTable table;
  std::string what, object_kind, object_id, action, filename;
};

// The marker finds the entry, and with it who and when.
Status enter(store::Transaction& tx, const Call& call, const Wanted& wanted, const std::string& marker) {
  TRY_STATUS(audit::append_entry(tx, {.workspace = call.actor.workspace,
                                      .actor = call.actor.for_ledger(),
                                      .action = wanted.action,
                                      .object_kind = wanted.object_kind,
                                      .object_id = wanted.object_id,
                                      .details = {{"marker", marker},
                                                  {"rows", std::to_string(wanted.table.rows.size())},
                                                  {"complete", wanted.table.is_complete ? "yes" : "no"}}}));
  return {};
}

Result<net::Response> hand_out(Call& call, const Wanted& wanted) {
  TRY(const bool csv, is_csv(call));
  ExportedBy by{.person = call.actor.name,
                .workspace = {},
                .person_id = call.actor.id_text(),
                .at = call.api.parts.clock.now(),
                .what = wanted.what};
  std::string key;
  TRY_STATUS(call.api.database().read([&](store::Session& session) -> Status {
    TRY_STATUS(policy::judge_feature(session, call.actor.workspace, "exports"));
    TRY(key, access::load_commitment_key(session, call.actor.workspace));
    TRY(const auto workspace, access::find_workspace(session, call.actor.workspace));
    if (workspace) by.workspace = workspace->name;
    return {};
  }));
  const auto marker = export_marker(key, by, wanted.table);
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) { return enter(tx, call, wanted, marker); }));
  net::Response response;
  response.shared_body = std::make_shared<const std::string>(csv ? export_csv(by, wanted.table, marker)
                                                                 : export_json(by, wanted.table, marker));
  add_inert_headers(response.headers);
  response.headers.set("Content-Type", csv ? "text/csv; charset=utf-8" : "application/json");
  response.headers.set("Content-Disposition", content_disposition(wanted.filename + (csv ? ".csv" : ".json"), false));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Result<net::Response> conversation(Call& call) {
  TRY_STATUS(check_query(call, {"format"}));
  TRY_STATUS(is_csv(call));
  TRY(const auto id, path_id<ConversationId>(call));
  TRY(auto table, call.api.database().query([&](store::Session& session) { return messages_of(call, session, id); }));
  const auto subject = "Conversation " + id.text();
  return hand_out(call, {.table = std::move(table),
                         .what = subject,
                         .object_kind = "conversation",
                         .object_id = id.text(),
                         .action = "conversation.export",
                         .filename = "conversation-" + id.text()});
}

Result<net::Response> found(Call& call) {
  TRY_STATUS(check_query(call, {"q", "format"}));
  TRY_STATUS(is_csv(call));
  const auto query = call.request.query_parameter("q");
  if (!query || query->empty()) return fail(ErrorKind::invalid, "bad_query", "q: what is looked for.");
  TRY(auto table, call.api.database().query([&](store::Session& session) { return hits_of(call, session, *query); }));
  // What was looked for may name a person: it is in the file, not in the ledger.
  return hand_out(call, {.table = std::move(table),
                         .what = "Search: " + *query,
                         .object_kind = "search",
                         .object_id = {},
                         .action = "search.export",
                         .filename = "search"});
}

}  // namespace

void add_export_routes(net::Router& router, ApiContext& api) {
  add_route(router, api,
            {.method = "GET",
             .path = "/conversations/{id}/export",
             .needs = {"conversation", "export"},
             .act = conversation,
             .rate = RateClass::exporting});
  add_route(router, api,
            {.method = "GET",
             .path = "/search/export",
             .needs = {"search", "export"},
             .act = found,
             .rate = RateClass::exporting});
}

}  // namespace answerable::http
