#include "mail/mime_parameters.h"

#include <doctest/doctest.h>

#include "mail/limits.h"

using namespace answerable::mail;

namespace {

std::string name_in(std::string_view field) { return MimeParameters(field).find("name"); }

}  // namespace

TEST_CASE("parameters are read with quotes, without them and with too many") {
  CHECK(name_in("text/plain; name=a.txt") == "a.txt");
  CHECK(name_in("text/plain; NAME = \"a b.txt\" ; x=y") == "a b.txt");
  CHECK(name_in("text/plain; name=two words.txt; x=y") == "two words.txt");
  CHECK(name_in("text/plain; name=\"semi;colon.txt\"") == "semi;colon.txt");
  CHECK(name_in("text/plain; name=\"a \\\"b\\\".txt\"") == "a \"b\".txt");
  CHECK(name_in("text/plain; name=\"the \"big\"one.txt\"; x=y") == "the \"big\"one.txt");
  CHECK(name_in("text/plain; name=\"C:\\\\files\\\\a.txt\"") == "C:\\files\\a.txt");
  CHECK(name_in("text/plain; name=\"never closed.txt; x=y") == "never closed.txt");
  CHECK(name_in("text/plain; word; charset=x name=\"a\"") == "");
  CHECK(name_in("text/plain; charset=\"x\" ; name=\"folded\r\n name.txt\"") == "folded name.txt");
  CHECK(name_in("text/plain") == "");
  CHECK(name_in("text/plain;;; ;name=") == "");
}

TEST_CASE("RFC 2231 forms are joined in the order of their numbers") {
  CHECK(name_in("x; name*=utf-8''na%C3%AFve.txt") == "naïve.txt");
  CHECK(name_in("x; name*1*=%BCr; name*0*=iso-8859-1'de'f") == "f¼r");
  CHECK(name_in("x; name*0=\"first \"; name*1=\"second\"; name*2=\".txt\"") == "first second.txt");
  CHECK(name_in("x; name*0*=utf-8''%E2%82; name*1*=%AC; name*2=\" 5%25.txt\"") == "€ 5%25.txt");
  CHECK(name_in("x; name=plain.txt; name*=utf-8''better.txt") == "better.txt");
  CHECK(name_in("x; name*=no%20charset.txt") == "no charset.txt");
  CHECK(name_in("x; name*=utf-8''50%") == "50%");
}

TEST_CASE("encoded words stand in parameters, each with its own padding") {
  CHECK(name_in("x; name=\"=?ISO-8859-1?B?xOTW9tw=?=\r\n\t=?ISO-8859-1?B?/MTk1vbc?=\"") == "ÄäÖöÜüÄäÖöÜ");
  CHECK(name_in("x; name==?utf-8?Q?n=C3=A4me.txt?=") == "näme.txt");
  CHECK(name_in("x; name*0=\"=?utf-8?Q?n=C3\"; name*1=\"=A4me.txt?=\"") == "näme.txt");
}

TEST_CASE("no more than max_mime_parameters are read") {
  std::string field = "x";
  for (std::size_t i = 1; i < max_mime_parameters; ++i) field += "; a=b";
  CHECK(name_in(field + "; name=last") == "last");
  CHECK(name_in(field + "; a=b; name=beyond") == "");
}
