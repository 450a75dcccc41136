#include "mail/reply_words.h"

namespace answerable::mail {

const std::string_view device_words =
    "iphon|ipad|ipod|android|samsung|galaxy|blackberry|mobile|mobil|phone|telefon|handy|outlook|yahoo|proton|"
    "huawei|xiaomi|redmi|oppo|windows|tablet|móvil|smartphone|gmx|web.de|aol|nokia|motorola|gmail|téléphone|"
    "телефон|mac|spark|cell|device|airmail|thunderbird|htc|sony|oneplus|zoho|puhelim|celular|cellulare|appareil|"
    "gerät|dispositiv|urządzen|zařízení|устройств|пристрою|手机|手機|휴대|갤럭시|mailbird|boomerang|hey|fairphone|"
    "honor|from nine|verizon|canary|superhuman|mailspring|mailsuite|мобильной почты|яндекс|"
    "vivo|lenovo|alcatel|wiko|tuta|fastmail|orange|laposte|libero|virgilio|ios|google pixel|mail for |mail app|"
    "mailbox|mail.ru|mail orange|k-9|mail für |mail voor |mail per |correo para |courrier pour |e-post för ";

const std::string_view notice_words =
    "this e-mail and any |this email and any |this email message and any |this message and any |"
    "this e-mail message and any|this email is confidential|this e-mail is confidential|this e-mail is intended|"
    "this email is intended only|this message is intended only|this message contains confidential|"
    "this email contains confidential|this communication is confidential|"
    "the information contained in this communication|the information contained in this e-mail|"
    "the information contained in this email|the information contained in this message|"
    "the information contained in this transmission|the information in this email is confidential|"
    "the information in this email and |the information in this e-mail is confidential|"
    "the information in this e-mail and |the contents of this email are confidential|"
    "the contents of this e-mail are confidential|confidentiality notice|confidentiality note|"
    "confidential communication|legal disclaimer|email disclaimer|privileged and confidential|"
    "this message w/attachments|please consider the environment before|please think of the environment|"
    "think before you print|before printing this e|save paper, |diese e-mail enthält vertrauliche|"
    "diese e-mail kann vertrauliche|diese nachricht enthält vertrauliche|"
    "der inhalt dieser e-mail ist vertraulich|ce message et toutes |ce message et tous |ce message et ses |"
    "ce message et les pièces|ce message et les éventuel|ce message et les document|ce courriel et toutes |ce courriel "
    "et tous |ce courriel et ses |ce courriel et les |"
    "ce message est confidentiel|ce courriel est confidentiel|cet e-mail et toutes |cet e-mail et ses |"
    "cet e-mail et les |este mensaje y sus |este mensaje y los |este mensaje y cualquier |"
    "este correo electrónico y sus |este correo electrónico y los |este correo electrónico y cualquier |"
    "este mensaje es confidencial|este mensaje contiene información|aviso de confidencialidad|aviso legal:|"
    "aviso de confidencialidade|esta mensagem e seus |esta mensagem e os |esta mensagem e quaisquer |"
    "esta mensagem e qualquer |esta mensagem pode conter|le informazioni contenute in quest|"
    "questo messaggio e i |questo messaggio e gli |questo messaggio e tutti |questo messaggio e ogni |"
    "questa e-mail è riservata|de informatie in dit e-mail|de informatie verzonden met dit|"
    "dit bericht is vertrouwelijk|niniejsza wiadomość jest |niniejsza wiadomość zawiera |niniejsza wiadomość i |"
    "niniejsza wiadomość oraz |treść tej wiadomości|данное сообщение и |данное сообщение предназначено|"
    "данное сообщение содержит|данное сообщение является|это сообщение предназначено|tento e-mail a jeho |"
    "tento e-mail a všechny |detta meddelande är |denne e-mail kan indeholde|denne e-posten kan inneholde|"
    "virus-free. www.|this email has been checked for viruses|this email has been scanned|"
    "diese e-mail wurde von avast|l'absence de virus dans ce courrier|garanzia di assenza di virus|"
    "libre de virus|livre de vírus|virusvrij|you received this message because you are subscribed to|"
    "to unsubscribe from this group|to unsubscribe from this list|unsubscribe from this list|"
    "to unsubscribe, visit |to unsubscribe, click |to unsubscribe, send |to unsubscribe, reply |"
    "you are receiving this because you|reply to this email directly";

const std::string_view notice_headings =
    "disclaimer|legal disclaimer|email disclaimer|legal notice|confidentiality|confidentiality notice|important notice|"
    "haftungsausschluss|rechtlicher hinweis|vertraulichkeitshinweis|avertissement|avis de confidentialité|"
    "clause de confidentialité|aviso legal|aviso de confidencialidad|aviso de confidencialidade|"
    "avviso di riservatezza|vertrouwelijkheid|klauzula poufności|ansvarsfriskrivning|sekretess";

const std::string_view banner_words =
    "caution: this |caution: external|caution:external|caution: the sender |caution: the e|caution: do not "
    "|caution:this|[caution|"
    "[external|external email|external sender|external mail|warning: this e|[warning|warning: external e|warning: "
    "external s|"
    "this email originated from outside|this message originated from outside|this email came from outside|"
    "this is an external e|this message is from an external|you don't often get email from|"
    "[you don't often get email|some people who received this message don't often get email|attention: this e|"
    "attention: external|attention: do not |achtung: diese e-mail|achtung: externe|externe e-mail|attention : ce|"
    "ce courriel provient de l'extérieur|cet e-mail provient de l'extérieur|precaución: este|correo externo|"
    "let op: deze|uwaga: ta wiadomość|varning: detta|reply above this line|"
    "##- please type your reply above this line|please reply above this line|please type your reply above|"
    "please type above this line|--- reply above this line";

}  // namespace answerable::mail
