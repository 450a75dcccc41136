#include "intake/prepare.h"

#include <exception>

#include "base/log.h"
#include "intake/dated_key.h"
#include "intake/scan.h"
#include "policy/file_text.h"

namespace answerable::intake {

namespace {

// Here, and not at the step that judges it: there the writer waits.
Status read_text(store::Blobs& blobs, const InboundAttachment& attachment, std::string& all) {
  if (all.size() >= policy::files_text_bytes_max || !policy::may_be_text(attachment.content_type)) return {};
  if (!attachment.stored_blob) {
    policy::add_file_text(all, attachment.content_type, attachment.content);
    return {};
  }
  TRY(const auto bytes, blobs.get(*attachment.stored_blob));
  policy::add_file_text(all, attachment.content_type, bytes);
  return {};
}

Status store_attachments(store::Blobs& blobs, Prepared& prepared) {
  for (auto& attachment : prepared.message.attachments) {
    TRY_STATUS(read_text(blobs, attachment, prepared.message.files_text));
    conversations::NewAttachment one;
    one.filename = std::move(attachment.filename);
    one.content_type = std::move(attachment.content_type);
    one.disposition = std::move(attachment.disposition);
    one.content_id = std::move(attachment.content_id);
    one.size = attachment.stored_blob ? attachment.size : static_cast<std::int64_t>(attachment.content.size());
    if (attachment.stored_blob) {
      one.blob = *attachment.stored_blob;
    } else {
      TRY(auto stored, blobs.put(attachment.content));
      one.blob = stored.digest;
      prepared.holds.push_back(std::move(stored.hold));
      std::string().swap(attachment.content);
    }
    prepared.attachments.push_back(std::move(one));
  }
  prepared.message.attachments.clear();
  return {};
}

void add(std::string& all, std::string_view part) {
  all += std::to_string(part.size());
  all += ':';
  all += part;
}

// The original goes where everything is encrypted, so that no scanner of the disk, no backup and nobody who looks into
// the database meets it in the clear.
Status keep_apart(store::Blobs& blobs, Prepared& prepared, Danger danger) {
  prepared.unusable_reason = std::move(danger.reason);
  prepared.unusable_detail = std::move(danger.detail);
  TRY(auto stored, blobs.put(prepared.arrival.raw));
  prepared.encrypted_raw = stored.digest;
  prepared.holds.push_back(std::move(stored.hold));
  return {};
}

// Whatever a library throws at a stranger's bytes must not end the process: it would read them again at its next start.
Result<InboundMessage> read(const Normalise& normalise, const Arrival& arrival) {
  std::string why;
  try {
    return normalise(arrival);
  } catch (const std::exception& thrown) {
    why = thrown.what();
  } catch (...) {
    why = "unknown";
  }
  log::error("normaliser_threw", {{"kind", arrival.channel_kind}, {"what", why}});
  return fail(ErrorKind::internal, "could_not_be_read", "The message could not be read.");
}

}  // namespace

std::optional<Digest> content_key(ChannelId channel, const InboundMessage& message,
                                  const std::vector<conversations::NewAttachment>& attachments) {
  if (message.message_id.empty()) return std::nullopt;
  std::string all = "content";
  all.reserve(message.text.size() + message.html_safe.size() + 512);
  all += channel.bytes();
  add(all, message.message_id);
  add(all, message.from.address);
  add(all, message.from.name);
  add(all, message.subject);
  add(all, message.sent_at ? std::to_string(message.sent_at->ms) : "");
  add(all, message.text);
  add(all, message.html_safe);
  for (const auto& attachment : attachments) {
    add(all, attachment.filename);
    add(all, as_bytes(attachment.blob));
  }
  return dated_key(sha256(all), message.sent_at);
}

Result<Prepared> prepare(const PrepareParts& parts, WorkItem& item, Time now) {
  Prepared prepared;
  prepared.spool = item.spool;
  prepared.insistence = item.insistence;
  prepared.arrival = *std::move(item.arrival);
  item.arrival.reset();
  auto& arrival = prepared.arrival;
  prepared.size = static_cast<std::int64_t>(arrival.raw.size());
  auto channel = parts.channels.find(arrival.workspace, arrival.channel);
  prepared.is_channel_disabled = channel && channel->state == ChannelState::disabled;
  auto normaliser = parts.normalisers.find(arrival.channel_kind);
  if (normaliser == parts.normalisers.end()) {
    prepared.unusable_reason = "channel_kind_unknown";
    prepared.unusable_detail = "No part of this program understands arrivals of the kind " + arrival.channel_kind + ".";
    return prepared;
  }
  auto message = read(normaliser->second, arrival);
  if (message && item.insistence != Insistence::despite_malware) {
    TRY(auto danger, find_danger(parts.scanner, parts.blobs, arrival.raw, message->attachments));
    if (danger) TRY_STATUS(keep_apart(parts.blobs, prepared, *std::move(danger)));
  }
  std::string().swap(arrival.raw);
  if (!message) {
    prepared.unusable_reason = message.error().code;
    prepared.unusable_detail = message.error().detail;
    return prepared;
  }
  prepared.message = *std::move(message);
  if (!prepared.unusable_reason.empty()) return prepared;
  TRY_STATUS(store_attachments(parts.blobs, prepared));
  prepared.content_key = content_key(arrival.channel, prepared.message, prepared.attachments);
  if (item.pair_limit_reached)
    prepared.pair_limit_reached = *item.pair_limit_reached;
  else if (prepared.message.is_auto_submitted && !prepared.message.is_bounce)
    prepared.pair_limit_reached = parts.pairs.is_reached(arrival.channel, prepared.message.from.address, now);
  return prepared;
}

}  // namespace answerable::intake
