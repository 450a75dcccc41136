#include "mail/dmarc.h"

#include "mail/ascii.h"

namespace answerable::mail {

namespace {

// Cuts the next "name=value" off `rest`; false at the end.
bool next_tag(std::string_view& rest, std::string& name, std::string& value) {
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto tag = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = tag.find('=');
    if (equals == std::string_view::npos) continue;
    name = to_lower(trim(tag.substr(0, equals)));
    value = to_lower(trim(tag.substr(equals + 1)));
    return true;
  }
  return false;
}

FoundDmarc ask(const std::string& domain, bool is_below, const FindText& find_text) {
  FoundDmarc found;
  const auto answer = find_text("_dmarc." + domain);
  if (answer.outcome != DnsText::Outcome::found) {
    found.outcome = answer.outcome;
    return found;
  }
  int count = 0;
  for (const auto& text : answer.records) {
    auto record = parse_dmarc(text, is_below);
    if (!record) continue;
    ++count;
    found.record = *record;
  }
  if (count == 1) found.outcome = DnsText::Outcome::found;
  return found;
}

}  // namespace

std::optional<DmarcRecord> parse_dmarc(std::string_view record, bool is_below) {
  DmarcRecord parsed;
  std::string name, value, policy, policy_below;
  if (!next_tag(record, name, value) || name != "v" || value != "dmarc1") return std::nullopt;
  while (next_tag(record, name, value)) {
    if (name == "p") policy = value;
    if (name == "sp") policy_below = value;
    if (name == "adkim" && value == "s") parsed.dkim = Alignment::strict;
    if (name == "aspf" && value == "s") parsed.spf = Alignment::strict;
  }
  if (is_below && !policy_below.empty()) policy = policy_below;
  parsed.is_enforced = policy == "quarantine" || policy == "reject";
  return parsed;
}

FoundDmarc find_dmarc(const std::string& domain, const FindText& find_text) {
  auto found = ask(domain, false, find_text);
  const auto organisation = organisational_domain(domain);
  if (found.outcome != DnsText::Outcome::absent || organisation.empty() || organisation == domain) return found;
  return ask(organisation, true, find_text);
}

}  // namespace answerable::mail
