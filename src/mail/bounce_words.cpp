#include "mail/bounce_words.h"

#include <array>
#include <span>

namespace answerable::mail {

const std::string_view robot_names =
    "mailer-daemon|mailer daemon|mailerdaemon|mail-daemon|mail daemon|mdaemon|maildaemon|mail delivery subsystem|"
    "mail delivery system|mail delivery service|mail delivery agent|mail delivery software|maildelivery|"
    "mail-delivery-|mailsystem|mail system|mail-system|delivery subsystem|smtp_mail_service|smtp gateway|"
    "mail administrator|postmasters mail|microsoftexchange|internet mail service|mail router|mail transport|"
    "email delivery system|mail-errors|mailerror|mail error|jetmail system|antivirus_for_smtp|bounce-handler";

const std::string_view manager_names =
    "postmaster|post_master|post-master|poostmaster|system "
    "administrator|systemadministrat|administrator@|postoffice|mailmaster|bounce|bounces|imss|inetgw|"
    "mail server|mailserver|mailgate|smtp server|messaging|antispam|antivirus|netmaster|"
    "listserv|majordomo|mailman|microsoft outlook|amavis|virus";

const std::string_view answer_prefixes =
    "re:|re :|re[|re(|aw:|antw:|sv:|vs:|odp:|ynt:|res:|rv:|ref:|fwd:|fw:|wg:|tr:|i:|r:|doorst:|vl:|pd:|enc:|enc.:|"
    "ilt:|turunan:|답장:|回复:|回覆:|答复:|转发:|轉寄:|отв:|ha:|на:|пересл:|"
    "automatic reply|auto reply|auto-reply|autoreply|automatische antwort|réponse automatique|out of office|"
    "respuesta automática|risposta automatica|resposta automática|abwesenheit|autosvar|automatisch antwoord";

const std::string_view mail_words =
    "smtp|550|554|user unknown|unknown user|no such user|mailbox|original message|mail server|mail system|"
    "message header|returned mail|non-delivery report|postmaster|your e-mail|your email";

const std::string_view parcel_words =
    "parcel|package|shipment|courier|tracking number|your order|paket|sendung|lieferung|colis|livraison|paquete|"
    "pedido|pacco|spedizione|encomenda|pakket|zending|przesyłk|paczk|посылк|Посылк|paketo|kargo|zásilk|お荷物|宅配|"
    "包裹";

namespace {

constexpr std::array subjects{
    BounceWords{"English",
                "undeliverable|undelivered|undeliver|returned mail|returned to sender|return to sender|"
                "returning to sender|returning message|mail returned|message returned|returned message|returned email|"
                "returned e-mail|delivery status notification|delivery fail|delivery has failed|failed delivery|"
                "failure delivery|failure notice|failure notification|notice of failure|failed mail|mail fail|"
                "message fail|mail failure|mail failed|mail delivery|delivery report|delivery error|delivery problem|"
                "problem delivering|error delivering|error sending|non-deliver|nondeliver|non deliver|not delivered|"
                "unable to deliver|could not be delivered|couldn't be delivered|cannot be delivered|can't be delivered|"
                "was not delivered|wasn't delivered|could not deliver|couldn't deliver|could not send|cannot send|"
                "unable to send|not deliverable|bounce notification|bounced mail|bounced message|bounced email|"
                "mail system error|mail error|smtp error|delayed mail|delivery delay|delayed delivery|delivery status|"
                "message delayed|user unknown|unknown user|unknown recipient|unknown address|invalid address|"
                "mailbox unavailable|rejected message|message rejected|mail rejected|mail refused|refused mail|"
                "warning: could not send|mail status report|delivery notification|undelivered mail"},
    BounceWords{"Germanic",
                "unzustellbar|nicht zugestellt|nicht zustellbar|zustellung fehlgeschlagen|fehler bei der zustellung|"
                "zustellungsfehler|zustellfehler|zustellprobleme|mailzustellung|unzustellbare|onbestelbaar|"
                "niet bezorgd|niet afgeleverd|kan niet worden bezorgd|bezorging mislukt|ikke leveres|ikke levert|"
                "ikke leveret|kan inte levereras|ej levererat|inte leverera|leveringsfejl|uleverbar"},
    BounceWords{"Romance",
                "non remis|échec de la remise|échec de remise|echec de remise|non délivré|non distribué|"
                "échec d'envoi|retour de courrier|notification d'état de remise|no se puede entregar|no entregado|"
                "no se ha podido entregar|error de entrega|error en la entrega|entrega fallida|"
                "correo devuelto|mensaje devuelto|notificación de estado de entrega|recapito fallito|"
                "non recapitabile|non recapitato|mancato recapito|mancata consegna|impossibile recapitare|"
                "messaggio non consegnato|não entregue|não é possível entregar|não foi possível entregar|"
                "falha na entrega|mensagem devolvida|falha de entrega|nelivrabil|nu a putut fi livrat"},
    BounceWords{"Slavic",
                "niedostarcz|nie można dostarczyć|nie dostarczono|nie doręczono|zwrot poczty|nelze doručit|"
                "nedoručiteln|nedoručitelná|nedoručiteľn|недоставлен|Недоставлен|НЕДОСТАВЛЕН|не доставлено|"
                "Не доставлено|не удается доставить|Не удается доставить|не удаётся доставить|невозможно доставить|"
                "Невозможно доставить|Сообщение не доставлено|Ошибка доставки|ошибка доставки|"
                "не може бути доставлен|Не вдалося доставити|nije isporuč|ni mogoče dostaviti"},
    BounceWords{"other scripts of Europe and near it",
                "kézbesíthetetlen|nem kézbesíthető|sikertelen kézbesítés|teslim edilemedi|teslim edilemeyen|"
                "iletilemedi|ei voi toimittaa|toimitus epäonnistui|ei toimitettu|Αδυναμία παράδοσης|"
                "αδυναμία παράδοσης|δεν παραδόθηκε|לא ניתן למסירה|לא נמסר|تعذر التسليم|تعذر تسليم|لم يتم التسليم"},
    BounceWords{"Asian",
                "エラーメール|メールエラー|配信不能|配信エラー|送信エラー|送信できません|配信できません|送信失敗|"
                "配信に失敗|配送エラー|"
                "不達|未達|届きません|メール送信失敗|系统退信|退信|投递失败|发送失败|传输失败|无法送达|"
                "无法投递|未送达|邮件被退回|退件|無法傳遞|無法投遞|傳送失敗|寄送失敗|未傳遞|배달되지|"
                "배달 실패|전송 실패|반송|không gửi được|tidak terkirim|ส่งไม่ถึง"},
};

constexpr std::array weak_subjects{
    BounceWords{"any",
                "bounce|warning: message|warning: mail|delayed|delivery|"
                "processing error|error|failed|failure|rejected|refused|returned|warning|"
                "エラー|失敗|失败|unknown"},
};

constexpr std::array refusals{
    BounceWords{"fml", "not member|not a member|loop alert|unsafe|too large|rejected"},
};

constexpr std::array forms{
    BounceWords{"qmail",
                "this is the qmail-send program|wasn't able to deliver your message|i've given up. sorry it didn't|"
                "--- below this line is a copy of the message|sorry, no mailbox here by that name|"
                "sorry, i couldn't find any host|sorry, i wasn't able to establish an smtp connection"},
    BounceWords{"Postfix",
                "i'm sorry to have to inform you that your message could not be|"
                "i'm sorry to have to inform you that the message returned|this is the mail system at host|"
                "this is the postfix program at host|your message could not be delivered to one or more recipients"},
    BounceWords{"Exim, mail.ru, GMX",
                "this message was created automatically by mail delivery software|"
                "a message that you sent could not be delivered|a message that you sent has not yet been delivered|"
                "this is a permanent error. the following address|"
                "diese nachricht wurde automatisch von der mail-server software|message log follows"},
    BounceWords{"Sendmail",
                "the following addresses had permanent fatal errors|the following addresses had transient|"
                "the following addresses had delivery problems|the following addresses had errors|"
                "transcript of session follows|the original message was received at|unsent message follows|"
                "unsent message below|this is a mime-encapsulated message: your message"},
    BounceWords{"Exchange, Office 365",
                "did not reach the following recipient|did not reach some or all of the intended recipients|"
                "delivery has failed to these recipients|delivery to the following recipients failed|"
                "delivery to the following recipient failed|the recipient name is not recognized|msexch:ims|"
                "message could not be delivered to the following recipient|couldn't be delivered to|"
                "your message wasn't delivered|your message can't be delivered|generating server:|"
                "a configuration error in the e-mail system caused the message to bounce|"
                "nachricht hat einige oder alle empfänger nicht erreicht|fehler bei der nachrichtenzustellung|"
                "échec de la remise à|error de entrega a estos destinatarios|recapito non riuscito"},
    BounceWords{"Gmail",
                "delivery to the following recipient failed permanently|** address not found **|address not found|"
                "your message wasn't delivered to|** message not delivered **|** delivery incomplete **|"
                "this is an automatically generated delivery status notification|** message blocked **|"
                "there was a temporary problem delivering your message|technical details of permanent failure"},
    BounceWords{"Yahoo, AOL, Zoho, Verizon, X1 to X6 of sisimai, Japanese carriers",
                "message from yahoo! mail. unable to deliver|sorry, we were unable to deliver your message|"
                "sorry we were unable to deliver your message|unable to deliver message to the following address|"
                "the mail system could not deliver|error: invalid user address|no such user here. message details|"
                "this message was created automatically by zoho mail|error message below: 5|"
                "could not be delivered to: <|as their mailbox is full|the user(s) account is|"
                "the following recipients did not receive this message|did not receive your message|"
                "each of the following recipients was rejected|was unable to deliver your message|"
                "we were unable to deliver your message|"
                "次のメールアドレスへの送信に失敗|送信できませんでした|送信することができませんでした|"
                "配信できませんでした|お届けできませんでした|宛先が見つかりません|下記の宛先へのメール"},
    BounceWords{
        "gateways: InterScan, Symantec, MailMarshal, SurfControl, McAfee, Barracuda, NTMail, IMail, MDaemon",
        "sent <<< rcpt to:|was undeliverable. the reason for the problem|unable to deliver message to|"
        "your message could not be delivered to|"
        "could not be delivered to the following recipients|the following mail could not be delivered|"
        "could not deliver message to the following|failed recipients|failed recipient:|failed addresses follow|"
        "your message has encountered delivery problems|your message was not delivered to|"
        "was not delivered because|non-delivery report|undeliverable mail to|undeliverable to|"
        "your mail cannot be delivered to|mail could not be delivered to|could not be delivered because|"
        "the following message could not be delivered|returned mail follows|original message follows|"
        "your message was not delivered|your message cannot be delivered|message could not be delivered for|"
        "has been returned because|an email you sent was rejected|it was rejected by|delivery error occurred|"
        "there is no user by that name|no such user here. there is no|unknown user: |unknown host: |"
        "error occurred while attempting to deliver|while trying to deliver your message|"
        "the message that you sent was undeliverable|was undeliverable to the following|"
        "user mailbox exceeds allowed size|your message cannot be delivered to the following recipients|"
        "your message is being returned|we are returning your message|mail has been returned|"
        "your mail message to the following address|recipients were undeliverable|undelivered-to:|"
        "could not be delivered for the following reason|failed to deliver to|the recipient does not exist on"},
    BounceWords{"other languages",
                "votre message n'a pas pu etre delivre|votre message n'a pas pu être|n'a pas pu être remis|"
                "n'a pu être délivré|konnte nicht zugestellt werden|konnte nicht ausgeliefert werden|"
                "konnte nicht an folgende empfänger|no se ha podido entregar|no pudo ser entregado|"
                "no se pudo entregar|non può essere recapitato|non è stato possibile recapitare|"
                "não pôde ser entregue|não foi possível entregar|kon niet worden bezorgd|kan niet worden bezorgd|kon "
                "niet worden afgeleverd|"
                "nie mogła zostać dostarczona|nie została dostarczona|не может быть доставлено|не было доставлено|"
                "не удалось доставить|Не удалось доставить|kunde inte levereras|kunne ikke leveres|"
                "nepodařilo se doručit|nebylo možné doručit|teslim edilemedi|无法发送到您指定的地址|"
                "无法投递|未能送达|无法送达|無法傳送到|無法投遞|配信不能|전달할 수 없|전송할 수 없|배달할 수 없"},
};

constexpr std::array phrases{
    BounceWords{"English",
                "could not be delivered|couldn't be delivered|cannot be delivered|can not be delivered|undeliverable|"
                "undelivered|delivery to the following|user unknown|unknown user|not a valid user|invalid recipient|"
                "mailbox unavailable|mailbox is full|mailbox full|quota exceeded|over quota|exceeds the quota|"
                "permanent error|permanent failure|permanent fatal error|was not delivered|unable to deliver|"
                "wasn't able to deliver|not able to deliver|no such user|no such recipient|does not exist|"
                "doesn't exist|delivery failed|failed to deliver|delivery attempt|returned message|returned mail|"
                "host not found|unknown host|host unknown|address rejected|has not been delivered|not yet been "
                "delivered|following address|following recipient|not delivered|error occurred|error while|"
                "message header follows|could not be sent|relaying denied|access denied|user not found|"
                "recipient not found|not found in directory|unrouteable address|account disabled|"
                "not a member of this mailing list|duplicated message-id|message is rejected|was rejected|"
                "intended recipient|invalid user|unknown recipient|not listed in domino directory|"
                "#5.|status: 5.|(550|: 550|: 554|: 553|: 552| 550 | 554 | 553 | 552 | 451 | 452 |550-|550:|[550"},
    BounceWords{"others",
                "unbekannter empfänger|nicht zugestellt|unzustellbar|existiert nicht|n'existe pas|no existe|"
                "inconnu|desconocid|non esiste|não existe|bestaat niet|nie istnieje|не существует|不存在|"
                "存在しません|見つかりません|送信でき|配信でき|退信|邮箱已满"},
};

PhraseSet collect(std::span<const BounceWords> table) {
  PhraseSet set;
  for (const auto& row : table) set.add(row.words);
  return set;
}

}  // namespace

const PhraseSet& bounce_subjects() {
  static const auto set = collect(subjects);
  return set;
}
const PhraseSet& weak_bounce_subjects() {
  static const auto set = collect(weak_subjects);
  return set;
}
const PhraseSet& list_refusals() {
  static const auto set = collect(refusals);
  return set;
}
const PhraseSet& bounce_forms() {
  static const auto set = collect(forms);
  return set;
}
const PhraseSet& weak_bounce_phrases() {
  static const auto set = collect(phrases);
  return set;
}

}  // namespace answerable::mail
