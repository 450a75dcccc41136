// What happens to an arriving message, in order: one list of steps (receive.cpp), one file each. Everything here runs
// inside one transaction on the writer thread; what can be done before (parsing, attachments to the blob store) was
// done by the engine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/id.h"
#include "base/result.h"
#include "conversations/append_inbound.h"
#include "intake/accept.h"
#include "intake/arrival.h"
#include "intake/match.h"
#include "policy/judge_content.h"
#include "store/blobs.h"
#include "store/session.h"

namespace answerable::intake {

// An arrival that is ready to be received. Its raw bytes are not needed any more.
struct Prepared {
  SpoolId spool;
  Arrival arrival;  // raw may be empty
  std::int64_t size = 0;
  InboundMessage message;
  std::vector<conversations::NewAttachment> attachments;
  std::vector<store::BlobHold> holds;  // of what was put for it
  Insistence insistence = Insistence::none;
  bool everybody_takes_part = false;  // in every conversation: a mailing list's mailbox (`mail thread`), never a desk's
  bool pair_limit_reached = false;    // too many automatic messages from this sender
  bool is_channel_disabled = false;
  std::optional<Digest> content_key;  // everything that a reader sees, with the Message-ID
  // Set when it cannot be used: then it goes to quarantine without any further step.
  std::string unusable_reason, unusable_detail;
  std::optional<Digest> encrypted_raw;  // where the bytes are to be kept because they are malware
};

inline bool is_replay(const Prepared& prepared) { return prepared.insistence != Insistence::none; }

// The working state of one run of the steps.
struct Receiving {
  store::Transaction& tx;
  const Prepared& in;
  std::optional<policy::ContentJudgement> judged;
  Match match;
  std::optional<MessageId> same_id;  // an earlier message with its Message-ID
  ContactId contact;
  std::optional<conversations::Appended> appended;
  std::string reason, detail;  // when a step ends in quarantine or a loop
};

// A step goes on (nullopt) or ends it.
using StepResult = Result<std::optional<Disposition>>;
using Step = StepResult (*)(Receiving&);

StepResult recognise_duplicate(Receiving& receiving);
StepResult recognise_bounce(Receiving& receiving);
StepResult recognise_loop(Receiving& receiving);
StepResult judge(Receiving& receiving);
StepResult judge_content(Receiving& receiving);
StepResult match_conversation(Receiving& receiving);
StepResult recognise_copy(Receiving& receiving);
StepResult identify_contact(Receiving& receiving);
StepResult append(Receiving& receiving);
StepResult acknowledge(Receiving& receiving);

struct Received {
  Disposition disposition = Disposition::appended;
  bool was_settled_before = false;  // a repeated job: its effects are there
  std::optional<conversations::Appended> appended;
};

// Settles the arrival: message, event, ledger entry, counters and the pending row in this one transaction.
Result<Received> receive(store::Transaction& tx, const Prepared& prepared);

}  // namespace answerable::intake
