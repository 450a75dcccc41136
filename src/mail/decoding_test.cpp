#include <doctest/doctest.h>

#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/format_flowed.h"
#include "mail/language.h"
#include "mail/mail_date.h"
#include "mail/message_ids.h"
#include "mail/mime_tree.h"
#include "mail/transfer_encoding.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

std::string base64(std::string_view raw) { return decode_transfer(raw, TransferEncoding::base64).bytes; }
std::string quoted(std::string_view raw) { return decode_transfer(raw, TransferEncoding::quoted_printable).bytes; }

}  // namespace

TEST_CASE("base64 is decoded as far as it goes") {
  CHECK(base64("SGVsbG8=") == "Hello");
  CHECK(base64("SGVs\r\nbG8=\r\n") == "Hello");
  CHECK(base64("SGVsbG8") == "Hello");
  CHECK(base64("SGVs*bG8=") == "Hello");
  CHECK(base64("SGk=SGk=") == "HiHi");
  CHECK(base64("S") == "");
  CHECK(decode_transfer("SGVsbG8", TransferEncoding::base64).damaged);
  CHECK_FALSE(decode_transfer("SGVsbG8=", TransferEncoding::base64).damaged);
}

TEST_CASE("quoted-printable forgives what is no escape") {
  CHECK(quoted("caf=C3=A9") == "café");
  CHECK(quoted("caf=c3=a9") == "café");
  CHECK(quoted("soft=\r\nbreak = \r\nhere") == "softbreak here");
  CHECK(quoted("50=% =") == "50=% ");
}

TEST_CASE("what is encoded for sending is decoded again") {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  CHECK(base64(encode_base64_lines(bytes)) == bytes);
  std::string text = "a=b \t\n.\n" + std::string(200, 'x') + "é\nend ";
  auto encoded = encode_quoted_printable(text);
  std::string expected;
  for (char c : text) expected += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(quoted(encoded) == expected);
}

TEST_CASE("charsets are read as mail clients mean them") {
  CHECK(decode_charset("\x80", "iso-8859-1").text == "€");
  CHECK(decode_charset("gr\xFC\xDF", "").text == "grüß");
  CHECK(decode_charset("grüß", "iso-8859-15").text == "grüß");
  CHECK(decode_charset("\xA4", "iso-8859-15").text == "€");
  CHECK(decode_charset("+ALs-x+ALs-", "utf-7").text == "»x»");
  CHECK(decode_charset("\xB1\xE2", "ks_c_5601-1987").text == "기");
  CHECK(decode_charset("\x82\xA0\x87\x40", "shift_jis").text == "あ①");
  CHECK(decode_charset("abc", "no-such-charset").text == "abc");
  CHECK(decode_charset("gr\xFC\xDF", "no-such-charset").damaged);
  CHECK(decode_charset("x\xFF", "utf-8//IGNORE").text == "xÿ");
  CHECK(decode_charset("Käse\nfooter gr\xFC\xDF\n", "utf-8").text == "Käse\nfooter grüß\n");
  CHECK(is_valid_utf8(decode_charset(std::string_view("\x1B$B\xFF\x00", 5), "iso-2022-jp").text));
}

TEST_CASE("encoded words are forgiven what mailers do to them") {
  CHECK(decode_header_text("=?utf-8?B?R3LDvA==?= =?utf-8?B?w58=?=") == "Grüß");
  CHECK(decode_header_text("=?utf-8?B?R3LD?= =?utf-8?B?vMOf?=") == "Grüß");
  CHECK(decode_header_text("=?utf-8?Q?two words here?=") == "two words here");
  CHECK(decode_header_text("=?utf-8?Q?=C3=A9t=C3=A9?=") == "été");
  CHECK(decode_header_text("a =?utf-8?Q?b?= c") == "a b c");
  CHECK(decode_header_text("=?utf-8*en?Q?b?=") == "b");
  CHECK(decode_header_text("=?nonsense") == "=?nonsense");
  CHECK(decode_header_text("=?utf-8?X?b?=") == "=?utf-8?X?b?=");
  CHECK(decode_header_text("a =?utf-8?Q?=0D=0ABcc:_x?=") == "a   Bcc: x");
}

TEST_CASE("message ids are found with and without brackets") {
  CHECK(parse_message_ids("<a@b> <c@d>") == std::vector<std::string>{"a@b", "c@d"});
  CHECK(parse_message_ids("a@b, c@d") == std::vector<std::string>{"a@b", "c@d"});
  CHECK(parse_message_ids("<a@b><a@b>") == std::vector<std::string>{"a@b"});
  CHECK(parse_message_ids("<a@\r\n b>") == std::vector<std::string>{"a@b"});
  CHECK(parse_message_ids("no-at-sign") == std::vector<std::string>{"no-at-sign"});
  CHECK(parse_message_ids("").empty());
}

TEST_CASE("dates are read with the best reading") {
  auto shown = [](std::string_view value) {
    auto date = parse_mail_date(value);
    return date ? to_rfc3339(*date, true) : std::string("none");
  };
  CHECK(shown("Tue, 24 Nov 2026 09:00:00 -0500") == "2026-11-24T14:00:00Z");
  CHECK(shown("24 Nov 2026 09:00:00 GMT") == "2026-11-24T09:00:00Z");
  CHECK(shown("24 Nov 2026 09:00 EST") == "2026-11-24T14:00:00Z");
  CHECK(shown("Tue, 24 Nov 26 09:00:00 +0000 (UTC)") == "2026-11-24T09:00:00Z");
  CHECK(shown("nonsense") == "none");
  CHECK(shown("Tue, 24 Nov 2026 09:00:00 CEST") == "2026-11-24T07:00:00Z");
  CHECK(shown("Tue,24 Nov 2026 09:00:00+0200") == "2026-11-24T07:00:00Z");
  CHECK(shown("Tue, 24 Nov 2026 09:00:00 +02:00") == "2026-11-24T07:00:00Z");
  CHECK(shown("Tue, 24 November 2026 09.00.01 GMT+2") == "2026-11-24T07:00:01Z");
  CHECK(shown("Tue, 24 Nov 2026 09:00:00.250 PM") == "2026-11-24T21:00:00Z");
  CHECK(shown("mar., 24 nov. 2026 09:00:00 +0100") == "2026-11-24T08:00:00Z");
  CHECK(shown("Tue Nov 24 09:00:00 2026") == "2026-11-24T09:00:00Z");
  CHECK(shown("2026-11-24T09:00:00+01:00") == "2026-11-24T08:00:00Z");
  CHECK(shown("24.11.2026 09:00") == "2026-11-24T09:00:00Z");
  CHECK(shown("11/24/2026 9:00 AM") == "2026-11-24T09:00:00Z");
  CHECK(shown("24-Nov-126 09:00:00 Z") == "2026-11-24T09:00:00Z");
  CHECK(shown("31 Feb 2026 25:61:99 -2500") == "2026-03-01T01:00:00Z");
  CHECK(shown("24 Nov") == "none");
  CHECK(shown("99999999999999999999 Nov 2026") == "none");
}

TEST_CASE("Latin text without a charset is not taken for another alphabet") {
  CHECK(decode_charset("Gr\xFC\xDF"
                       "e aus K\xF6ln, \xE0 bient\xF4t, \xA1hasta ma\xF1"
                       "ana!",
                       "")
            .text == "Grüße aus Köln, à bientôt, ¡hasta mañana!");
  CHECK(decode_charset("\x93quoted\x94 \x96 20 \x80", "").text == "“quoted” – 20 €");
}

TEST_CASE("the date of a raw message is found in its header only") {
  auto shown = [](std::string_view raw) {
    auto date = find_date(raw);
    return date ? to_rfc3339(*date, true) : std::string("none");
  };
  CHECK(shown("From: a@b\r\nDATE: Tue, 24 Nov 2026 09:00:00 +0000\r\n\r\nx") == "2026-11-24T09:00:00Z");
  CHECK(shown("From: a@b\nDate:Tue, 24 Nov 2026 09:00:00 +0000") == "2026-11-24T09:00:00Z");
  CHECK(shown("From: a@b\n\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n") == "none");
  CHECK(shown("X-Date: Tue, 24 Nov 2026 09:00:00 +0000\n\n") == "none");
  CHECK(shown("Date: when I like\n\n") == "none");
  CHECK(shown("") == "none");
}

TEST_CASE("flowed lines are joined within one depth of quotes") {
  CHECK(unflow("a \nb\n", false) == "a b\n");
  CHECK(unflow("> a \n> b\nc\n", false) == "> a b\nc\n");
  CHECK(unflow("a \n> b\n", false) == "a \n> b\n");
  CHECK(unflow("-- \nname\n", false) == "-- \nname\n");
}

TEST_CASE("languages are named by ISO 639-1, and short text by none") {
  CHECK(detect_language("Wo ist meine Bestellung? Ich warte schon seit zwei Wochen darauf.") == "de");
  CHECK(detect_language("Où est ma commande ? Je l'attends depuis deux semaines.") == "fr");
  CHECK(detect_language("こんにちは。注文はどこですか。") == "ja");
  CHECK(detect_language("ok") == "");
}
