#include "policy/office_words.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <vector>

#include "base/utf8.h"
#include "policy/file_text.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

std::string number(std::size_t value, int size) {
  std::string bytes;
  for (; size > 0; --size, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}

std::string deflated(std::string_view text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Packed {
  std::string name, text;
  bool is_stored = false;
  int flags = 0;
};

// A real archive, as `unzip -t` finds it in order but for the checksums, which nothing here looks at.
std::string zip(const std::vector<Packed>& members) {
  std::string out, directory;
  for (const auto& member : members) {
    const auto bytes = member.is_stored ? member.text : deflated(member.text);
    const auto common = number(20, 2) + number(static_cast<std::size_t>(member.flags), 2) +
                        number(member.is_stored ? 0 : 8, 2) + number(0, 8) + number(bytes.size(), 4) +
                        number(member.text.size(), 4) + number(member.name.size(), 2) + number(0, 2);
    directory += "PK\x01\x02" + number(20, 2) + common + number(0, 10) + number(out.size(), 4) + member.name;
    out += "PK\x03\x04" + common + member.name + bytes;
  }
  const auto offset = out.size();
  return out + directory + "PK\x05\x06" + number(0, 4) + number(members.size(), 2) + number(members.size(), 2) +
         number(directory.size(), 4) + number(offset, 4) + number(0, 2);
}

std::string words(const std::vector<Packed>& members) { return text_of_file("application/zip", zip(members)); }

std::string xml_words(std::string_view xml) {
  std::string out;
  append_words_of_xml(out, xml);
  return out;
}

}  // namespace

TEST_CASE("of a document its paragraphs are read, words that change their dress in the middle, and links") {
  const auto text = words(
      {{"[Content_Types].xml", "<Types><Default Extension=\"xml\"/></Types>"},
       {"word/document.xml",
        "<?xml version=\"1.0\"?><w:document><w:body><w:p><w:r><w:t>the lot</w:t></w:r><w:r><w:b/><w:t>tery</w:t></w:r>"
        "</w:p><w:p><w:t>A&amp;B &#x41;&#66;</w:t></w:p></w:body></w:document>"},
       {"word/_rels/document.xml.rels",
        "<Relationships><Relationship Id=\"1\" Target=\"https://evil.example/x?a=1&amp;b=2\" TargetMode=\"External\"/>"
        "</Relationships>"},
       {"word/media/image1.png", "\x89PNG the picture"}});
  CHECK(text.contains("the lottery\n"));
  CHECK(text.contains("A&B AB\n"));
  CHECK(text.contains("https://evil.example/x?a=1&b=2\n"));
  CHECK_FALSE(text.contains("picture"));
}

TEST_CASE("of a sheet the cells are read one by one, of slides and of OpenDocument the paragraphs") {
  const auto sheet = words({{"xl/sharedStrings.xml", "<sst><si><t>the lottery</t></si><si><t>prizes</t></si></sst>"},
                            {"xl/worksheets/sheet1.xml",
                             "<sheetData><row><c><v>4111111111111111</v></c><c><v>7</v></c></row></sheetData>"}});
  CHECK(sheet.contains("the lottery\nprizes\n"));
  CHECK(sheet.contains("4111111111111111\n7\n"));
  CHECK(words({{"ppt/slides/slide1.xml", "<a:p><a:r><a:t>the lottery</a:t></a:r></a:p>"}}) == "the lottery\n");
  const auto odt = words({{"mimetype", "application/vnd.oasis.opendocument.text", true},
                          {"content.xml",
                           "<text:p>the<text:s/>lot<text:span>tery</text:span></text:p><text:p>and "
                           "<text:a xlink:href=\"https://evil.example/\">more</text:a></text:p>"}});
  CHECK(odt.contains("the lottery\nand\n"));
  CHECK(odt.contains("https://evil.example/"));
}

TEST_CASE("comments, data sections, signs in attributes and entities of a document's own are read as XML has them") {
  CHECK(xml_words("a<!-- <p>no</p> -->b") == "ab");
  CHECK(xml_words("<t><![CDATA[a < b]]></t>") == "a < b");
  CHECK(xml_words("<t a=\"x>y\">z</t>") == "z");
  CHECK(xml_words("<!DOCTYPE t [<!ENTITY lol \"lollol\">]><t>&lol;&lol;x</t>").ends_with("x"));
  CHECK_FALSE(xml_words("<!DOCTYPE t [<!ENTITY lol \"lollol\">]><t>&lol;</t>").contains("lollol"));
  CHECK(xml_words("a & b &unfinished") == "a  b unfinished");
  CHECK(xml_words("<t") == "");
  CHECK(xml_words("<![CDATA[") == "");
  CHECK(xml_words("&#0;&#xD800;&#x110000;&#x1F600;") == "\xF0\x9F\x98\x80");
  CHECK(words({{"content.xml", std::string("\xFF\xFE<\0p\0>\0h\0i\0<\0/\0p\0>\0", 20)}}) == "hi\n");
}

TEST_CASE("an archive bomb costs its bound, and hides nothing that holds the text") {
  const std::string padding(30UL << 20, ' ');
  const auto bomb = zip({{"a.xml", padding}, {"b.xml", padding}, {"word/document.xml", "<w:t>lottery</w:t>"}});
  CHECK(bomb.size() < 100'000);
  CHECK(text_of_file("", bomb) == "lottery\n");
  // Of one member its first 8 MiB, of all together 24.
  const std::string filler(office_member_bytes_max, 'x');
  CHECK(words({{"a.xml", std::string(office_member_bytes_max - 7, ' ') + "lottery"}}).contains("lottery"));
  CHECK_FALSE(words({{"a.xml", std::string(office_member_bytes_max - 6, ' ') + "lottery"}}).contains("lottery"));
  const std::string blank(office_member_bytes_max, ' ');
  CHECK(words({{"a.xml", blank}, {"b.xml", blank}, {"c.xml", "lottery"}}).contains("lottery"));
  CHECK_FALSE(words({{"a.xml", blank}, {"b.xml", blank}, {"c.xml", blank}, {"d.xml", "lottery"}}).contains("lottery"));
  CHECK(words({{"a.xml", filler}}).size() == file_text_bytes_max);
}

TEST_CASE("an archive of more members than the bound, encrypted or damaged says nothing, and breaks nothing") {
  std::vector<Packed> many(office_members_max, Packed{"a.bin", "", true});
  many.back() = {"content.xml", "lottery"};
  CHECK(words(many).contains("lottery"));
  many.push_back({"b.bin", "", true});
  CHECK(words(many).empty());
  CHECK(words({{"content.xml", "lottery", true, 1}}).empty());
  CHECK(words({{"readme.bin", "lottery"}}).empty());
  const auto good = zip({{"content.xml", "<p>the lottery, and some more of it</p>"}});
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int bit : {1, 0x80}) {
      auto bad = good;
      bad[at] = static_cast<char>(bad[at] ^ bit);
      CHECK(is_valid_utf8(text_of_file("", bad)));
    }
    CHECK(is_valid_utf8(text_of_file("", good.substr(0, at))));
  }
}
