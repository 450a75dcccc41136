// What an administrator may write as an automatic acknowledgement.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "http/desk_test.h"
#include "intake/acknowledgement.h"

namespace answerable::http {
namespace {
namespace json = boost::json;

json::object text(std::string language, std::string subject = "Here", std::string body = "It is here.") {
  return {{"language", std::move(language)}, {"subject", std::move(subject)}, {"text", std::move(body)}};
}

struct Office : Desk {
  auto make(const json::value& acknowledgement) {
    const json::object body{{"kind", "email"},
                            {"name", "M"},
                            {"address", std::to_string(++channels) + "@acme.example"},
                            {"config", {{"acknowledgement", acknowledgement}}}};
    return send({.method = "POST", .target = "/channels", .body = json::serialize(body), .cookie = admin_cookie});
  }
  int status_of(const json::array& texts, bool is_enabled = true) {
    return static_cast<int>(make({{"enabled", is_enabled}, {"texts", texts}}).status);
  }
  // Of the one text in it.
  std::string error_of(const json::object& one) {
    const auto answer = make({{"enabled", true}, {"texts", {one}}});
    if (answer.status != 422) return std::to_string(answer.status);
    return std::string(json::parse(answer.body).at("errors").at(0).at("field").as_string());
  }
  int channels = 0;
};

TEST_CASE_FIXTURE(Office, "texts come back as they were written, also when they are off") {
  const auto made = make({{"enabled", false}, {"texts", {text("en"), text("fr", "Reçu #{reference}")}}});
  REQUIRE(made.status == 201);
  const auto stored = json::parse(made.body).at("config").at("acknowledgement");
  CHECK(stored.at("enabled") == false);
  CHECK(stored.at("texts").as_array().size() == 2);
  CHECK(stored.at("texts").at(1).at("subject") == "Reçu #{reference}");
}

TEST_CASE_FIXTURE(Office, "every text has a language of its own, a subject of one line and words") {
  CHECK(error_of(text("en")) == "201");
  CHECK(error_of(text("EN")) == "config.acknowledgement.texts.0.language");
  CHECK(error_of(text("eng")) == "config.acknowledgement.texts.0.language");
  CHECK(error_of(text("en", "")) == "config.acknowledgement.texts.0.subject");
  CHECK(error_of(text("en", "Here\nBcc: victim@example.net")) == "config.acknowledgement.texts.0.subject");
  CHECK(error_of(text("en", "About {subject}")) == "config.acknowledgement.texts.0.subject");
  CHECK(error_of(text("en", "Here", " \n ")) == "config.acknowledgement.texts.0.text");
  CHECK(error_of(text("en", "Here", "Dear {name}")) == "config.acknowledgement.texts.0.text");
  CHECK(status_of({text("en"), text("en")}) == 422);
  CHECK(status_of({}) == 422);
  CHECK(status_of({}, false) == 201);
}

TEST_CASE_FIXTURE(Office, "lengths and languages have bounds") {
  const std::string subject(intake::acknowledgement_subject_bytes_max, 's');
  const std::string words(intake::acknowledgement_text_bytes_max, 't');
  CHECK(error_of(text("en", subject, words)) == "201");
  CHECK(error_of(text("en", subject + "s", words)) == "config.acknowledgement.texts.0.subject");
  CHECK(error_of(text("en", subject, words + "t")) == "config.acknowledgement.texts.0.text");
  json::array texts;
  for (std::size_t i = 0; i < intake::acknowledgement_languages_max; ++i)
    texts.push_back(text({'a', static_cast<char>('a' + i)}, subject, words));
  CHECK(status_of(texts) == 201);
  texts.push_back(text("zz"));
  CHECK(status_of(texts) == 422);
}

}  // namespace
}  // namespace answerable::http
