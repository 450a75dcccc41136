#include "http/dkim_json.h"

#include "http/channel_json.h"
#include "mail/dkim_key.h"
#include "mail/dkim_sign.h"
#include "mail/limits.h"

namespace answerable::http {
namespace {

constexpr TextLimits selector_limits{.bytes_min = 1, .bytes_max = mail::max_dkim_selector_bytes};
constexpr TextLimits key_limits{.bytes_min = 1, .bytes_max = mail::max_dkim_key_bytes};
constexpr TextLimits record_limits{.bytes_min = 0, .bytes_max = 2'000};
constexpr const char* key_name = "dkim.key";

void write(JsonWriter& out, const DkimSettings& dkim) {
  out.key("dkim").begin_object().member("selector", dkim.selector);
  out.member("algorithm", dkim.algorithm).member("record", dkim.record).end_object();
}

}  // namespace

std::optional<DkimSettings> find_dkim(std::string_view stored_config) {
  auto config = JsonReader::parse(stored_config);
  auto dkim = config ? config->object("dkim") : std::nullopt;
  if (!dkim) return std::nullopt;
  return DkimSettings{dkim->text("selector", selector_limits).value_or(""),
                      dkim->text("algorithm", selector_limits).value_or(""),
                      dkim->text("record", record_limits).value_or("")};
}

void read_dkim(JsonReader& config, JsonWriter& out, ChannelConfig& found, std::string_view stored_config) {
  const auto stored = find_dkim(stored_config);
  auto given = config.object("dkim");
  if (!given) {
    if (stored) found.dropped_secrets.emplace_back(key_name);
    return;
  }
  DkimSettings dkim;
  dkim.selector = given->need_text("selector", selector_limits);
  const bool is_selector = mail::is_dkim_selector(dkim.selector);
  if (!dkim.selector.empty() && !is_selector)
    given->refuse("selector", "not_allowed", "Small letters, digits, dots and hyphens.");
  dkim.algorithm = given->choice("algorithm", {"rsa", "ed25519"}).value_or("rsa");
  (void)given->text("record", record_limits);  // what we answered may come back
  const auto pasted = given->text("key", key_limits);
  const bool is_kept = !pasted && stored && stored->selector == dkim.selector && stored->algorithm == dkim.algorithm;
  if (is_kept) {
    dkim.record = stored->record;
  } else if (is_selector) {
    const auto algorithm = *mail::parse_dkim_algorithm(dkim.algorithm);
    auto key = pasted ? mail::DkimKey::read(*pasted) : Result<mail::DkimKey>(mail::DkimKey::make(algorithm));
    if (key && !key->has_128_bits()) {
      given->refuse("key", "too_weak", "A key that is new here has at least 3,072 bits (RSA), or is Ed25519.");
    } else if (key) {
      dkim.algorithm = to_string(key->algorithm());
      dkim.record = key->record();
      found.secrets.emplace_back(key_name, key->pem());
    } else {
      given->refuse("key", "not_allowed", key.error().detail);
    }
  }
  write(out, dkim);
  config.absorb("dkim", *given);
}

}  // namespace answerable::http
