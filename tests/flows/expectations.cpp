// What must be seen. Everything is looked at from outside: through the API, or at the relay.
#include <algorithm>

#include "flows/flow.h"
#include "net/http.h"

namespace answerable::flows {

namespace {

void check(const std::string& expected, const std::string& seen) {
  if (expected != seen) throw Trouble{expected, seen};
}

std::string joined(const Words& words, std::string_view between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

// The remaining words, cut at commas: "open", "assigned to nora", …
std::vector<Words> facts_of(const Words& words, std::size_t first) {
  std::vector<Words> facts(1);
  for (std::size_t i = first; i < words.size(); ++i) {
    if (words[i] == ",") {
      facts.emplace_back();
    } else {
      facts.back().push_back(words[i]);
    }
  }
  return facts;
}

std::string assignee_of(const json::value& item) {
  const auto& assignee = item.at("assignee");
  if (assignee.is_null()) return "unassigned";
  auto name = text_at(assignee, "name");
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return "assigned to " + name;
}

std::string tags_of(const json::value& item) {
  Words tags;
  for (const auto& tag : item.at("tags").as_array()) tags.emplace_back(tag.as_string());
  return tags.empty() ? "untagged" : "tagged " + joined(tags, " ");
}

// What an item says of the matter that a fact is about.
std::string fact_of(const json::value& item, const Words& fact) {
  const auto& word = fact.front();
  if (word == "unread" || word == "read") return item.at("unread").as_bool() ? "unread" : "read";
  if (word == "assigned" || word == "unassigned")
    return fact.size() == 1 && word == "assigned" && assignee_of(item) != "unassigned" ? word : assignee_of(item);
  if (word == "tagged" || word == "untagged") return tags_of(item);
  if (word == "previews") return "previews " + text_at(item, "preview");
  if (word == "from") return "from " + text_at(item.at("contact"), "address");
  if (fact.size() == 2 && fact[1].starts_with("message"))
    return std::to_string(item.at("message_count").as_int64()) + " " + fact[1];
  return text_at(item, "status");
}

void expect_facts(Flow& flow, const Words& w, const Line&) {
  const auto item = flow.look(flow.path_of(w[0]));
  for (const auto& fact : facts_of(w, 1)) check(joined(fact, " "), fact_of(item, fact));
}

void expect_none(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/conversations?view=all&limit=100");
  for (const auto& item : list.at("items").as_array()) {
    if (text_at(item, "subject") == w[0]) throw Trouble{"no conversation \"" + w[0] + "\"", "one"};
  }
}

void expect_count(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/conversations?view=all&limit=100");
  check(w[0], std::to_string(list.at("total").as_int64()));
}

std::string without_last_break(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// "Nora (sent): On its way."
std::string shown(const json::value& message) {
  auto who = text_at(message.at("author"), "name");
  if (who.empty()) who = text_at(message.at("author"), "kind");
  const auto direction = text_at(message, "direction");
  if (direction == "note") who += " (note)";
  if (direction == "outbound") who += " (" + text_at(message, "state") + ")";
  if (message.at("auto_submitted").as_bool()) who += " (automatic)";
  if (message.at("third_party").as_bool()) who += " (third party)";
  auto text = text_at(message, "reply_text");
  if (text.empty()) text = text_at(message, "text");
  text = without_last_break(std::move(text));
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) text.replace(at, 1, " / ");
  return who + ": " + text;
}

void expect_thread(Flow& flow, const Words& w, const Line& line) {
  const auto opened = flow.look(flow.path_of(w[0]));
  std::string seen, expected;
  for (const auto& message : opened.at("messages").as_array()) seen += shown(message) + "\n";
  for (const auto& text : line.block) expected += text + "\n";
  if (seen != expected) throw Trouble{"\n" + expected, "\n" + seen};
}

void expect_file(Flow& flow, const Words& w, const Line&) {
  const auto opened = flow.look(flow.path_of(w[0]));
  Words seen;
  for (const auto& file : opened.at("messages").as_array().back().at("attachments").as_array())
    seen.push_back(text_at(file, "filename") + " of " + std::to_string(file.at("size").as_int64()) + " bytes");
  check(w[1] + " of " + w[2] + " bytes", joined(seen, ", "));
}

void expect_view(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.ask(w[1], "GET", "/api/v1/conversations?limit=100&view=" + w[0]);
  Words seen, expected;
  for (const auto& item : list.at("items").as_array()) seen.push_back("\"" + text_at(item, "subject") + "\"");
  for (std::size_t i = 2; i < w.size(); ++i) {
    if (w[i] != ",") expected.push_back("\"" + w[i] + "\"");
  }
  check(joined(expected, ", "), joined(seen, ", "));
}
void expect_empty_view(Flow& flow, const Words& w, const Line& line) { expect_view(flow, w, line); }

json::value search(Flow& flow, const std::string& device, const std::string& words) {
  auto found = flow.ask(device, "GET", "/api/v1/search?q=" + net::percent_encode(words));
  if (!found.at("complete").as_bool()) throw Trouble{"a complete index", json::serialize(found)};
  return found;
}

void expect_found(Flow& flow, const Words& w, const Line&) {
  const auto found = search(flow, w[0], w[1]);
  Words subjects;
  for (const auto& hit : found.at("items").as_array()) subjects.push_back(text_at(hit.at("conversation"), "subject"));
  check(w[2], joined(subjects, ", "));
}

void expect_not_found(Flow& flow, const Words& w, const Line&) {
  check("0", std::to_string(search(flow, w[0], w[1]).at("total").as_int64()));
}

json::value draft_of(Flow& flow, const std::string& device, const std::string& conversation) {
  return flow.ask(device, "GET", flow.path_of(conversation)).at("draft");
}

void expect_draft(Flow& flow, const Words& w, const Line&) {
  const auto draft = draft_of(flow, w[0], w[2]);
  check(w[1], draft.is_null() ? "no draft" : text_at(draft, "text"));
}

void expect_no_draft(Flow& flow, const Words& w, const Line&) {
  const auto draft = draft_of(flow, w[0], w[1]);
  check("no draft", draft.is_null() ? "no draft" : text_at(draft, "text"));
}

void expect_others_draft(Flow& flow, const Words& w, const Line&) {
  const auto opened = flow.ask(w[0], "GET", flow.path_of(w[2]));
  for (const auto& draft : opened.at("drafts_of_others").as_array()) {
    if (text_at(draft.at("user"), "id") == flow.company.actor(w[1]).user.text()) return;
  }
  throw Trouble{w[0] + " sees that " + w[1] + " writes", json::serialize(opened.at("drafts_of_others"))};
}

void expect_viewer(Flow& flow, const Words& w, const Line&) {
  const auto opened = flow.look(flow.path_of(w[0]));
  Words seen;
  for (const auto& viewer : opened.at("viewers").as_array())
    seen.push_back(text_at(viewer.at("user"), "name") + " " + text_at(viewer, "state"));
  check(w[1], joined(seen, ", "));
}

void expect_mails(Flow& flow, const Words& w, const Line&) {
  check(w[0], std::to_string(flow.company.relay().mails().size()));
}

// The newest mail to that address with that text.
mail::ParsedMessage find_mail(Flow& flow, const std::string& to, const std::string& text) {
  const auto mails = flow.company.relay().mails();
  for (auto mail = mails.rbegin(); mail != mails.rend(); ++mail) {
    auto parsed = mail::parse_message(mail->raw);
    if (std::ranges::find(mail->to, to) != mail->to.end() && parsed.text.find(text) != std::string::npos) return parsed;
  }
  throw Trouble{"a mail to " + to + " saying \"" + text + "\"", mails.empty() ? "no mail" : mails.back().raw};
}

void expect_mail(Flow& flow, const Words& w, const Line&) { find_mail(flow, w[0], w[1]); }

void expect_mail_in_reply(Flow& flow, const Words& w, const Line&) {
  const auto mail = find_mail(flow, w[0], w[1]);
  check(flow.last_ids[w[2]], mail.in_reply_to);
  if (mail.references.empty() || mail.references.back() != mail.in_reply_to)
    throw Trouble{"References that end with " + mail.in_reply_to,
                  mail.references.empty() ? "none" : mail.references.back()};
}

void expect_addressed(Flow& flow, const Words& w, const Line&) {
  Words seen;
  for (const auto& to : flow.last_sent().to) seen.push_back(to.name + " <" + to.address + ">");
  check(w[0], joined(seen, ", "));
}

void expect_quote(Flow& flow, const Words& w, const Line&) {
  const auto mail = flow.last_sent();
  const auto below = mail.text.substr(std::min(mail.text.find("\n\n"), mail.text.size()));
  if (below.find("\n> " + w[0] + "\n") == std::string::npos) throw Trouble{"the quote \"" + w[0] + "\"", mail.text};
}

void expect_no_mail(Flow& flow, const Words& w, const Line&) {
  for (const auto& mail : flow.company.relay().mails()) {
    if (mail.raw.find(w[0]) != std::string::npos) throw Trouble{"no mail that says \"" + w[0] + "\"", mail.raw};
  }
}

// Between conversations there is no order: several threads let mail leave.
void expect_order(Flow& flow, const Words& w, const Line& line) {
  std::string seen, expected;
  for (const auto& mail : flow.company.relay().mails()) {
    if (std::ranges::find(mail.to, w[0]) == mail.to.end()) continue;
    seen += without_last_break(mail::parse_message(mail.raw).reply_text) + "\n";
  }
  for (const auto& text : line.block) expected += text + "\n";
  if (seen != expected) throw Trouble{"\n" + expected, "\n" + seen};
}

void expect_empty_quarantine(Flow& flow, const Words&, const Line&) {
  check("0", std::to_string(flow.look("/api/v1/quarantine").at("total").as_int64()));
}

void expect_quarantine(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/quarantine");
  check(w[0], std::to_string(list.at("total").as_int64()));
  check(w[1], text_at(list.at("items").as_array().front(), "reason"));
}

void expect_ledger(Flow& flow, const Words& w, const Line&) {
  std::int64_t count = 0;
  std::string target = "/api/v1/ledger?limit=100";
  for (bool is_more = true; is_more;) {
    const auto page = flow.look(target);
    for (const auto& entry : page.at("items").as_array()) count += text_at(entry, "action") == w[1] ? 1 : 0;
    is_more = page.at("next_cursor").is_string();
    if (is_more) target = "/api/v1/ledger?limit=100&cursor=" + text_at(page, "next_cursor");
  }
  check(w[0] + " entries of " + w[1], std::to_string(count) + " entries of " + w[1]);
}

void expect_deliveries(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/deliveries?state=" + w[1]);
  check(w[0] + " " + w[1], std::to_string(list.at("total").as_int64()) + " " + w[1]);
}

void expect_signed_in(Flow& flow, const Words& w, const Line&) {
  const auto session = flow.ask(w[0], "GET", "/api/v1/session");
  check(Company::email_of(person_of(w[0])), text_at(session.at("user"), "email"));
}

void expect_conversations_of(Flow& flow, const Words& w, const Line&) {
  const auto list = flow.look("/api/v1/contacts?q=" + net::percent_encode(w[0]));
  check("1", std::to_string(list.at("total").as_int64()));
  const auto id = text_at(list.at("items").as_array().front(), "id");
  check(w[1], std::to_string(flow.look("/api/v1/contacts/" + id).at("conversation_count").as_int64()));
}

// Of the newest message.
void expect_undelivered(Flow& flow, const Words& w, const Line&) {
  const auto opened = flow.look(flow.path_of(w[0]));
  Words seen;
  for (const auto& failed : opened.at("messages").as_array().back().at("failed_recipients").as_array())
    seen.push_back(text_at(failed, "address") + " " + text_at(failed, "detail"));
  check(w[1], joined(seen, ", "));
}

constexpr Statement table[] = {
    {R"(expect conversation "conversation" is ...)", expect_facts},
    {R"(expect no conversation "subject")", expect_none},
    {R"(expect <n> conversations)", expect_count},
    {R"(expect "conversation" reads)", expect_thread},
    {R"(expect the last message of "conversation" has the file "name" of <n> bytes)", expect_file},
    {R"(expect the last message of "conversation" will not reach "whom")", expect_undelivered},
    {R"(expect view <view> of <who> is empty)", expect_empty_view},
    {R"(expect view <view> of <who> is ...)", expect_view},
    {R"(expect <who> finds "words" in "conversation")", expect_found},
    {R"(expect <who> finds "words" nowhere)", expect_not_found},
    {R"(expect <who> has the draft "text" on "conversation")", expect_draft},
    {R"(expect <who> has no draft on "conversation")", expect_no_draft},
    {R"(expect <who> sees that <other> drafts on "conversation")", expect_others_draft},
    {R"(expect viewers of "conversation" are "viewers")", expect_viewer},
    {R"(expect <n> mails left)", expect_mails},
    {R"(expect a mail to <customer> saying "text")", expect_mail},
    {R"(expect a mail to <customer> saying "text" in reply to the last mail of <other>)", expect_mail_in_reply},
    {R"(expect our last mail is addressed to "addresses")", expect_addressed},
    {R"(expect our last mail quotes "text")", expect_quote},
    {R"(expect no mail says "text")", expect_no_mail},
    {R"(expect mails to <customer> left in this order)", expect_order},
    {R"(expect quarantine is empty)", expect_empty_quarantine},
    {R"(expect <n> in quarantine because <reason>)", expect_quarantine},
    {R"(expect <n> ledger entries of <action>)", expect_ledger},
    {R"(expect <n> <state> deliveries)", expect_deliveries},
    {R"(expect <who> is signed in)", expect_signed_in},
    {R"(expect contact <address> has <n> conversations)", expect_conversations_of},
};

}  // namespace

std::span<const Statement> expectations() { return table; }

}  // namespace answerable::flows
