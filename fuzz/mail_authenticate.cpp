// Any bytes as a mail whose sender is checked, with a DNS that gives stranger's bytes as well: no crash, bounded
// evidence, and nothing is proven without a key.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "mail/limits.h"
#include "mail/sender_authentication.h"

using namespace answerable;
using namespace answerable::mail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto cut = std::min(all.find('\0'), all.size());
  const std::string record(all.substr(0, cut));
  const auto raw = all.substr(std::min(cut + 1, all.size()));
  const FindText find_text = [&](const std::string& name) {
    ensure(name.size() <= max_dns_name_bytes + 10, "names are bounded");
    if (record.empty()) return DnsText{};
    return DnsText{DnsText::Outcome::found, {record}};
  };
  const auto found = authenticate_sender(raw, "a@b.example", {"mx.example", {"lists.example"}}, find_text);
  ensure(found.evidence.size() <= max_evidence_lines, "the evidence is bounded");
  for (const auto& line : found.evidence) ensure(line.size() <= max_evidence_bytes, "its lines are bounded");
  return 0;
}
