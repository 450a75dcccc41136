// From raw bytes to Prepared: everything that needs processor time or the blob store, before the transaction.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "intake/accept.h"
#include "intake/channel_directory.h"
#include "intake/pair_limit.h"
#include "intake/receive.h"
#include "intake/work_queue.h"

namespace answerable::intake {

struct PrepareParts {
  store::Blobs& blobs;
  const ChannelDirectory& channels;
  PairLimit& pairs;
  const std::map<std::string, Normalise>& normalisers;
  policy::Scanner* scanner = nullptr;
};

// `item.arrival` holds the raw bytes; it is moved from. An Error means: not now, try again (the blob store has no
// space, the scanner does not answer). What cannot be used is no error: the result says so and goes to quarantine.
Result<Prepared> prepare(const PrepareParts& parts, WorkItem& item, Time now);

// Everything that a reader of the message sees, with its Message-ID; nothing when it has none.
std::optional<Digest> content_key(ChannelId channel, const InboundMessage& message,
                                  const std::vector<conversations::NewAttachment>& attachments);

}  // namespace answerable::intake
