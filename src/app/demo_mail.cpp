#include "app/demo_mail.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

namespace answerable::app {

namespace {

struct Letter {
  std::string_view name, address, subject, body;
  int minutes_ago;
};

constexpr Letter letters[] = {
    {"Marta Oliveira", "marta.oliveira@example.com", "Do you ship to the Azores?",
     "Hello,\n\nI would like to order two reading lamps. Your page lists Portugal but not the islands.\nDo you ship to "
     "the "
     "Azores, and what would it cost?\n\nThank you,\nMarta\n",
     2700},
    {"Henrik Dahl", "henrik@example.net", "Invoice for order 13862 shows the wrong VAT number",
     "Good morning,\n\nthe invoice for order 13862 carries our old VAT number. The new one is NO 918 273 645 "
     "MVA.\nCould you send a "
     "corrected invoice? Our accountant needs it by Friday.\n\nBest regards\nHenrik Dahl\n\n-- \nDahl & Datter "
     "AS\nBergen\n",
     2500},
    {"Aïcha Benali", "aicha.benali@example.org", "Colis reçu, mais il manque un article",
     "Bonjour,\n\nj’ai reçu ma commande ce matin, mais il manque l’abat-jour bleu. Le reste est parfait.\nFaut-il que "
     "je renvoie "
     "quelque chose ?\n\nMerci d’avance,\nAïcha Benali\n",
     1500},
    {"Jonas Weber", "jonas.weber@example.com", "Lamp flickers after two weeks",
     "Hi,\n\nthe desk lamp that I bought two weeks ago flickers as soon as it is warm. I have tried another bulb and "
     "another "
     "socket.\nIs there anything else I can try before I send it back?\n\nJonas\n\nSent from my phone\n",
     1300},
    {"Priya Raman", "priya@example.net", "Quote for 40 lamps for our office",
     "Dear team,\n\nwe are furnishing a new office in Leeds and would like a quote for 40 desk lamps and 6 floor "
     "lamps,\ndelivered in "
     "the second week of January. Is there a discount at this quantity?\n\nKind regards,\nPriya Raman\n",
     600},
    {"Tom Okafor", "tom.okafor@example.com", "Can I change the delivery address?",
     "Hello! I moved last week and forgot to change my address. Order 13901, not shipped yet as far as I can see.\nNew "
     "address: 4 "
     "Mill Lane, York YO1 7EN.\n\nThanks, Tom\n",
     190},
    {"Sami Ivanov", "sami@example.org", "Refund for order 13877",
     "Hi, I returned the floor lamp on the 9th and the carrier says you received it on the 12th.\nWhen will I see the "
     "refund?\n\nSami\n",
     45},
};

std::string rfc5322_date(Time time) {
  auto seconds = static_cast<std::time_t>(time.ms / 1000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[40];
  auto length =
      std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);  // the C locale: never set otherwise
  return std::string(text, length);
}

}  // namespace

std::vector<DemoMail> demo_mails(Time now, const std::string& to) {
  std::vector<DemoMail> mails;
  for (const auto& letter : letters) {
    auto sent = now - letter.minutes_ago * 60'000LL;
    std::string body;
    for (char c : letter.body) body += c == '\n' ? std::string("\r\n") : std::string(1, c);
    // Names and subjects are ours; 8-bit headers are SMTPUTF8 (RFC 6532), which our own reader takes.
    mails.push_back({std::string(letter.address),
                     fmt::format("From: {} <{}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <demo.{}.{}>\r\n"
                                 "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                 "Content-Transfer-Encoding: 8bit\r\n\r\n{}",
                                 letter.name, letter.address, to, letter.subject, rfc5322_date(sent), sent.ms,
                                 letter.address, body)});
  }
  return mails;
}

}  // namespace answerable::app
