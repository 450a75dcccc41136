// Any text as an answer and as what it quotes: what is built is 7-bit in lines that every server takes, is read back as
// it was meant, and its signature verifies.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "base/utf8.h"
#include "mail/build.h"
#include "mail/dkim.h"
#include "mail/dkim_record.h"
#include "mail/dkim_sign.h"
#include "mail/format_flowed.h"
#include "mail/limits.h"
#include "mail/message.h"
#include "mail/quote.h"
#include "mail/text_to_html.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

constexpr Time now{1'790'000'000'000};

void check_wire_form(std::string_view raw) {
  while (!raw.empty()) {
    const auto end = raw.find("\r\n");
    ensure(end != std::string_view::npos && end <= max_line_bytes, "lines end in CRLF and are short");
    const auto fits = [](char c) { return c != '\r' && c != '\n' && c != '\0' && static_cast<unsigned char>(c) < 128; };
    ensure(std::ranges::all_of(raw.substr(0, end), fits), "lines are 7-bit");
    raw.remove_prefix(end + 2);
  }
}

void check_signature(const std::string& raw, const DkimKey& key) {
  const auto signer = DkimSigner::make("b.example", "k1", key);
  ensure(signer.has_value(), "a good name");
  const auto results = verify_dkim(split_raw(dkim_signature(raw, *signer, now) + raw),
                                   [&](const auto&) { return DnsText{DnsText::Outcome::found, {key.record()}}; });
  ensure(results.size() == 1 && results[0].outcome == DkimResult::Outcome::pass, "the signature verifies");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = DkimKey::make(DkimAlgorithm::ed25519);
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto cut = std::min(all.find('\0'), all.size());
  const auto text = to_valid_utf8(all.substr(0, cut)), other = to_valid_utf8(all.substr(std::min(cut + 1, all.size())));
  const auto languages = quote_languages();
  const auto language = std::string(languages[size % languages.size()]);
  OutgoingMessage message{.message_id = *MessageIdText::make("1.t@b.example"),
                          .date = now,
                          .from = *Mailbox::make(HeaderText::clean(text.substr(0, 50)).text(), "a@b.example"),
                          .to = {*Mailbox::make("", "c@d.example")},
                          .subject = HeaderText::clean(other),
                          .text = text + "\n\n" + quote_mail({text, "c@d.example", now, other, language})};
  message.html = text_to_html(message.text);
  const auto raw = build_message(message);
  ensure(raw.has_value(), "valid text can be built");
  check_wire_form(*raw);
  check_signature(*raw, key);
  (void)judge_dkim_record(key.record(), {DnsText::Outcome::found, {text}});
  const auto kept = unflow(flow(text), false);
  ensure(unflow(flow(kept), false) == kept, "what flowed once stays");
  ensure(parse_message(*raw).defects.empty(), "what we build has no defect");
  return 0;
}
