#include "conversations/tags.h"

#include <algorithm>

#include "access/authorize.h"
#include "access/overwritten.h"
#include "base/utf8.h"
#include "conversations/conversation_table.h"
#include "conversations/lines.h"
#include "conversations/list.h"

namespace answerable::conversations {
namespace {

// Sorted, without doubles and blanks around.
Result<std::vector<std::string>> normalise(const std::vector<std::string>& tags) {
  std::vector<std::string> normal;
  for (const auto& tag : tags) {
    auto begin = tag.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    auto trimmed = tag.substr(begin, tag.find_last_not_of(' ') - begin + 1);
    const bool has_control =
        std::ranges::any_of(trimmed, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (trimmed.size() > tag_max_bytes || has_control || !is_valid_utf8(trimmed))
      return fail(ErrorKind::invalid, "bad_tag", "A tag has at most 64 bytes and no control characters.");
    normal.push_back(std::move(trimmed));
  }
  std::ranges::sort(normal);
  normal.erase(std::unique(normal.begin(), normal.end()), normal.end());
  if (normal.size() > tags_max) return fail(ErrorKind::invalid, "too_many_tags", "A conversation has at most 20 tags.");
  return normal;
}

Status count_tag(store::Transaction& tx, WorkspaceId workspace, const std::string& tag, int change) {
  TRY_STATUS(tx.execute(
      "insert into tag_counts (workspace_id, tag, amount) values ($1, $2, $3) on conflict (workspace_id, tag) "
      "do update set amount = tag_counts.amount + excluded.amount",
      {workspace, tag, change}));
  return {};
}

Status replace_tags(store::Transaction& tx, WorkspaceId workspace, const ConversationItem& item,
                    const std::vector<std::string>& tags) {
  for (const auto& tag : item.tags) {
    if (std::ranges::binary_search(tags, tag)) continue;
    TRY_STATUS(tx.execute("delete from conversation_tags where workspace_id = $1 and tag = $2 and conversation_id = $3",
                          {workspace, tag, item.id}));
    TRY_STATUS(count_tag(tx, workspace, tag, -1));
  }
  for (const auto& tag : tags) {
    if (std::ranges::binary_search(item.tags, tag)) continue;
    TRY_STATUS(tx.execute("insert into conversation_tags (workspace_id, tag, conversation_id) values ($1, $2, $3)",
                          {workspace, tag, item.id}));
    TRY_STATUS(count_tag(tx, workspace, tag, 1));
  }
  TRY_STATUS(tx.execute("update conversations set tags = $3, version = version + 1 where workspace_id = $1 and id = $2",
                        {workspace, item.id, to_lines(tags)}));
  return {};
}

}  // namespace

Result<ConversationItem> set_tags(store::Transaction& tx, const access::Actor& actor, ConversationId id,
                                  const std::vector<std::string>& tags) {
  TRY_STATUS(access::authorize(actor, "conversation", "tag"));
  TRY(auto normal, normalise(tags));
  TRY(auto item, load_item(tx, actor.workspace, id));
  if (item.tags == normal) return item;
  TRY_STATUS(replace_tags(tx, actor.workspace, item, normal));
  TRY_STATUS(tell(tx, actor, {.workspace = actor.workspace, .kind = "conversation_changed", .conversation = id}));
  TRY_STATUS(access::enter_overwriting(tx,
                                       {.workspace = actor.workspace,
                                        .actor = actor.for_ledger(),
                                        .action = "conversation.tag",
                                        .object_kind = "conversation",
                                        .object_id = id.text(),
                                        .details = {{"tags", std::to_string(normal.size())}}},
                                       {{"tags", to_lines(item.tags), to_lines(normal)}}));
  return load_item(tx, actor.workspace, id);
}

Result<std::vector<TagCount>> list_tags(store::Session& session, const access::Actor& actor) {
  TRY_STATUS(access::authorize(actor, "tag", "list"));
  auto read = [](const store::Row& row) { return TagCount{.tag = row.string(0), .count = row.integer(1)}; };
  if (actor.sees_only_assigned())
    return session.all(
        "select t.tag, count(*) from conversation_tags t join conversations c on "
        "c.workspace_id = t.workspace_id and c.id = t.conversation_id where t.workspace_id = $1 "
        "and c.assignee_id = $2 group by t.tag order by t.tag",
        {actor.workspace, actor.user}, read);
  return session.all("select tag, amount from tag_counts where workspace_id = $1 and amount > 0 order by tag",
                     {actor.workspace}, read);
}

}  // namespace answerable::conversations
