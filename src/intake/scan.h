// Looks for malware in what has arrived, before anybody can see it: the message as it came, and each of its files as
// it would be saved, because a scanner does not know every way of packing that we do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/arrival.h"
#include "policy/scanner.h"

namespace answerable::intake {

// Reasons of the quarantine.
inline constexpr std::string_view reason_malware = "malware";
inline constexpr std::string_view reason_not_scannable = "not_scannable";
inline constexpr std::string_view reason_disguise = "disguised_program";

struct Danger {
  std::string reason, detail;
};

// Nothing: there is none. Without a scanner (nullptr) only disguises are found. Blocks. Errors: unavailable
// "scanner_unavailable", those of Blobs::get().
Result<std::optional<Danger>> find_danger(policy::Scanner* scanner, store::Blobs& blobs, std::string_view raw,
                                          const std::vector<InboundAttachment>& attachments);

}  // namespace answerable::intake
