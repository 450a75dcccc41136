// /ledger: every auditable act of the workspace, newest first, and whether it is all still there.
#include <algorithm>
#include <map>

#include "access/user.h"
#include "audit/anchor.h"
#include "audit/change_key.h"
#include "audit/holder_table.h"
#include "audit/ledger.h"
#include "audit/prove.h"
#include "audit/verify.h"
#include "base/encoding.h"
#include "http/attachment_headers.h"
#include "http/conversation_json.h"
#include "http/cursor.h"
#include "http/ledger_file.h"
#include "http/reply.h"
#include "http/routes.h"

namespace answerable::http {
namespace {

constexpr std::string_view ledger_list = "ledger";
constexpr std::int64_t entry_number_max = std::int64_t{1} << 52;

// Names come from the people of today: the ledger itself holds no personal data.
std::string name_of(const audit::Actor& actor, const Names& names) {
  const auto id = UserId::parse(actor.id);
  return id && actor.kind == "user" ? std::string(names.people->find(*id)) : std::string();
}

// `words` are those that the entry commits to, or empty.
Status write_entry(JsonWriter& out, const audit::Entry& entry, const Names& names, std::string_view words) {
  TRY(const auto act, audit::decode_entry(entry.encoded));
  out.begin_object().member("seq", entry.seq).member("at", entry.at);
  out.key("actor").begin_object().member("kind", act.actor.kind).text_or_null("id", act.actor.id);
  out.text_or_null("credential", act.actor.credential).member("name", name_of(act.actor, names)).end_object();
  out.member("action", act.action);
  out.key("object").begin_object().member("kind", act.object_kind).text_or_null("id", act.object_id).end_object();
  out.key("details").begin_object();
  for (const auto& [name, value] : act.details) out.member(name, value);
  out.end_object().text_or_null("words", words);
  out.member("leaf_hash", to_hex(as_bytes(entry.leaf_hash))).end_object();
  return {};
}

Result<net::Response> list(Call& call) {
  TRY_STATUS(check_query(call, {"limit", "cursor"}));
  TRY(const auto limit, query_limit(call));
  std::optional<std::int64_t> before;
  if (const auto cursor = call.request.query_parameter("cursor")) {
    TRY(const auto position, decode_cursor(ledger_list, *cursor));
    before = position.number;
  }
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto total, audit::entry_count(session, call.actor.workspace));
    const auto end = std::clamp<std::int64_t>(before.value_or(total), 0, total);
    const auto first = std::max<std::int64_t>(0, end - limit);
    std::vector<audit::Entry> entries;
    if (end > first) {
      TRY(entries, audit::entries(session, call.actor.workspace, first, static_cast<int>(end - first)));
    }
    std::reverse(entries.begin(), entries.end());
    TRY(const auto names, load_names(call.api, session, call.actor.workspace));
    std::map<std::int64_t, std::string> words;
    if (!call.actor.hides_personal()) {
      TRY(words, audit::words_of(session, call.actor.workspace, first, end));
    }
    JsonWriter out(8192);
    out.begin_object().key("items").begin_array();
    for (const auto& entry : entries) TRY_STATUS(write_entry(out, entry, names, words[entry.seq]));
    out.end_array().member("total", total).member("total_is_exact", true).key("next_cursor");
    if (first > 0) {
      out.text(encode_cursor(ledger_list, {.number = first}));
    } else {
      out.null();
    }
    out.end_object();
    return json_response(200, out);
  });
}

Result<net::Response> verify(Call& call) {
  TRY_STATUS(has_ledger_key(call));
  TRY(const auto verdict, call.api.database().query([&](store::Session& session) {
    return audit::verify(session, call.actor.workspace, *call.api.config.ledger_key);
  }));
  JsonWriter out;
  out.begin_object().member("ok", verdict.ok).member("entries", verdict.entries);
  out.member("signed_entries", verdict.signed_entries).member("checkpoints", verdict.checkpoints);
  out.member("root", to_hex(as_bytes(verdict.root))).key("first_bad");
  if (verdict.first_bad) {
    out.begin_object().member("seq", verdict.first_bad->seq).member("reason", verdict.first_bad->reason).end_object();
  } else {
    out.null();
  }
  out.end_object();
  return json_response(200, out);
}

void write_holders(JsonWriter& out, const std::vector<audit::Holder>& holders) {
  out.key("holders").begin_array();
  for (const auto& holder : holders) {
    out.begin_object().member("name", holder.name).text_or_null("note", holder.note);
    out.key("held_at");
    if (holder.note.empty()) {
      out.null();
    } else {
      out.time(holder.held_at);
    }
    out.text_or_null("problem", holder.problem).end_object();
  }
  out.end_array();
}

// The newest checkpoint and who outside holds one: the installation's, which stands for this workspace's ledger too.
Result<net::Response> checkpoint(Call& call) {
  TRY_STATUS(has_ledger_key(call));
  const auto& key = *call.api.config.ledger_key;
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto note, audit::newest_checkpoint(session, call.actor.workspace));
    TRY(const auto anchor, audit::find_anchor(session, call.actor.workspace));
    TRY(const auto epoch, audit::epoch_of(session, call.actor.workspace));
    TRY(const auto holders, audit::holders(session));
    JsonWriter out;
    out.begin_object().member("key", key.text()).member("epoch", epoch).text_or_null("note", note.value_or(""));
    std::int64_t size = 0;
    if (note) {
      TRY(const auto keys, audit::keys_of(session, call.actor.workspace, key));
      TRY(const auto opened, keys.open(*note));
      size = static_cast<std::int64_t>(opened.head.size);
    }
    out.member("size", size).member("anchored_size", anchor ? anchor->size : 0);
    write_holders(out, holders);
    out.end_object();
    return json_response(200, out);
  });
}

net::Response file_of(std::string text, std::string_view name) {
  net::Response response;
  response.shared_body = std::make_shared<const std::string>(std::move(text));
  add_download_headers(response.headers, name, "text/plain");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Result<net::Response> proof(Call& call) {
  TRY_STATUS(check_query(call, {"entry"}));
  TRY_STATUS(has_ledger_key(call));
  TRY(const auto seq, query_number(call, "entry", 0, entry_number_max));
  TRY(auto text, call.api.database().query([&](store::Session& session) {
    return audit::prove_entry(session, *call.api.config.ledger_key, call.actor.workspace, seq);
  }));
  return file_of(std::move(text), "entry-" + std::to_string(seq) + ".tlog-proof");
}

// Stands in the ledger before anything is handed out, and so in the file itself.
Result<net::Response> whole(Call& call) {
  TRY_STATUS(has_ledger_key(call));
  TRY_STATUS(call.api.database().write([&](store::Transaction& tx) {
    return audit::append_entry(tx, {.workspace = call.actor.workspace,
                                    .actor = call.actor.for_ledger(),
                                    .action = "ledger.export",
                                    .object_kind = "ledger",
                                    .object_id = call.actor.workspace.text(),
                                    .details = {{"way", "browser"}}});
  }));
  TRY(auto file, ledger_file(call));
  return download(std::move(file), "ledger.txt", "text/plain");
}

}  // namespace

void add_ledger_routes(net::Router& router, ApiContext& api) {
  add_route(router, api, {.method = "GET", .path = "/ledger", .needs = {"ledger", "read"}, .act = list});
  add_route(router, api,
            {.method = "GET",
             .path = "/ledger/verify",
             .needs = {"ledger", "verify"},
             .act = verify,
             .rate = RateClass::search});
  add_route(router, api,
            {.method = "GET", .path = "/ledger/checkpoint", .needs = {"ledger", "read"}, .act = checkpoint});
  add_route(router, api,
            {.method = "GET",
             .path = "/ledger/proof",
             .needs = {"ledger", "verify"},
             .act = proof,
             .rate = RateClass::search});
  add_route(router, api,
            {.method = "GET",
             .path = "/ledger/export",
             .needs = {"ledger", "export"},
             .act = whole,
             .rate = RateClass::exporting});
}

}  // namespace answerable::http
