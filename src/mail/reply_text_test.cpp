#include "mail/reply_text.h"

#include <doctest/doctest.h>

#include <array>

#include "mail/html_text.h"

using namespace answerable::mail;

namespace {

std::string visible(std::string_view text) { return split_reply(text).visible; }

std::string visible_of_html(std::string_view html) {
  HtmlDocument document(html);
  REQUIRE(document.is_parsed());
  return split_reply(html_to_lines(document)).visible;
}

}  // namespace

TEST_CASE("a mail without quotes is all new text") {
  CHECK(visible("Hello,\n\nwhere is it?\n\nAnna\n") == "Hello,\n\nwhere is it?\n\nAnna");
  CHECK(visible("") == "");
  CHECK(visible("I wrote: nothing came.\nOn Monday I wrote again.\n") ==
        "I wrote: nothing came.\nOn Monday I wrote again.");
}

TEST_CASE("introductions of quotes are recognised in the languages of mail programs") {
  constexpr std::array<std::string_view, 30> introductions{
      "On Mon, Nov 23, 2026 at 6:01 PM Shop <a@b.example> wrote:",
      "On 11/23/26 10:00 AM, Shop wrote:",
      "Le lun. 23 nov. 2026 à 10:00, Shop <a@b.example> a écrit :",
      "Am 23.11.2026 um 10:00 schrieb Shop <a@b.example>:",
      "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Shop <a@b.example>:",
      "El lun, 23 nov 2026 a las 10:00, Shop (<a@b.example>) escribió:",
      "Il giorno lun 23 nov 2026 alle ore 10:00 Shop <a@b.example> ha scritto:",
      "Em seg., 23 de nov. de 2026 às 10:00, Shop <a@b.example> escreveu:",
      "Op ma 23 nov 2026 om 10:00 schreef Shop <a@b.example>:",
      "pon., 23 lis 2026 o 10:00 Shop <a@b.example> napisał(a):",
      "W dniu 23.11.2026 o 10:00, Shop pisze:",
      "пн, 23 нояб. 2026 г. в 10:00, Shop <a@b.example>:\u2028написал(а):",
      "23.11.2026 10:00, Shop пишет:",
      "Den mån 23 nov. 2026 kl 10:00 skrev Shop <a@b.example>:",
      "Den man. 23. nov. 2026 kl. 10.00 skrev Shop <a@b.example>:",
      "ma 23. marrask. 2026 klo 10.00 Shop (a@b.example) kirjoitti:",
      "po 23. 11. 2026 v 10:00 odesílatel Shop <a@b.example> napsal:",
      "Shop <a@b.example>, 23 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:",
      "Shop <a@b.example> ezt írta (időpont: 2026. nov. 23., H, 10:00):",
      "Στις Δευ 23 Νοε 2026 στις 10:00 π.μ., ο/η Shop <a@b.example> έγραψε:",
      "‫בתאריך יום ב׳, 23 בנוב׳ 2026 ב-10:00 מאת ‪Shop‬‏ <‪a@b.example‬‏> כתב:",
      "في الاثنين، 23 نوفمبر 2026 في 10:00 ص Shop <a@b.example> كتب:",
      "Shop <a@b.example> 于2026年11月23日周一 10:00写道：",
      "2026年11月23日(月) 10:00 Shop <a@b.example>のメール:",
      "2026년 11월 23일 (월) 오전 10:00, Shop <a@b.example>님이 작성:",
      "În lun., 23 nov. 2026 la 10:00, Shop <a@b.example> a scris:",
      "Vào 10:00, 23 thg 11, 2026, Shop <a@b.example> đã viết:",
      "Pada tanggal 23 Nov 2026 10:00, Shop <a@b.example> menulis:",
      "пн, 23 лист. 2026 р. о 10:00 Shop <a@b.example> пише:",
      "Quoting Shop <a@b.example>, who wrote at 10:00:"};
  for (auto introduction : introductions) {
    CAPTURE(introduction);
    CHECK(visible("Yes.\n\n" + std::string(introduction) + "\n\n> question\n> more\n") == "Yes.");
  }
}

TEST_CASE("an introduction broken over lines goes whole") {
  CHECK(visible("Yes.\n\nOn Mon, Nov 23, 2026 at 6:01 PM Shop Help Desk of the Example Company\n<help@shop.example> "
                "wrote:\n\n> q\n") == "Yes.");
  CHECK(visible("Yes.\nOn Mon, Nov 23, 2026 at 6:01 PM\nShop\n<help@shop.example>\nwrote:\n> q\n") == "Yes.");
}

TEST_CASE("a line of the answer above an introduction is not taken for a part of it") {
  CHECK(visible("Call me on 555 1234\nJohn wrote:\n> q\n") == "Call me on 555 1234");
}

TEST_CASE("text between quoted lines is never cut, and keeps the lines that it answers") {
  CHECK(visible("> one?\nYes.\n> two?\nNo.\n") == "> one?\nYes.\n> two?\nNo.");
  CHECK(visible("On Mon, Nov 23, 2026 Shop wrote:\n> one?\n\nYes, but\nnot today.\n\n> two?\n\nNo.\n\n-- \nAnna\n> "
                "three?\nLater.\n\n> the rest\n") ==
        "> one?\n\nYes, but\nnot today.\n\n> two?\n\nNo.\n\n> three?\nLater.");
  CHECK(visible("Hello,\n\nOn Mon, Nov 23, 2026 Shop wrote:\n> all of it\n\nthank you\n") == "Hello,\n\nthank you");
}

TEST_CASE("the rest of a quoted line that a program broke is no answer, a short answer below a question is one") {
  std::string quote = "> We have sent the parcel to the address that you had given us in your\nlast mail of\n> May.\n";
  CHECK(visible("Thanks.\n\nOn Mon, Nov 23, 2026 Shop wrote:\n" + quote) == "Thanks.");
  std::string asked = "> Shall we send the parcel to the address that you had given us in your mail?\nyes\n> Shop\n";
  CHECK(visible("Thanks.\n\nOn Mon, Nov 23, 2026 Shop wrote:\n" + asked).find("\nyes") != std::string::npos);
}

TEST_CASE("an answer below the quote is found") {
  CHECK(visible("Anna wrote:\n> question\n> more\n\nMy answer.\n") == "My answer.");
}

TEST_CASE("an original that is not marked line by line ends the answer") {
  constexpr std::array<std::string_view, 6> rulers{
      "-----Original Message-----", "-----Ursprüngliche Nachricht-----", "-------- Message d'origine --------",
      "-----Mensaje original-----", "----- Исходное сообщение -----",    "----- Oorspronkelijk bericht -----"};
  for (auto ruler : rulers) {
    CAPTURE(ruler);
    CHECK(visible("Answer.\n\n" + std::string(ruler) + "\nold\nold\n") == "Answer.");
  }
  CHECK(visible("Answer.\n\nOn Mon, Nov 23, 2026 at 6:01 PM Shop <a@b.example> wrote:\nold\n") == "Answer.");
}

TEST_CASE("header blocks are recognised in many languages") {
  constexpr std::array<std::string_view, 12> blocks{"From: Shop <a@b.example>\nSent: Monday\nTo: Anna\nSubject: x\n",
                                                    "*From:* Shop\n*Sent:* Monday\n*To:* Anna\n*Subject:* x\n",
                                                    "Von: Shop\nGesendet: Montag\nAn: Anna\nBetreff: x\n",
                                                    "De : Shop\nEnvoyé : lundi\nÀ : Anna\nObjet : x\n",
                                                    "De: Shop\nEnviado: lunes\nPara: Anna\nAsunto: x\n",
                                                    "Da: Shop\nInviato: lunedì\nA: Anna\nOggetto: x\n",
                                                    "Van: Shop\nVerzonden: maandag\nAan: Anna\nOnderwerp: x\n",
                                                    "Od: Shop\nWysłano: poniedziałek\nDo: Anna\nTemat: x\n",
                                                    "Från: Shop\nSkickat: måndag\nTill: Anna\nÄmne: x\n",
                                                    "Kimden: Shop\nGönderildi: Pazartesi\nKime: Anna\nKonu: x\n",
                                                    "发件人: Shop\n发送时间: 2026\n收件人: Anna\n主题: x\n",
                                                    "差出人: Shop\n送信日時: 2026\n宛先: Anna\n件名: x\n"};
  for (auto block : blocks) {
    CAPTURE(block);
    CHECK(visible("Answer.\n\n________________________________\n" + std::string(block) + "\nold\n") == "Answer.");
    CHECK(visible("Answer.\n\n" + std::string(block) + "\nold\n") == "Answer.");
  }
  CHECK(visible("My order:\nTo: Anna Berg\nSubject to change\n") == "My order:\nTo: Anna Berg\nSubject to change");
}

TEST_CASE("signatures and footers of telephones are apart") {
  auto parts = split_reply("Answer.\n-- \nAnna\nTel. 1\n");
  CHECK(parts.visible == "Answer.");
  CHECK(parts.signature == "-- \nAnna\nTel. 1\n");
  CHECK(parts.folded_lines == 3);
  constexpr std::array<std::string_view, 9> footers{
      "Sent from my iPhone",        "Envoyé de mon iPhone",
      "Von meinem iPhone gesendet", "Enviado desde mi iPhone",
      "Inviato da iPhone",          "Verstuurd vanaf mijn iPad",
      "Skickat från min iPhone",    "Get Outlook for iOS <https://aka.ms/o0ukef>",
      "Wysłane z iPhone'a"};
  for (auto footer : footers) {
    CAPTURE(footer);
    CHECK(visible("Answer.\n\n" + std::string(footer) + "\n") == "Answer.");
  }
  CHECK(visible("It was sent from my friend.\n") == "It was sent from my friend.");
}

TEST_CASE("a forward without a word of its own shows what is forwarded") {
  CHECK(visible("---------- Forwarded message ---------\nFrom: x\nthe text\n").find("the text") != std::string::npos);
  CHECK(visible("See below.\n\n---------- Forwarded message ---------\nFrom: x\nthe text\n") == "See below.");
}

TEST_CASE("the marks of HTML clients are used") {
  CHECK(visible_of_html("<div>Answer</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Xyz &lt;a@b.example&gt; "
                        "klingon'd:</div>"
                        "<blockquote class=\"gmail_quote\">old</blockquote></div>") == "Answer");
  CHECK(visible_of_html("<p>Answer</p><div class=\"moz-cite-prefix\">any words</div><blockquote "
                        "type=\"cite\"><p>old</p></blockquote>") == "Answer");
  CHECK(visible_of_html("<div>Answer</div><div id=\"divRplyFwdMsg\">From</div><div>old</div>") == "Answer");
  CHECK(visible_of_html("<div>Answer</div><div class=\"gmail_signature\">Anna<br>Tel</div>") == "Answer");
  CHECK(visible_of_html("<div>Answer</div><blockquote>an indented thought</blockquote>") ==
        "Answer\n\nan indented thought");
  CHECK(visible_of_html("<blockquote type=cite>one?</blockquote>Yes<blockquote type=cite>two?</blockquote>No") ==
        "> one?\n\nYes\n\n> two?\n\nNo");
}
