// `answerable mail parse FILE…`: one JSON object a line and file. Needs no installation.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/read_file.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "mail/message.h"

namespace answerable::app {

namespace {

namespace json = boost::json;

json::value maybe(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object address(const mail::Address& address) { return {{"name", address.name}, {"address", address.address}}; }

json::array addresses(const std::vector<mail::Address>& list) {
  json::array array;
  for (const auto& one : list) array.push_back(address(one));
  return array;
}

json::array attachments(const std::vector<mail::Attachment>& list) {
  json::array array;
  for (const auto& one : list) {
    array.push_back({{"filename", maybe(one.filename)},
                     {"content_type", one.content_type},
                     {"size", one.size},
                     {"sha256", one.sha256},
                     {"disposition", one.disposition},
                     {"content_id", maybe(one.content_id)}});
  }
  return array;
}

json::object describe(const std::string& file, const mail::ParsedMessage& message) {
  json::object object;
  object["file"] = to_valid_utf8(file);
  object["message_id"] = maybe(message.message_id);
  object["in_reply_to"] = maybe(message.in_reply_to);
  object["references"] = json::array(message.references.begin(), message.references.end());
  object["from"] = address(message.from);
  object["to"] = addresses(message.to);
  object["cc"] = addresses(message.cc);
  object["subject"] = message.subject;
  object["date"] = message.date ? json::value(to_rfc3339(*message.date, true)) : json::value(nullptr);
  object["text"] = message.text;
  object["html"] = maybe(message.html);
  object["html_safe"] = maybe(message.html_safe);
  object["reply_text"] = message.reply_text;
  object["attachments"] = attachments(message.attachments);
  object["auto_submitted"] = message.auto_submitted;
  object["bounce"] = message.bounce;
  object["language"] = maybe(message.language);
  return object;
}

}  // namespace

int run_mail_parse(const std::vector<std::string>& files) {
  int status = exit_ok;
  mail::ParseOptions options;
  options.attachment_content = false;
  for (const auto& file : files) {
    auto raw = read_file(file);
    json::object object;
    if (raw) {
      object = describe(file, mail::parse_message(*raw, options));
    } else {
      object = {{"file", to_valid_utf8(file)}, {"error", raw.error().detail}};
      status = exit_failed;
    }
    auto line = json::serialize(object) + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
  return status;
}

}  // namespace answerable::app
