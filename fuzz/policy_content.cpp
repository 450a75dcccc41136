// Content rules: the first line of the input is a value of a rule, the rest the message that it is asked about. Nothing
// that a rule says of a message shows what is sensitive in it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "policy/content_matcher.h"
#include "policy/near_identical.h"
#include "policy/sensitive.h"

using namespace answerable;
using namespace answerable::policy;

namespace {

void ask(ContentKind kind, const std::string& value, const Content& content) {
  const bool takes_value = kind != ContentKind::card_numbers && kind != ContentKind::secrets;
  const bool is_inbound = kind == ContentKind::impersonation;
  ContentRule rule{.workspace = WorkspaceId::from_bytes("0123456789abcdef"),
                   .name = "x",
                   .kind = kind,
                   .way = is_inbound ? ContentWay::inbound : ContentWay::both};
  if (takes_value) rule.values = {value};
  if (!check_content_rule(rule)) return;
  const auto matcher = ContentMatcher::make({rule});
  if (!matcher) return;
  OwnSenders own;
  own.add_name(value);
  own.add_address("a@b.example");
  for (const auto& hit : (*matcher)->find(content, own)) {
    ensure(hit.excerpt.size() <= excerpt_bytes_max, "an excerpt is short");
    ensure(is_valid_utf8(hit.excerpt), "an excerpt is text");
    const bool is_of_sender = kind == ContentKind::impersonation || kind == ContentKind::links;
    ensure(is_of_sender || find_card_numbers(hit.excerpt).empty(), "an excerpt shows no card number");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(all.find('\n'), all.size());
  const auto value = to_valid_utf8(all.substr(0, end));
  const auto text = to_valid_utf8(all.substr(end));
  for (const auto kind : {ContentKind::words, ContentKind::pattern, ContentKind::links, ContentKind::impersonation,
                          ContentKind::card_numbers, ContentKind::secrets}) {
    ask(kind, value,
        {.is_outbound = kind != ContentKind::impersonation,
         .text = text,
         .html = text,
         .from_name = value,
         .from_address = text});
  }
  const bool is_whole = find_secrets(text).empty() && find_card_numbers(text).size() < sensitive_max;
  if (is_whole) ensure(find_card_numbers(without_sensitive(text)).empty(), "what is blackened is black");
  static_cast<void>(fingerprint_of(text));
  return 0;
}
