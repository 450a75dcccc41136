#include "mail/sender_authentication.h"

#include <algorithm>
#include <array>
#include <optional>

#include "mail/address.h"
#include "mail/ascii.h"
#include "mail/authentication_results.h"
#include "mail/dkim.h"
#include "mail/dmarc.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

using Verdict = SenderAuthentication::Verdict;

struct Checking {
  const RawMessage& message;
  std::string domain;  // of the author
  const TrustedServers& trusted;
  const FindText& find_text;
  DmarcRecord dmarc;
  SenderAuthentication found;
  bool is_proven = false, is_disowned = false, has_failed_lookup = false;
};

void note(Checking& checking, std::string_view line) {
  if (checking.found.evidence.size() >= max_evidence_lines) return;
  std::string clean;
  for (char c : line.substr(0, max_evidence_bytes)) clean += c < 0x20 || c == 0x7f ? '?' : c;
  for (auto& c : clean) c = static_cast<unsigned char>(c) > 0x7e ? '?' : c;
  checking.found.evidence.push_back(std::move(clean));
}

std::vector<std::string_view> values_of(const RawMessage& message, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& field : message.fields)
    if (same_letters(field.name, name)) values.push_back(field.value());
  return values;
}

// The one author field must say what is shown: of two, a signature may cover the other.
bool is_the_only_author(const RawMessage& message, std::string_view author) {
  const auto from = values_of(message, "From");
  if (from.size() != 1) return false;
  const auto addresses = parse_address_list(unfold(from.front()));
  return addresses.size() == 1 && same_letters(addresses[0].address, author);
}

// The same of what is read as the author's words, and of what they are an answer to: whoever has a signed mail can put
// a second field over the one that was signed.
bool says_all_once(const RawMessage& message) {
  constexpr std::array<std::string_view, 7> fields{
      "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding", "Reply-To"};
  return std::ranges::all_of(fields, [&](std::string_view name) { return values_of(message, name).size() <= 1; });
}

std::string domain_of(std::string_view address_or_domain) {
  const auto domain = domain_part(address_or_domain);
  return std::string(domain.empty() ? address_or_domain : domain);
}

// One result of a trusted server. `source`: who says so, for the evidence.
void take(Checking& checking, const MethodResult& one, const std::string& source) {
  const bool is_pass = one.result == "pass";
  std::string proven;
  auto alignment = Alignment::relaxed;
  if (one.method == "dmarc") proven = domain_of(one.property("header.from"));
  if (one.method == "dkim") {
    const auto by_domain = one.property("header.d");
    proven = domain_of(by_domain.empty() ? one.property("header.i") : by_domain);
    alignment = checking.dmarc.dkim;
  }
  if (one.method == "spf") {
    proven = domain_of(one.property("smtp.mailfrom"));
    alignment = checking.dmarc.spf;
  }
  if (one.method != "dmarc" && one.method != "dkim" && one.method != "spf") return;
  if (one.method == "dmarc") alignment = Alignment::strict;
  const bool counts = is_aligned(proven, checking.domain, alignment);
  note(checking, one.method + "=" + one.result + (proven.empty() ? "" : " for " + proven) +
                     (is_pass && !counts ? " (not the author's domain)" : "") + " by " + source);
  if (is_pass && counts) checking.is_proven = true;
  if (one.method == "dmarc" && one.result == "fail" && counts) checking.is_disowned = true;
  if (one.result == "temperror") checking.has_failed_lookup = true;
}

// The ARC set of the newest trusted sealer: its results as they were when the mail passed there.
void take_arc(Checking& checking) {
  int newest = 0;
  for (const auto& field : checking.message.fields) {
    if (!same_letters(field.name, "ARC-Seal")) continue;
    // "i=2; a=…; d=lists.example": tags as in DKIM.
    std::string domain;
    int instance = 0;
    const auto tags = unfold(field.value());
    for (std::size_t at = 0; at < tags.size();) {
      const auto end = std::min(tags.find(';', at), tags.size());
      const auto tag = trim(std::string_view(tags).substr(at, end - at));
      if (tag.starts_with("d=")) domain = to_lower(trim(tag.substr(2)));
      if (tag.starts_with("i=") && tag.size() <= 4) instance = std::atoi(std::string(tag.substr(2)).c_str());
      at = end + 1;
    }
    if (std::ranges::find(checking.trusted.arc_sealers, domain) != checking.trusted.arc_sealers.end())
      newest = std::max(newest, instance);
  }
  if (newest == 0) return;
  for (const auto& field : checking.message.fields) {
    if (!same_letters(field.name, "ARC-Authentication-Results")) continue;
    int instance = 0;
    const auto read = parse_arc_results(field.value(), instance);
    if (instance != newest) continue;
    for (const auto& one : read.results) take(checking, one, read.authserv_id + " (arc)");
    return;
  }
}

void take_trusted(Checking& checking) {
  if (checking.trusted.authserv_id.empty()) return;
  const auto results = trusted_results(checking.message, checking.trusted.authserv_id);
  bool is_chain_good = false;
  for (const auto& one : results) {
    take(checking, one, checking.trusted.authserv_id);
    is_chain_good = is_chain_good || (one.method == "arc" && one.result == "pass");
  }
  if (!checking.is_proven && is_chain_good) take_arc(checking);
}

std::string_view word_of(DkimResult::Outcome outcome) {
  switch (outcome) {
    case DkimResult::Outcome::pass: return "pass";
    case DkimResult::Outcome::fail: return "fail";
    case DkimResult::Outcome::policy: return "policy";
    case DkimResult::Outcome::temporary: return "temperror";
  }
  return "fail";
}

void take_signatures(Checking& checking) {
  for (const auto& one : verify_dkim(checking.message, checking.find_text)) {
    const bool is_pass = one.outcome == DkimResult::Outcome::pass;
    const bool counts = is_pass && is_aligned(one.domain, checking.domain, checking.dmarc.dkim);
    auto line = "dkim=" + std::string(word_of(one.outcome));
    if (!one.domain.empty()) line += " header.d=" + one.domain + " header.s=" + one.selector;
    if (!one.reason.empty()) line += " (" + one.reason + ")";
    if (is_pass && !counts) line += " (not the author's domain)";
    note(checking, line);
    checking.is_proven = checking.is_proven || counts;
    checking.has_failed_lookup = checking.has_failed_lookup || one.outcome == DkimResult::Outcome::temporary;
  }
}

void ask_policy(Checking& checking, bool& is_enforced) {
  const auto found = find_dmarc(checking.domain, checking.find_text);
  checking.has_failed_lookup = found.outcome == DnsText::Outcome::failed;
  if (found.outcome != DnsText::Outcome::found) return;
  checking.dmarc = found.record;
  is_enforced = found.record.is_enforced;
}

Verdict judge(const Checking& checking, bool is_enforced) {
  if (checking.is_proven) return Verdict::pass;
  if (checking.has_failed_lookup) return Verdict::temporary;
  return checking.is_disowned || is_enforced ? Verdict::fail : Verdict::none;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::none: return "none";
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::temporary: return "temperror";
  }
  return "none";
}

SenderAuthentication authenticate_sender(std::string_view raw, std::string_view author, const TrustedServers& trusted,
                                         const FindText& find_text) {
  const auto message = split_raw(raw);
  Checking checking{message, to_lower(domain_part(author)), trusted, find_text, {}, {}};
  if (!is_the_only_author(message, author) || checking.domain.empty()) {
    note(checking, "from=ambiguous (no single author who is the one shown)");
    return checking.found;
  }
  if (!says_all_once(message)) {
    note(checking, "fields=ambiguous (subject, thread or content stand there twice)");
    return checking.found;
  }
  bool is_enforced = false;
  if (find_text) ask_policy(checking, is_enforced);
  take_trusted(checking);
  if (find_text) take_signatures(checking);
  checking.found.verdict = judge(checking, is_enforced);
  if (checking.found.verdict == Verdict::fail) note(checking, "dmarc=fail header.from=" + checking.domain);
  if (checking.found.verdict == Verdict::temporary) note(checking, "dns=temperror (asked again for later mail)");
  return checking.found;
}

}  // namespace answerable::mail
