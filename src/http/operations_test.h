// Every operation of the description, with a body that would be right.
#pragma once

#include <boost/json.hpp>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include "http/openapi_document.h"

namespace answerable::http {

namespace json = boost::json;

// A body that would be right, so that only the workspace is wrong.
inline std::string right_body(const std::string& operation) {
  static const std::map<std::string, std::string> bodies{
      {"PATCH /conversations/{id}", R"({"status":"closed","subject":"x"})"},
      {"POST /conversations/{id}/messages", R"({"text":"x","kind":"reply"})"},
      {"POST /conversations/{id}/read", R"({"unread":true})"},
      {"PUT /conversations/{id}/tags", R"({"tags":["x"]})"},
      {"PUT /conversations/{id}/draft", R"({"text":"x","kind":"reply"})"},
      {"POST /conversations/{id}/presence", R"({"state":"typing"})"},
      {"PATCH /contacts/{id}", R"({"name":"x"})"},
      {"POST /incidents/{id}/personal-data", "{}"},
      {"PUT /incidents/{id}/notification", R"({"nature":"x"})"},
      {"PUT /incidents/{id}/subjects", R"({"decision":"told","reason":"x"})"},
      {"POST /incidents/{id}/notes", R"({"text":"x"})"},
      {"PATCH /me/passkeys/{id}", R"({"name":"x"})"},
      {"PATCH /users/{id}", R"({"name":"x"})"},
      {"PUT /roles/{id}", R"({"name":"x","permissions":[]})"},
      {"PATCH /channels/{id}", R"({"name":"x"})"},
      {"POST /deliveries/{id}/resolve", R"({"as":"sent"})"},
      {"POST /messages/{id}/forward", R"({"to":["m@maker.example"]})"},
      {"POST /policy/measures/{id}/appeal", R"({"text":"x"})"},
      {"POST /quarantine/{id}/release", R"({"why":"x"})"},
      {"PUT /messages/{id}/removal", R"({"reason":"x"})"},
      {"POST /messages/{id}/report", R"({"reason":"x"})"},
      {"POST /conversations/{id}/report", R"({"reason":"x"})"},
      {"POST /channels/{id}/report", R"({"reason":"x"})"},
      {"POST /users/{id}/report", R"({"reason":"x"})"},
      {"PUT /content-rules/{id}", R"({"name":"R","kind":"secrets","direction":"both","action":"note"})"},
      {"POST /reviews/{id}/decide", R"({"outcome":"released"})"},
      {"PUT /messages/{id}/folding", R"({"shown_lines":0})"}};
  const auto found = bodies.find(operation);
  return found == bodies.end() ? std::string() : found->second;
}

// Every operation of the description: {"GET", "/tags", …}.
struct Operation {
  std::string method, path;
  json::object described;
  std::string name() const { return method + " " + path; }
};
inline std::vector<Operation> operations() {
  std::vector<Operation> all;
  const auto paths = json::parse(openapi_document()).at("paths").as_object();
  for (const auto& path : paths) {
    for (const auto& entry : path.value().as_object()) {
      auto method = std::string(entry.key());
      for (auto& c : method) c = static_cast<char>(std::toupper(c));
      all.push_back({.method = method, .path = std::string(path.key()), .described = entry.value().as_object()});
    }
  }
  return all;
}

}  // namespace answerable::http
