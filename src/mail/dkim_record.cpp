#include "mail/dkim_record.h"

#include <algorithm>

#include "mail/ascii.h"

namespace answerable::mail {

namespace {

// The value of a tag without blanks; `standard` when the record has no such tag.
std::string tag_of(std::string_view record, std::string_view name, std::string_view standard) {
  while (!record.empty()) {
    const auto end = std::min(record.find(';'), record.size());
    const auto tag = record.substr(0, end);
    record.remove_prefix(std::min(end + 1, record.size()));
    const auto equals = tag.find('=');
    if (equals == std::string_view::npos || trim(tag.substr(0, equals)) != name) continue;
    std::string value;
    for (char c : tag.substr(equals + 1))
      if (!is_space(c)) value += c;
    return value;
  }
  return std::string(standard);
}

bool same_key(std::string_view a, std::string_view b) {
  return tag_of(a, "v", "DKIM1") == tag_of(b, "v", "DKIM1") && tag_of(a, "k", "rsa") == tag_of(b, "k", "rsa") &&
         tag_of(a, "p", "") == tag_of(b, "p", "");
}

}  // namespace

std::string_view to_string(DkimPublished state) {
  switch (state) {
    case DkimPublished::right: return "right";
    case DkimPublished::absent: return "absent";
    case DkimPublished::other: return "other";
    case DkimPublished::several: return "several";
    case DkimPublished::unreachable: return "unreachable";
  }
  return "unreachable";
}

DkimPublished judge_dkim_record(std::string_view record, const DnsText& says) {
  if (says.outcome == DnsText::Outcome::failed) return DkimPublished::unreachable;
  if (says.outcome == DnsText::Outcome::absent || says.records.empty()) return DkimPublished::absent;
  if (says.records.size() > 1) return DkimPublished::several;
  return same_key(record, says.records.front()) ? DkimPublished::right : DkimPublished::other;
}

}  // namespace answerable::mail
