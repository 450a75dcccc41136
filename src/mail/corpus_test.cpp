// The mails of testdata/<kind>/ against what is expected of them, and the visible replies of testdata/replies/. Their
// forms are told in testdata/README.md and testdata/replies/README.md; anyone can add to them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/utf8.h"
#include "mail/message.h"
#include "mail/sanitise.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string with_line_ends(std::string text) {
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) text.replace(at, 2, "\n");
  return text;
}

std::string show(const Address& address) { return address.name + " <" + address.address + ">"; }

using Facts = std::multimap<std::string, std::string>;

Facts list_facts(const ParsedMessage& m) {
  Facts facts{{"message_id", m.message_id},
              {"in_reply_to", m.in_reply_to},
              {"from", show(m.from)},
              {"subject", m.subject},
              {"text", m.text},
              {"reply", m.reply_text},
              {"html", m.html},
              {"html_safe", m.html_safe},
              {"auto_submitted", m.auto_submitted ? "yes" : "no"},
              {"bounce", m.bounce ? "yes" : "no"},
              {"language", m.language},
              {"original", m.original_message_id},
              {"return_path", m.return_path},
              {"received", std::to_string(m.received_count)},
              {"attachments", std::to_string(m.attachments.size())},
              {"defects", std::to_string(m.defects.size())},
              {"date", m.date ? to_rfc3339(*m.date, true) : "none"}};
  for (const auto& a : m.to) facts.emplace("to", show(a));
  for (const auto& a : m.cc) facts.emplace("cc", show(a));
  for (const auto& a : m.reply_to) facts.emplace("reply_to", show(a));
  for (const auto& d : m.delivered_to) facts.emplace("delivered_to", d);
  std::string references;
  for (const auto& id : m.references) references += (references.empty() ? "" : " ") + id;
  facts.emplace("references", references);
  for (const auto& a : m.attachments)
    facts.emplace("attachment", a.filename + "|" + a.content_type + "|" + std::to_string(a.size) + "|" + a.disposition +
                                    "|" + a.content_id);
  for (const auto& r : m.delivery_reports)
    facts.emplace("report", r.recipient + "|" + r.action + "|" + r.status + "|" + r.diagnostic);
  std::string defects;
  for (const auto& d : m.defects) defects += d + " ";
  facts.emplace("defects", defects);
  return facts;
}

bool holds(const Facts& facts, const std::string& key, const std::string& value) {
  if (key.ends_with("_has")) {
    auto [from, to] = facts.equal_range(key.substr(0, key.size() - 4));
    return std::any_of(from, to, [&](const auto& fact) { return fact.second.find(value) != std::string::npos; });
  }
  auto [from, to] = facts.equal_range(key);
  return std::any_of(from, to, [&](const auto& fact) { return fact.second == value; });
}

// One mail of the corpus; `expected` has a fact a line.
struct MailCase {
  std::string name, raw, expected;
};

bool is_as_expected(const MailCase& one) {
  CAPTURE(one.name);
  auto message = parse_message(one.raw);
  auto facts = list_facts(message);
  auto good = in_box(sanitise_html(message.html_safe)) == message.html_safe;
  for (const auto& text : {message.subject, message.text, message.html, message.reply_text})
    good = good && is_valid_utf8(text);
  CHECK(good);
  std::istringstream expected(one.expected);
  for (std::string line; std::getline(expected, line);) {
    auto equals = line.find(" =");
    if (equals == std::string::npos) continue;
    auto key = line.substr(0, equals);
    auto value = with_line_ends(line.size() > equals + 3 ? line.substr(equals + 3) : "");
    auto base = key.ends_with("_has") ? key.substr(0, key.size() - 4) : key;
    std::string found;
    for (auto [at, end] = facts.equal_range(base); at != end; ++at) found += "[" + at->second + "]";
    INFO("expected ", key, ": [", value, "] found ", found);
    auto fits = holds(facts, key, value);
    CHECK(fits);
    good = good && fits;
  }
  return good;
}

// Many short mails in one file: "@@@ name", the mail, "@@@ is", the facts.
void read_mail_cases(const std::filesystem::path& path, std::vector<MailCase>& cases) {
  std::string* open = nullptr;
  std::istringstream content(read_file(path));
  for (std::string line; std::getline(content, line);) {
    if (line == "@@@ is" && !cases.empty()) {
      open = &cases.back().expected;
    } else if (line.starts_with("@@@ ")) {
      cases.push_back({.name = path.string() + ": " + line.substr(4)});
      open = &cases.back().raw;
    } else if (open != nullptr) {
      *open += line + "\n";
    }
  }
}

std::vector<MailCase> read_kind(const std::filesystem::path& folder) {
  std::vector<MailCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    auto path = entry.path();
    if (path.extension() == ".txt") read_mail_cases(path, cases);
    if (path.extension() == ".eml")
      cases.push_back(
          {path.string(), read_file(path), read_file(std::filesystem::path(path).replace_extension(".expect"))});
  }
  return cases;
}

struct ReplyCase {
  std::string name, body, reply;
  bool is_html = false;
};

std::vector<ReplyCase> read_reply_cases(const std::filesystem::path& path) {
  constexpr std::string_view plain = "@@@ plain: ", html = "@@@ html: ";
  std::vector<ReplyCase> cases;
  std::string* open = nullptr;
  std::istringstream content(read_file(path));
  for (std::string line; std::getline(content, line);) {
    if (line.starts_with(plain) || line.starts_with(html)) {
      auto is_html = line.starts_with(html);
      cases.push_back({.name = line.substr(is_html ? html.size() : plain.size()), .is_html = is_html});
      open = &cases.back().body;
    } else if (line == "@@@ reply" && !cases.empty()) {
      open = &cases.back().reply;
    } else if (open != nullptr) {
      *open += line + "\n";
    }
  }
  return cases;
}

std::string without_end_blanks(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += line.substr(0, line.find_last_not_of(" \t\r") + 1) + "\n";
  return out.substr(0, out.find_last_not_of('\n') + 1);
}

bool is_read_as_expected(const ReplyCase& c) {
  auto type = std::string(c.is_html ? "text/html" : "text/plain");
  auto mail = "From: anna@example.org\nSubject: Re: x\nContent-Type: " + type + "; charset=utf-8\n\n" + c.body;
  auto found = without_end_blanks(parse_message(mail).reply_text);
  INFO(c.name, ": expected [", without_end_blanks(c.reply), "] found [", found, "]");
  CHECK(found == without_end_blanks(c.reply));
  return found == without_end_blanks(c.reply);
}

}  // namespace

TEST_CASE("what the person wrote now is found in every mail of the corpus of replies") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("src/mail/testdata/replies")) {
    if (entry.path().extension() != ".txt") continue;
    auto cases = read_reply_cases(entry.path());
    auto good = std::ranges::count_if(cases, is_read_as_expected);
    std::printf("replies, %-14s %3zu of %3zu\n", entry.path().stem().c_str(), static_cast<std::size_t>(good),
                cases.size());
    count += cases.size();
  }
  CHECK(count >= 200);
}

TEST_CASE("every mail of the corpus is read as expected") {
  std::vector<std::filesystem::path> kinds;
  for (const auto& entry : std::filesystem::directory_iterator("src/mail/testdata"))
    if (entry.is_directory() && entry.path().filename() != "replies") kinds.push_back(entry.path());
  std::ranges::sort(kinds);
  std::size_t count = 0, passed = 0;
  for (const auto& kind : kinds) {
    auto cases = read_kind(kind);
    auto good = static_cast<std::size_t>(std::ranges::count_if(cases, is_as_expected));
    std::printf("mails, %-16s %3zu of %3zu\n", kind.filename().c_str(), good, cases.size());
    count += cases.size();
    passed += good;
  }
  std::printf("mails, all              %3zu of %3zu\n", passed, count);
  CHECK(count >= 300);
}
