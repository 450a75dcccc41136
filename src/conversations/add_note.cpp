#include "conversations/add_note.h"

#include "access/authorize.h"
#include "base/utf8.h"
#include "conversations/attachment_table.h"
#include "conversations/authored.h"
#include "conversations/list.h"
#include "conversations/thread.h"

namespace answerable::conversations {

Result<Message> add_note(store::Transaction& tx, const access::Actor& actor, const NewNote& note) {
  TRY_STATUS(access::authorize(actor, "conversation", "note"));
  TRY_STATUS(check_text(note.text, {}, !note.attachments.empty()));
  TRY(auto item, load_item(tx, actor.workspace, note.conversation));
  Authored authored{.direction = Direction::note, .text = to_valid_utf8(note.text), .should_close = note.should_close};
  TRY(authored.uploads, load_uploads(tx, actor, note.attachments));
  TRY(auto written, write_authored(tx, actor, item, authored));
  TRY_STATUS(tell_authored(tx, actor, item, written, authored));
  return load_message(tx, actor.workspace, written.message);
}

}  // namespace answerable::conversations
