#include "http/acknowledgement_json.h"

#include <algorithm>

#include "intake/acknowledgement.h"

namespace answerable::http {
namespace {

bool is_language(std::string_view code) {
  return code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string need_template(JsonReader& one, std::string_view name, std::size_t bytes_max) {
  auto text = one.need_text(name, {.bytes_min = 1, .bytes_max = bytes_max});
  if (auto status = intake::check_placeholders(text); !status) one.refuse(name, "not_allowed", status.error().detail);
  if (!text.empty() && text.find_first_not_of(" \t\r\n") == std::string::npos)
    one.refuse(name, "too_short", "It must not be blank.");
  return text;
}

}  // namespace

void read_acknowledgement(JsonReader& config, JsonWriter& out) {
  auto acknowledgement = config.object("acknowledgement");
  if (!acknowledgement) return;
  const bool is_enabled = acknowledgement->flag("enabled").value_or(false);
  out.key("acknowledgement").begin_object().member("enabled", is_enabled).key("texts").begin_array();
  auto texts = acknowledgement->objects("texts", intake::acknowledgement_languages_max);
  if (is_enabled && (!texts || texts->empty()))
    acknowledgement->refuse("texts", "required", "Write a text, or leave acknowledgements off.");
  std::vector<std::string> languages;
  for (std::size_t i = 0; texts && i < texts->size(); ++i) {
    auto& one = (*texts)[i];
    const auto language = one.need_text("language", {.bytes_min = 2, .bytes_max = 2});
    if (!is_language(language)) one.refuse("language", "not_allowed", "A code of ISO 639-1, such as en or fr.");
    if (std::ranges::find(languages, language) != languages.end())
      one.refuse("language", "not_allowed", "There is a text in this language already.");
    languages.push_back(language);
    const auto subject = need_template(one, "subject", intake::acknowledgement_subject_bytes_max);
    if (std::ranges::any_of(subject, [](char c) { return c >= 0 && c < ' '; }))
      one.refuse("subject", "not_allowed", "A subject is one line.");
    const auto text = need_template(one, "text", intake::acknowledgement_text_bytes_max);
    out.begin_object().member("language", language).member("subject", subject).member("text", text).end_object();
    acknowledgement->absorb("texts." + std::to_string(i), one);
  }
  out.end_array().end_object();
  config.absorb("acknowledgement", *acknowledgement);
}

}  // namespace answerable::http
