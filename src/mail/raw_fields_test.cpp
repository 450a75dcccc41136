#include "mail/raw_fields.h"

#include <doctest/doctest.h>

#include <string>

#include "mail/limits.h"

using namespace answerable::mail;

TEST_CASE("fields are found with their exact bytes, and the body below") {
  const auto message = split_raw("A : 1\r\n 2\r\nB:\r\n\r\nbody\r\n");
  REQUIRE(message.fields.size() == 2);
  CHECK(message.fields[0].name == "A");
  CHECK(message.fields[0].raw == "A : 1\r\n 2");
  CHECK(unfold(message.fields[0].value()) == "1 2");
  CHECK(message.fields[1].value().empty());
  CHECK(message.body == "body\r\n");
  CHECK(split_raw("no field\r\n\r\nbody").fields.empty());
}

TEST_CASE("a bare CR does not join the words beside it") {
  CHECK(unfold("hello\rBcc: eve@example.org") == "hello Bcc: eve@example.org");
  CHECK(unfold(" one\r\n two\n\tthree\r ") == "one two\tthree");
}

TEST_CASE("a block of more fields than the limit has none") {
  auto fields = [](std::size_t count) {
    std::string block;
    for (std::size_t i = 0; i < count; ++i) block += "A: 1\r\n";
    return split_raw(block + "\r\nbody").fields.size();
  };
  CHECK(fields(max_headers) == max_headers);
  CHECK(fields(max_headers + 1) == 0);
}

TEST_CASE("a block of more bytes than the limit has no fields") {
  auto fields = [](std::size_t bytes) {
    const std::string block = "A: " + std::string(bytes - 5, 'x') + "\r\n";
    return split_raw(block + "\r\nbody").fields.size();
  };
  CHECK(fields(max_header_bytes) == 1);
  CHECK(fields(max_header_bytes + 1) == 0);
}
