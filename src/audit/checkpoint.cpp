#include "audit/checkpoint.h"

#include <cstring>

#include "audit/signed_note.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace answerable::audit {
namespace {

constexpr std::uint64_t epoch_max = 1'000'000;

std::unexpected<Error> wrong(std::string_view code, std::string_view what) {
  return fail(ErrorKind::invalid, code, "The checkpoint " + std::string(what) + ".");
}

}  // namespace

std::optional<LedgerName> ledger_called(const PublicKey& key, std::string_view origin) {
  const auto begin = key.name + "/ledger/";
  constexpr std::size_t id_size = 36;
  if (!origin.starts_with(begin) || origin.size() < begin.size() + id_size) return std::nullopt;
  auto workspace = WorkspaceId::parse(origin.substr(begin.size(), id_size));
  auto rest = origin.substr(begin.size() + id_size);
  auto epoch = rest.empty() ? std::optional<std::uint64_t>(1) : parse_decimal(rest.substr(1));
  if (!workspace || !epoch || *epoch > epoch_max) return std::nullopt;
  LedgerName ledger(*workspace, static_cast<std::int64_t>(*epoch));
  if (origin_of(key, ledger) != origin) return std::nullopt;  // there is one way to write it
  return ledger;
}

std::string origin_of(const PublicKey& key, const LedgerName& ledger) {
  auto origin = key.name + "/ledger/" + ledger.workspace.text();
  return ledger.epoch == 1 ? origin : origin + "/" + std::to_string(ledger.epoch);
}

std::string sign_checkpoint(const SigningKey& key, const LedgerName& ledger, const TreeHead& head) {
  auto origin = origin_of(key.public_key(), ledger);
  auto body = origin + "\n" + std::to_string(head.size) + "\n" + to_base64(as_bytes(head.root)) + "\n";
  return body + "\n" + signature_line(key, origin, body);
}

Result<Checkpoint> open_checkpoint(const PublicKey& key, std::string_view note) {
  if (note.size() > note_bytes_max || !is_valid_utf8(note))
    return wrong("checkpoint_malformed", "is too long or no UTF-8");
  auto split = note.rfind("\n\n");
  if (split == std::string_view::npos) return wrong("checkpoint_malformed", "has no signatures");
  auto body = note.substr(0, split + 1);
  auto signatures = note.substr(split + 2);
  auto rest = body;
  auto origin = take_line(rest);
  auto size_line = take_line(rest);
  auto root_line = take_line(rest);
  if (!root_line || !rest.empty()) return wrong("checkpoint_malformed", "is not three lines");
  auto size = parse_decimal(*size_line);
  auto root = from_base64(*root_line);
  if (!size || !root || root->size() != sizeof(Digest)) return wrong("checkpoint_malformed", "has no size or root");
  auto ledger = ledger_called(key, *origin);
  if (!ledger) return wrong("checkpoint_origin", "belongs to another installation");
  bool found = false;
  while (!signatures.empty()) {
    auto line = take_line(signatures);
    if (!line || !line->starts_with(signature_mark))
      return wrong("checkpoint_malformed", "has a line that is no signature");
    auto signature = judge_signature(key, *origin, body, *line);
    if (signature == Signature::bad) return wrong("checkpoint_signature", "has a signature that does not verify");
    found = found || signature == Signature::good;
  }
  if (!found) return wrong("checkpoint_signature", "is not signed by the ledger's key");
  Checkpoint checkpoint{.ledger = *ledger, .head = {.size = *size}};
  std::memcpy(checkpoint.head.root.data(), root->data(), root->size());
  return checkpoint;
}

Result<TreeHead> open_checkpoint(const PublicKey& key, const LedgerName& ledger, std::string_view note) {
  TRY(auto checkpoint, open_checkpoint(key, note));
  if (checkpoint.ledger != ledger) return wrong("checkpoint_origin", "belongs to another ledger");
  return checkpoint.head;
}

}  // namespace answerable::audit
