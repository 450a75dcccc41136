#include "mail/reply_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "mail/ascii.h"
#include "mail/letter_case.h"

namespace answerable::mail {

namespace {

using Words = std::initializer_list<std::string_view>;

bool contains_any(std::string_view text, const auto& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool starts_with_any(std::string_view text, const auto& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

bool is_any(std::string_view text, const auto& words) { return std::ranges::find(words, text) != words.end(); }

// Header block labels, folded.
constexpr std::array from_labels{
    std::string_view{"from"},     std::string_view{"de"},        std::string_view{"von"},
    std::string_view{"da"},       std::string_view{"van"},       std::string_view{"od"},
    std::string_view{"от"},       std::string_view{"від"},       std::string_view{"från"},
    std::string_view{"fra"},      std::string_view{"lähettäjä"}, std::string_view{"kimden"},
    std::string_view{"gönderen"}, std::string_view{"feladó"},    std::string_view{"expéditeur"},
    std::string_view{"absender"}, std::string_view{"mittente"},  std::string_view{"remitente"},
    std::string_view{"από"},      std::string_view{"מאת"},       std::string_view{"من"},
    std::string_view{"发件人"},   std::string_view{"寄件者"},    std::string_view{"寄件人"},
    std::string_view{"差出人"},   std::string_view{"送信者"},    std::string_view{"보낸 사람"},
    std::string_view{"dela"},     std::string_view{"de la"},     std::string_view{"dari"}};
constexpr std::array sent_labels{
    std::string_view{"sent"},       std::string_view{"date"},          std::string_view{"envoyé"},
    std::string_view{"gesendet"},   std::string_view{"datum"},         std::string_view{"enviado"},
    std::string_view{"enviado el"}, std::string_view{"enviada em"},    std::string_view{"enviada"},
    std::string_view{"fecha"},      std::string_view{"data"},          std::string_view{"inviato"},
    std::string_view{"data invio"}, std::string_view{"verzonden"},     std::string_view{"wysłano"},
    std::string_view{"отправлено"}, std::string_view{"дата"},          std::string_view{"надіслано"},
    std::string_view{"skickat"},    std::string_view{"sendt"},         std::string_view{"dato"},
    std::string_view{"lähetetty"},  std::string_view{"päivämäärä"},    std::string_view{"odesláno"},
    std::string_view{"odeslané"},   std::string_view{"gönderildi"},    std::string_view{"gönderme tarihi"},
    std::string_view{"tarih"},      std::string_view{"elküldve"},      std::string_view{"dátum"},
    std::string_view{"στάλθηκε"},   std::string_view{"ημερομηνία"},    std::string_view{"נשלח"},
    std::string_view{"תאריך"},      std::string_view{"تاريخ الإرسال"}, std::string_view{"التاريخ"},
    std::string_view{"发送时间"},   std::string_view{"日期"},          std::string_view{"寄件日期"},
    std::string_view{"送信日時"},   std::string_view{"日付"},          std::string_view{"보낸 날짜"},
    std::string_view{"날짜"},       std::string_view{"trimis"},        std::string_view{"le"},
    std::string_view{"date/time"}};
constexpr std::array to_labels{std::string_view{"to"},
                               std::string_view{"à"},
                               std::string_view{"a"},
                               std::string_view{"an"},
                               std::string_view{"para"},
                               std::string_view{"aan"},
                               std::string_view{"do"},
                               std::string_view{"кому"},
                               std::string_view{"till"},
                               std::string_view{"til"},
                               std::string_view{"vastaanottaja"},
                               std::string_view{"komu"},
                               std::string_view{"kime"},
                               std::string_view{"alıcı"},
                               std::string_view{"címzett"},
                               std::string_view{"destinataire"},
                               std::string_view{"empfänger"},
                               std::string_view{"destinatario"},
                               std::string_view{"προς"},
                               std::string_view{"אל"},
                               std::string_view{"إلى"},
                               std::string_view{"收件人"},
                               std::string_view{"收件者"},
                               std::string_view{"宛先"},
                               std::string_view{"받는 사람"},
                               std::string_view{"către"},
                               std::string_view{"kepada"}};
constexpr std::array cc_labels{
    std::string_view{"cc"},       std::string_view{"kopie"},   std::string_view{"kopia"},     std::string_view{"копия"},
    std::string_view{"копія"},    std::string_view{"kopi"},    std::string_view{"kopio"},     std::string_view{"bilgi"},
    std::string_view{"抄送"},     std::string_view{"副本"},    std::string_view{"참조"},      std::string_view{"dw"},
    std::string_view{"reply-to"}, std::string_view{"copie à"}, std::string_view{"importance"}};
constexpr std::array subject_labels{
    std::string_view{"subject"},   std::string_view{"objet"},   std::string_view{"betreff"},
    std::string_view{"asunto"},    std::string_view{"oggetto"}, std::string_view{"assunto"},
    std::string_view{"onderwerp"}, std::string_view{"temat"},   std::string_view{"тема"},
    std::string_view{"ämne"},      std::string_view{"emne"},    std::string_view{"aihe"},
    std::string_view{"předmět"},   std::string_view{"konu"},    std::string_view{"tárgy"},
    std::string_view{"θέμα"},      std::string_view{"נושא"},    std::string_view{"الموضوع"},
    std::string_view{"主题"},      std::string_view{"主旨"},    std::string_view{"件名"},
    std::string_view{"제목"},      std::string_view{"subiect"}, std::string_view{"predmet"}};

// "wrote", as it stands in attributions, folded.
constexpr std::array verbs{std::string_view{"wrote"},       std::string_view{" writes"},
                           std::string_view{"a écrit"},     std::string_view{"a ecrit"},
                           std::string_view{"schrieb"},     std::string_view{"geschrieben"},
                           std::string_view{"escribió"},    std::string_view{"escribio"},
                           std::string_view{"ha scritto"},  std::string_view{"scrive"},
                           std::string_view{"escreveu"},    std::string_view{"schreef"},
                           std::string_view{"geschreven"},  std::string_view{"napisał"},
                           std::string_view{"napisała"},    std::string_view{"pisze"},
                           std::string_view{"написал"},     std::string_view{"пишет"},
                           std::string_view{"писал"},       std::string_view{"написав"},
                           std::string_view{"пише"},        std::string_view{"skrev"},
                           std::string_view{"kirjoitti"},   std::string_view{"napsal"},
                           std::string_view{"píše"},        std::string_view{"napísal"},
                           std::string_view{"yazdı"},       std::string_view{"tarihinde"},
                           std::string_view{"írta"},        std::string_view{"έγραψε"},
                           std::string_view{"כתב"},         std::string_view{"كتب"},
                           std::string_view{"写道"},        std::string_view{"寫道"},
                           std::string_view{"寫入"},        std::string_view{"のメール"},
                           std::string_view{"書きました"},  std::string_view{"書き込みました"},
                           std::string_view{"작성"},        std::string_view{"a scris"},
                           std::string_view{"va escriure"}, std::string_view{"menulis"},
                           std::string_view{"đã viết"},     std::string_view{"je napisao"},
                           std::string_view{"написа"},      std::string_view{"rakstīja"},
                           std::string_view{"rašė"},        std::string_view{"skrifaði"},
                           std::string_view{"idatzi zuen"}, std::string_view{"escrigué"}};

constexpr std::array starters{std::string_view{"on "},   std::string_view{"le "},      std::string_view{"am "},
                              std::string_view{"el "},   std::string_view{"il "},      std::string_view{"em "},
                              std::string_view{"op "},   std::string_view{"den "},     std::string_view{"w dniu "},
                              std::string_view{"dnia "}, std::string_view{"dne "},     std::string_view{"pe "},
                              std::string_view{"vào "},  std::string_view{"pada "},    std::string_view{"в "},
                              std::string_view{"στις "}, std::string_view{"בתאריך "},  std::string_view{"في "},
                              std::string_view{"在 "},   std::string_view{"于"},       std::string_view{"-------- "},
                              std::string_view{"þann "}, std::string_view{"quoting "}, std::string_view{"ma "},
                              std::string_view{"to "},   std::string_view{"ti "},      std::string_view{"ke "},
                              std::string_view{"to: "},  std::string_view{"op "},      std::string_view{"il giorno "},
                              std::string_view{"em "},   std::string_view{"pon"}};

bool has_digits(std::string_view text, int least) { return std::ranges::count_if(text, is_digit) >= least; }

std::string_view without_decoration(std::string_view line) {  // *From:* and _From:_ of bold text
  while (!line.empty() && (line.front() == '*' || line.front() == '_' || is_space(line.front()))) line.remove_prefix(1);
  while (!line.empty() && (line.back() == '*' || line.back() == '_' || is_space(line.back()))) line.remove_suffix(1);
  return line;
}

// What stands between the rulers of "-----Original Message-----", folded; empty without a ruler on the left.
std::string between_rules(std::string_view line) {
  auto is_rule_char = [](char c) { return c == '-' || c == '_' || c == '=' || c == '*' || is_space(c); };
  std::size_t left = 0;
  while (left < line.size() && is_rule_char(line[left])) ++left;
  if (left < 2 || line.size() > 120) return {};
  auto inside = line.substr(left);
  while (!inside.empty() && (is_rule_char(inside.back()) || inside.back() == ':')) inside.remove_suffix(1);
  return fold_case(inside);
}

constexpr std::array originals{std::string_view{"original message"},
                               std::string_view{"original email"},
                               std::string_view{"original appointment"},
                               std::string_view{"ursprüngliche nachricht"},
                               std::string_view{"originalnachricht"},
                               std::string_view{"original-nachricht"},
                               std::string_view{"message d'origine"},
                               std::string_view{"message d’origine"},
                               std::string_view{"message original"},
                               std::string_view{"message initial"},
                               std::string_view{"mensaje original"},
                               std::string_view{"messaggio originale"},
                               std::string_view{"mensagem original"},
                               std::string_view{"oorspronkelijk bericht"},
                               std::string_view{"origineel bericht"},
                               std::string_view{"originele bericht"},
                               std::string_view{"wiadomość oryginalna"},
                               std::string_view{"oryginalna wiadomość"},
                               std::string_view{"исходное сообщение"},
                               std::string_view{"оригинальное сообщение"},
                               std::string_view{"вихідне повідомлення"},
                               std::string_view{"ursprungligt meddelande"},
                               std::string_view{"originalmeddelande"},
                               std::string_view{"oprindelig meddelelse"},
                               std::string_view{"opprinnelig melding"},
                               std::string_view{"alkuperäinen viesti"},
                               std::string_view{"původní zpráva"},
                               std::string_view{"pôvodná správa"},
                               std::string_view{"orijinal ileti"},
                               std::string_view{"orijinal mesaj"},
                               std::string_view{"özgün ileti"},
                               std::string_view{"eredeti üzenet"},
                               std::string_view{"αρχικό μήνυμα"},
                               std::string_view{"הודעה מקורית"},
                               std::string_view{"الرسالة الأصلية"},
                               std::string_view{"原始邮件"},
                               std::string_view{"原始信息"},
                               std::string_view{"原始郵件"},
                               std::string_view{"元のメッセージ"},
                               std::string_view{"원본 메시지"},
                               std::string_view{"reply message"},
                               std::string_view{"mesaj original"},
                               std::string_view{"pesan asli"}};

constexpr std::array forwards{
    std::string_view{"forwarded message"},      std::string_view{"forwarded by"},
    std::string_view{"forwarded email"},        std::string_view{"weitergeleitete nachricht"},
    std::string_view{"message transféré"},      std::string_view{"message transmis"},
    std::string_view{"mensaje reenviado"},      std::string_view{"messaggio inoltrato"},
    std::string_view{"mensagem encaminhada"},   std::string_view{"mensagem reencaminhada"},
    std::string_view{"doorgestuurd bericht"},   std::string_view{"wiadomość przekazana"},
    std::string_view{"przekazana wiadomość"},   std::string_view{"пересылаемое сообщение"},
    std::string_view{"пересланное сообщение"},  std::string_view{"vidarebefordrat meddelande"},
    std::string_view{"videresendt meddelelse"}, std::string_view{"videresendt melding"},
    std::string_view{"välitetty viesti"},       std::string_view{"přeposlaná zpráva"},
    std::string_view{"yönlendirilen ileti"},    std::string_view{"iletilen mesaj"},
    std::string_view{"továbbított üzenet"},     std::string_view{"προωθημένο μήνυμα"},
    std::string_view{"הודעה שהועברה"},          std::string_view{"转发的邮件"},
    std::string_view{"転送メッセージ"},         std::string_view{"전달된 메시지"}};

constexpr std::array forward_starts{
    std::string_view{"begin forwarded message"},      std::string_view{"anfang der weitergeleiteten"},
    std::string_view{"début du message transféré"},   std::string_view{"début du message réexpédié"},
    std::string_view{"inicio del mensaje reenviado"}, std::string_view{"inizio messaggio inoltrato"},
    std::string_view{"início da mensagem"},           std::string_view{"begin doorgestuurd bericht"},
    std::string_view{"początek przekazywanej"},       std::string_view{"начало переадресованного"},
    std::string_view{"vidarebefordrat brev"},         std::string_view{"start på videresendt"},
    std::string_view{"välitetty viesti alkaa"},       std::string_view{"začátek přeposílané"},
    std::string_view{"iletilen e-posta başlangıcı"}};

constexpr std::array mobile_starts{std::string_view{"sent from my "},
                                   std::string_view{"sent from "},
                                   std::string_view{"sent via "},
                                   std::string_view{"sent using "},
                                   std::string_view{"get outlook for "},
                                   std::string_view{"sent with "},
                                   std::string_view{"envoyé de mon "},
                                   std::string_view{"envoyé depuis "},
                                   std::string_view{"envoyé à partir de "},
                                   std::string_view{"envoyé avec "},
                                   std::string_view{"télécharger outlook pour "},
                                   std::string_view{"obtenez outlook pour "},
                                   std::string_view{"von meinem "},
                                   std::string_view{"gesendet von "},
                                   std::string_view{"gesendet mit "},
                                   std::string_view{"diese nachricht wurde von meinem"},
                                   std::string_view{"holen sie sich outlook"},
                                   std::string_view{"outlook für "},
                                   std::string_view{"enviado desde mi "},
                                   std::string_view{"enviado desde "},
                                   std::string_view{"obtener outlook para "},
                                   std::string_view{"inviato da "},
                                   std::string_view{"inviato dal "},
                                   std::string_view{"scarica outlook per "},
                                   std::string_view{"ottieni outlook per "},
                                   std::string_view{"enviado do meu "},
                                   std::string_view{"enviado do "},
                                   std::string_view{"enviado a partir do "},
                                   std::string_view{"obter o outlook para "},
                                   std::string_view{"obter outlook para "},
                                   std::string_view{"verstuurd vanaf mijn "},
                                   std::string_view{"verzonden vanaf mijn "},
                                   std::string_view{"verzonden met "},
                                   std::string_view{"outlook voor "},
                                   std::string_view{"wysłane z "},
                                   std::string_view{"wysłano z "},
                                   std::string_view{"pobierz program outlook"},
                                   std::string_view{"отправлено с "},
                                   std::string_view{"отправлено из "},
                                   std::string_view{"надіслано з "},
                                   std::string_view{"skickat från min "},
                                   std::string_view{"skickat från "},
                                   std::string_view{"hämta outlook för "},
                                   std::string_view{"sendt fra min "},
                                   std::string_view{"sendt fra "},
                                   std::string_view{"hent outlook til "},
                                   std::string_view{"skaff deg outlook"},
                                   std::string_view{"lähetetty "},
                                   std::string_view{"hanki outlook"},
                                   std::string_view{"odesláno z "},
                                   std::string_view{"získat outlook"},
                                   std::string_view{"iphone'umdan gönderildi"},
                                   std::string_view{"iphone’umdan gönderildi"},
                                   std::string_view{"android için outlook"},
                                   std::string_view{"ios için outlook"},
                                   std::string_view{"iphoneから送信"},
                                   std::string_view{"发自我的"},
                                   std::string_view{"從我的"},
                                   std::string_view{"나의 iphone"},
                                   std::string_view{"στάλθηκε από "}};

constexpr std::array mobile_names{
    std::string_view{"iphone"},     std::string_view{"ipad"},      std::string_view{"android"},
    std::string_view{"samsung"},    std::string_view{"galaxy"},    std::string_view{"blackberry"},
    std::string_view{"mobile"},     std::string_view{"mobil"},     std::string_view{"phone"},
    std::string_view{"telefon"},    std::string_view{"handy"},     std::string_view{"outlook"},
    std::string_view{"yahoo"},      std::string_view{"proton"},    std::string_view{"mail"},
    std::string_view{"ios"},        std::string_view{"huawei"},    std::string_view{"xiaomi"},
    std::string_view{"windows"},    std::string_view{"tablet"},    std::string_view{"móvil"},
    std::string_view{"smartphone"}, std::string_view{"gmx"},       std::string_view{"web.de"},
    std::string_view{"aol"},        std::string_view{"nokia"},     std::string_view{"motorola"},
    std::string_view{"gmail"},      std::string_view{"téléphone"}, std::string_view{"телефон"},
    std::string_view{"mac"},        std::string_view{"spark"}};

std::string_view without_end_colon(std::string_view text) {
  text = without_decoration(text);
  for (std::string_view colon : {":", "："})
    if (text.ends_with(colon)) return text.substr(0, text.size() - colon.size());
  return {};
}

}  // namespace

HeaderLabel header_label(std::string_view line) {
  auto text = without_decoration(line.substr(0, 200));
  auto colon = text.find(':');
  auto wide = text.find("：");
  auto end = std::min(colon, wide);
  if (end == std::string_view::npos || end > 40) return HeaderLabel::none;
  auto label = fold_case(without_decoration(text.substr(0, end)));
  while (label.ends_with("\xC2\xA0")) label.resize(label.size() - 2);  // the French blank before the colon
  if (is_any(label, from_labels)) return HeaderLabel::from;
  if (is_any(label, subject_labels)) return HeaderLabel::subject;
  if (is_any(label, sent_labels)) return HeaderLabel::sent;
  if (is_any(label, to_labels)) return HeaderLabel::to;
  return is_any(label, cc_labels) ? HeaderLabel::cc : HeaderLabel::none;
}

bool is_attribution(std::string_view text) {
  if (text.size() > 500) return false;
  auto body = without_end_colon(text);
  if (body.empty()) return false;
  return contains_any(fold_case(body), verbs);
}

bool begins_with_attribution_word(std::string_view line) {
  return starts_with_any(fold_case(line.substr(0, 40)), starters);
}

bool begins_with_verb(std::string_view line) { return starts_with_any(fold_case(line.substr(0, 40)), verbs); }

bool begins_attribution(std::string_view line) {
  auto text = line.substr(0, 120);
  if (begins_with_attribution_word(line)) return true;
  // 2026-11-24 10:00 GMT+01:00 Name <address>:   or   Name <address> (Mon, 24 Nov 2026 …):
  return has_digits(text, 6) || (text.find('@') != std::string_view::npos && has_digits(text, 2));
}

bool is_certain_attribution(std::string_view text) {
  return is_attribution(text) && has_digits(text, 3) && begins_attribution(text);
}

bool is_original_marker(std::string_view line) { return is_any(between_rules(line), originals); }

bool is_forward_marker(std::string_view line) {
  auto inside = between_rules(line);
  if (!inside.empty() && starts_with_any(inside, forwards)) return true;
  return starts_with_any(fold_case(line.substr(0, 100)), forward_starts);
}

bool is_mobile_footer(std::string_view line) {
  if (line.size() > 160) return false;
  auto text = fold_case(without_decoration(line));
  return starts_with_any(text, mobile_starts) && contains_any(text, mobile_names);
}

bool is_rule(std::string_view line) {
  auto is_same = [&](char c) { return c == line.front(); };
  return line.size() >= 5 && (line.front() == '_' || line.front() == '-') && std::ranges::all_of(line, is_same);
}

}  // namespace answerable::mail
