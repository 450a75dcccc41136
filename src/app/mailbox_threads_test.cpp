#include "app/mailbox_threads.h"

#include <doctest/doctest.h>

namespace answerable::app {
namespace {

struct Mail {
  std::string from, id, reference = {}, further = {}, to = "help@shop.example", subject = "Refund";
};

std::string raw(const Mail& mail) {
  auto text =
      mail.further + "From: " + mail.from + "\r\nSubject: " + mail.subject + "\r\nMessage-ID: <" + mail.id + ">\r\n";
  if (!mail.to.empty()) text += "To: " + mail.to + "\r\n";
  if (!mail.reference.empty()) text += "In-Reply-To: <" + mail.reference + ">\r\n";
  return text + "\r\nWords of " + mail.id + ".\r\n";
}

std::vector<std::int64_t> threads(const std::vector<Mail>& mails, const MailboxRules& rules = {}) {
  std::vector<std::string> raws;
  for (const auto& mail : mails) raws.push_back(raw(mail));
  auto mailbox = MailboxThreads::make(rules);
  REQUIRE_MESSAGE(mailbox, mailbox.error().detail);
  auto placed = (*mailbox)->place(raws);
  REQUIRE_MESSAGE(placed, placed.error().detail);
  return *placed;
}

using Numbers = std::vector<std::int64_t>;

const Mail asks{"sami@example.org", "1@example.org"};
const Mail desk{"help@shop.example", "2@shop.example", "1@example.org", {}, "sami@example.org"};
const Mail answers{"sami@example.org", "3@example.org", "2@shop.example"};

TEST_CASE("answers of those who take part are one thread, whoever of both sides wrote them") {
  CHECK(threads({asks, desk, answers}) == Numbers{1, 1, 1});
  CHECK(threads({asks, answers}) == Numbers{1, 2});  // refers to nothing that is there
}

TEST_CASE("the same subject, a stranger with known ids, and a disowned sender join nothing") {
  const Mail same_subject{"sami@example.org", "4@example.org"};
  const Mail stranger{"eve@evil.example", "5@evil.example", "2@shop.example"};
  const Mail disowned{"sami@example.org", "6@example.org", "2@shop.example",
                      "Authentication-Results: mx.shop.example; dmarc=fail header.from=example.org\r\n"};
  CHECK(threads({asks, desk, same_subject, stranger, disowned, answers}) == Numbers{1, 1, 2, 3, 4, 1});
}

TEST_CASE("copies are one thread, and the same Message-ID with other words is another") {
  auto other = asks;
  other.from = "eve@evil.example";
  auto copy = asks;
  copy.further = "Received: from elsewhere\r\n";
  CHECK(threads({asks, asks, copy, other}) == Numbers{1, 1, 1, 2});
}

TEST_CASE("in a mailing list's mailbox everybody takes part") {
  const Mail other{"mia@example.net", "7@example.net", "1@example.org"};
  CHECK(threads({asks, other}) == Numbers{1, 2});
  CHECK(threads({asks, other}, {.everybody_takes_part = true}) == Numbers{1, 1});
  CHECK(is_of_list(raw({"a@b.example", "1@b.example", {}, "List-Id: <talk.example>\r\n"})));
  CHECK(is_of_list(raw({"a@b.example", "1@b.example", {}, {}, ""})));
  CHECK_FALSE(is_of_list(raw(asks)));
}

TEST_CASE("with a trusted server only those whom it has proven join") {
  auto proven = answers;
  proven.further = "Authentication-Results: mx.shop.example; dmarc=pass header.from=example.org\r\n";
  const MailboxRules rules{.trusted_authserv_id = "mx.shop.example"};
  auto by_desk = desk;
  by_desk.further = "Authentication-Results: mx.shop.example; dmarc=pass header.from=shop.example\r\n";
  CHECK(threads({asks, by_desk, answers}, rules) == Numbers{1, 1, 2});
  CHECK(threads({asks, by_desk, proven}, rules) == Numbers{1, 1, 1});
}

TEST_CASE("what is no mail has a thread of its own") {
  auto mailbox = MailboxThreads::make({});
  REQUIRE(mailbox);
  CHECK((*mailbox)->place({"", "\x01\x02", raw(asks)}).value().size() == 3);
  CHECK((*mailbox)->place({}).value().empty());
}

}  // namespace
}  // namespace answerable::app
