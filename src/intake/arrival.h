// What a channel hands over: the raw bytes as they came, made durable before the peer gets its acknowledgement.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/result.h"
#include "intake/acknowledgement.h"
#include "mail/sender_authentication.h"
#include "outbox/recipient_results.h"
#include "store/blobs.h"

namespace answerable::intake {

// Raw bytes that are in the blob store already, because there are many of them: Intake::receive_large().
struct StoredRaw {
  Digest digest{};
  std::size_t bytes = 0;
  store::BlobHold hold;
};

// What an administrator has decided about an arrival that was in quarantine. The numbers are stored.
enum class Insistence : std::uint8_t {
  none = 0,
  again = 1,            // read it again, and let through what looks like a loop
  despite_malware = 2,  // and do not ask the scanner: somebody has looked and answers for it
};

// One item from a channel, not yet understood.
struct Arrival {
  WorkspaceId workspace;
  ChannelId channel;
  std::string channel_kind;  // "email", "webchat"
  // Names this arrival within its channel so that a second copy is recognised: for mail the SHA-256 of the raw bytes (a
  // Message-ID is forgeable; after a new UIDVALIDITY a mailbox is read again from the start), for chat the client's
  // message id.
  std::string external_key;
  std::string raw;
  std::optional<StoredRaw> stored_raw = {};  // instead of `raw`; a normaliser never sees it
  std::string envelope_from;                 // mail: MAIL FROM without <>; may be empty (null reverse-path)
  std::vector<std::string> envelope_to;
  std::string peer;  // address of the other side, for the record
  Time received_at;
  std::optional<Time> source_at;   // when it came to the source, as far as that says so: for figures only
  std::optional<Time> written_at;  // by the sender's clock, from `raw` alone: it orders keys, nothing else believes it

  std::size_t size() const { return stored_raw ? stored_raw->bytes : raw.size(); }
};

struct InboundAttachment {
  std::string filename;  // as the sender wrote it: only ever shown, never a path
  std::string content_type;
  std::string content;
  std::string disposition;  // "attachment" or "inline"
  std::string content_id;
  std::optional<Digest>
      stored_blob;  // set when the bytes are in the blob store already (chat upload); then content is empty
  std::int64_t size = 0;
};

struct Person {
  std::string name;
  std::string address;       // in the channel's form: a mail address, a visitor's id
  bool is_verified = false;  // the channel vouches for it: a signed visitor identity, a proven sender of mail
};

// What the channel understood of it. Trust facts are typed fields here, never headers that a stranger can send.
struct InboundMessage {
  Person from;
  std::vector<Person> to, cc;
  std::vector<std::string> reply_to;  // addresses
  std::string subject;
  std::string text;        // valid UTF-8, \n
  std::string reply_text;  // the visible new text; equals text when nothing is quoted
  std::string html_safe;   // sanitised, or empty
  std::optional<Time> sent_at;
  std::string message_id;                            // external id without <>, may be empty
  std::vector<std::string> references;               // In-Reply-To and References without <>, oldest first
  std::optional<ConversationId> token_conversation;  // from a reply token that came back and whose signature is ours
  mail::SenderAuthentication authentication;         // of `from`, for mail
  std::string thread_key;  // the channel's own thread, e.g. the visitor's session; empty for mail
  bool is_auto_submitted = false;
  bool is_bounce = false;
  std::vector<std::string> bounced_message_ids;  // found in a bounce of the kind "failed", without <>; perhaps ours
  std::string bounce_detail;                     // the other server's words
  outbox::RecipientResults bounced_recipients;   // whom it names, with its words on each
  int received_count = 0;                        // Received headers, for loop detection
  bool has_own_loop_mark = false;                // carries the mark, verified, that this workspace's mail gets
  std::string language;
  std::vector<InboundAttachment> attachments;
  std::string files_text;  // what those of them say that are text (policy/file_text.h); the intake fills it in
  std::vector<std::string> defects;
  std::optional<Acknowledgement> acknowledgement;  // what the channel wants to say at once, where that is allowed
};

// Turns raw bytes into a message. Pure but for CPU; an Error sends the arrival to quarantine with that reason.
using Normalise = std::function<Result<InboundMessage>(const Arrival&)>;

}  // namespace answerable::intake
