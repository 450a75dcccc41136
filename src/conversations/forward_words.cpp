#include "conversations/forward_words.h"

#include <algorithm>
#include <array>

namespace answerable::conversations {

namespace {

constexpr std::array table{
    ForwardWords{"en", "Forwarded message", "From", "Date", "Subject"},
    ForwardWords{"fr", "Message transféré", "De", "Date", "Objet"},
    ForwardWords{"de", "Weitergeleitete Nachricht", "Von", "Datum", "Betreff"},
    ForwardWords{"es", "Mensaje reenviado", "De", "Fecha", "Asunto"},
    ForwardWords{"it", "Messaggio inoltrato", "Da", "Data", "Oggetto"},
    ForwardWords{"pt", "Mensagem encaminhada", "De", "Data", "Assunto"},
    ForwardWords{"nl", "Doorgestuurd bericht", "Van", "Datum", "Onderwerp"},
    ForwardWords{"pl", "Wiadomość przekazana", "Od", "Data", "Temat"},
    ForwardWords{"ru", "Пересылаемое сообщение", "От", "Дата", "Тема"},
    ForwardWords{"uk", "Переслане повідомлення", "Від", "Дата", "Тема"},
    ForwardWords{"sv", "Vidarebefordrat meddelande", "Från", "Datum", "Ämne"},
    ForwardWords{"da", "Videresendt meddelelse", "Fra", "Dato", "Emne"},
    ForwardWords{"no", "Videresendt melding", "Fra", "Dato", "Emne"},
    ForwardWords{"fi", "Välitetty viesti", "Lähettäjä", "Päivämäärä", "Aihe"},
    ForwardWords{"cs", "Přeposlaná zpráva", "Od", "Datum", "Předmět"},
    ForwardWords{"tr", "Yönlendirilen ileti", "Kimden", "Tarih", "Konu"},
    ForwardWords{"zh", "转发的邮件", "发件人", "日期", "主题"},
    ForwardWords{"ja", "転送メッセージ", "差出人", "日付", "件名"},
    ForwardWords{"ko", "전달된 메시지", "보낸 사람", "날짜", "제목"},
};

}  // namespace

const ForwardWords& forward_words(std::string_view language) {
  const auto* row = std::ranges::find(table, language, &ForwardWords::language);
  return row == table.end() ? table.front() : *row;
}

std::span<const ForwardWords> all_forward_words() { return table; }

}  // namespace answerable::conversations
