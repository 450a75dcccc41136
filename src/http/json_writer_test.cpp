#include "http/json_writer.h"

#include <doctest/doctest.h>

namespace answerable::http {
namespace {

TEST_CASE("JSON is written with every character that needs it escaped") {
  JsonWriter out;
  out.begin_object().member("a", "\"\\\b\f\n\r\t\x01\x7f é").member("n", std::int64_t{-9'223'372'036'854'775'807 - 1});
  out.key("list").begin_array().flag(true).null().begin_object().end_object().end_array().end_object();
  CHECK(out.view() ==
        "{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f é\",\"n\":-9223372036854775808,\"list\":[true,null,{}]}");
}

}  // namespace
}  // namespace answerable::http
