#include "channels/email/pop3_answer.h"

#include <doctest/doctest.h>

namespace answerable::channels {
namespace {

std::string content_of(std::string_view bytes) {
  Pop3Answer answer(true, 1'000);
  std::string content;
  for (char byte : bytes) {
    CHECK_FALSE(answer.is_complete());
    CHECK(answer.feed({&byte, 1}) == 1);
    content += answer.take_content();
  }
  CHECK(answer.is_complete());
  CHECK(answer.is_good());
  return content;
}

TEST_CASE("an answer ends where the server says, and its content loses the dots that were put in") {
  CHECK(content_of("+OK\r\n.\r\n") == "");
  CHECK(content_of("+OK 12 octets\r\nFrom: x\r\n\r\n..\r\n.a\r\n.\r\n") == "From: x\r\n\r\n.\r\na\r\n");
  CHECK(content_of("+OK\r\na\n.\nb\r.\r\r\n.\r\n") == "a\n.\nb\r.\r\r\n");  // only CR LF . CR LF ends it
  Pop3Answer single(false, 0);
  CHECK(single.feed("+OK 2 320\r\n+OK more") == 11);
  CHECK(single.is_complete());
  CHECK(single.line() == "+OK 2 320");
  Pop3Answer refused(true, 1'000);
  CHECK(refused.feed("-ERR no such mail\r\nFrom: x") == 19);
  CHECK(refused.is_complete());
  CHECK_FALSE(refused.is_good());
}

TEST_CASE("what is no answer, and a line or a content without end, are bounded") {
  Pop3Answer other(true, 10);
  other.feed("* OK IMAP4rev1\r\n");
  CHECK(other.is_broken());
  for (std::size_t more : {0, 1}) {
    Pop3Answer answer(false, 0);
    answer.feed("+OK" + std::string(pop3_line_bytes_max - 3 + more, 'a'));
    CHECK(answer.is_broken() == (more == 1));
    CHECK(answer.line().size() == pop3_line_bytes_max);
  }
  for (std::size_t more : {0, 1}) {
    Pop3Answer answer(true, 10);
    answer.feed("+OK\r\n" + std::string(8 + more, 'a') + "\r\n.\r\n");
    CHECK(answer.is_complete());
    CHECK(answer.is_too_large() == (more == 1));
  }
}

TEST_CASE("a refusal that will pass is told from a wrong password") {
  CHECK(is_passing_refusal("-ERR [IN-USE] Do you have another POP session running?"));
  CHECK(is_passing_refusal("-ERR [LOGIN-DELAY] minimum time between mail checks violation"));
  CHECK(is_passing_refusal("-ERR [SYS/TEMP] later"));
  CHECK_FALSE(is_passing_refusal("-ERR [AUTH] PASS Invalid login or password"));
  CHECK_FALSE(is_passing_refusal(""));
}

TEST_CASE("both listings make one, by number, with sizes where the server says them") {
  const auto mails = read_pop3_listing("1 abc\r\n3  d~e \r\n12 f\r\n", "1 120\r\n3 99 octets\r\n").value();
  REQUIRE(mails.size() == 3);
  CHECK(mails[0].key == "abc");
  CHECK(mails[0].bytes == 120);
  CHECK(mails[1].number == 3);
  CHECK(mails[1].key == "d~e");
  CHECK(mails[1].bytes == 99);
  CHECK(mails[2].number == 12);
  CHECK(mails[2].bytes == 0);
  CHECK(read_pop3_listing("", "").value().empty());
}

TEST_CASE("mails with one UID are told apart, and none of them is alone") {
  const auto mails = read_pop3_listing("1 a\r\n2 b\r\n3 a\r\n4 a\r\n", "").value();
  CHECK(mails[0].key == "a");
  CHECK(mails[2].key == "a 2");
  CHECK(mails[3].key == "a 3");
  CHECK_FALSE(mails[0].is_unique);
  CHECK_FALSE(mails[3].is_unique);
  CHECK(mails[1].is_unique);
}

TEST_CASE("a UID that no UID may be is known by its hash, and a mail without one is told") {
  const std::string longest(pop3_uid_bytes_max, 'u');
  CHECK(read_pop3_listing("1 " + longest, "").value()[0].key == longest);
  CHECK(read_pop3_listing("1 " + longest + "u", "").value()[0].key.starts_with("sha256:"));
  CHECK(read_pop3_listing("1 a b", "").value()[0].key.starts_with("sha256:"));
  CHECK(read_pop3_listing("1 \xFF", "").value()[0].key.starts_with("sha256:"));
  CHECK(read_pop3_listing("1\r\n", "").error().code == "pop3_uid_missing");
  CHECK(read_pop3_listing("1 a\r\n", "1 5\r\n2 5\r\n").error().code == "pop3_uid_missing");
}

TEST_CASE("listings that contradict themselves are refused") {
  for (const std::string bad : {"x a", "0 a", "-1 a", "4294967296 a", "1a b", "1 a\r\n1 b", " 1 a"}) {
    CAPTURE(bad);
    CHECK(read_pop3_listing(bad, "").error().code == "pop3_listing");
  }
  CHECK(read_pop3_listing("1 a", "1 5\r\n1 6").error().code == "pop3_listing");
}

}  // namespace
}  // namespace answerable::channels
