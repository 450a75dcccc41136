#include "mail/reply_words.h"

namespace answerable::mail {

const std::string_view device_words =
    "iphon|ipad|ipod|android|samsung|galaxy|blackberry|mobile|mobil|phone|telefon|handy|outlook|yahoo|proton|mail|ios|"
    "huawei|"
    "xiaomi|redmi|oppo|windows|tablet|móvil|smartphone|gmx|web.de|aol|nokia|motorola|gmail|téléphone|телефон|mac|spark|"
    "cell|"
    "device|airmail|thunderbird|htc|sony|google "
    "pixel|oneplus|zoho|puhelim|celular|cellulare|appareil|gerät|dispositiv|urządzen|"
    "zařízení|устройств|пристрою|手机|手機|휴대|갤럭시|mailbird|boomerang|hey|fairphone|honor|vivo|lenovo|alcatel|wiko|"
    "tuta|"
    "fastmail|orange|laposte|libero|virgilio";

const std::string_view notice_words =
    "this e-mail and any |this email and any |this email message and any |this message and any |this e-mail message "
    "and any|"
    "this email is confidential|this e-mail is confidential|this e-mail is intended|this email is intended only|"
    "this message is intended only|this message contains confidential|this email contains confidential|"
    "this communication is confidential|the information contained in this |the information in this email|"
    "the information in this e-mail|the contents of this e|confidentiality notice|confidentiality note|"
    "confidential communication|legal disclaimer|email disclaimer|privileged and confidential|"
    "this message w/attachments|please consider the environment|please think of the environment|"
    "think before you print|before printing this|save paper|diese e-mail enthält vertrauliche|diese e-mail kann "
    "vertrauliche|"
    "diese nachricht enthält vertrauliche|der inhalt dieser e-mail ist vertraulich|ce message et |ce courriel et |"
    "ce message est confidentiel|ce courriel est confidentiel|cet e-mail et |este mensaje y |este correo electrónico y "
    "|"
    "este mensaje es confidencial|este mensaje contiene información|aviso de confidencialidad|aviso legal|"
    "aviso de confidencialidade|esta mensagem e |esta mensagem pode conter|le informazioni contenute in quest|"
    "questo messaggio e |questa e-mail è riservata|de informatie in dit e-mail|de informatie verzonden met dit|"
    "dit bericht is vertrouwelijk|niniejsza wiadomość |treść tej wiadomości|данное сообщение |это сообщение "
    "предназначено|"
    "tento e-mail a |detta meddelande är |denne e-mail kan indeholde|denne e-posten kan inneholde|"
    "virus-free. www.|this email has been checked for viruses|this email has been scanned|diese e-mail wurde von avast|"
    "l'absence de virus dans ce courrier|garanzia di assenza di virus|libre de virus|livre de vírus|virusvrij|"
    "you received this message because you are subscribed to|to unsubscribe from this |unsubscribe from this list|"
    "to unsubscribe, |you are receiving this because|reply to this email directly";

const std::string_view banner_words =
    "caution: |caution:this|[caution|[external|external email|external sender|external mail|warning: this e|[warning|"
    "warning: external|this email originated from outside|this message originated from outside|this email came from "
    "outside|"
    "this is an external e|this message is from an external|you don't often get email from|[you don't often get email|"
    "some people who received this message don't often get email|attention: |achtung: diese e-mail|achtung: "
    "externe|externe e-mail|"
    "attention : ce|ce courriel provient de l'extérieur|cet e-mail provient de l'extérieur|precaución: este|correo "
    "externo|"
    "let op: deze|uwaga: ta wiadomość|varning: detta|reply above this line|##- please type your reply above this line|"
    "please reply above this line|please type your reply above|please type above this line|--- reply above this line";

}  // namespace answerable::mail
