// The policy and what follows from it, as the API names it.
#pragma once

#include <string>
#include <vector>

#include "http/json_reader.h"
#include "http/json_writer.h"
#include "policy/agreement.h"
#include "policy/appeal.h"
#include "policy/payment.h"
#include "policy/two_person.h"
#include "policy/version.h"
#include "policy/violation.h"

namespace answerable::http {

void write_head(JsonWriter& out, const policy::VersionHead& head);
void write_version(JsonWriter& out, const policy::Version& version);
// "clauses" of a draft; what is wrong is noted in `body`.
std::vector<policy::Clause> read_clauses(JsonReader& body);

void write_suspension(JsonWriter& out, const policy::Suspension& suspension, std::string_view language);
void write_agreement(JsonWriter& out, const policy::Agreement& agreement);
// All but the workspace and what it accepted.
policy::Agreement read_agreement(JsonReader& body);
// The facts of a control are told in `language`, which is reader_language()'s.
void write_measure(JsonWriter& out, const policy::Measure& measure, const std::vector<policy::Appeal>& appeals,
                   std::string_view language);
void write_appeal(JsonWriter& out, const policy::Appeal& appeal);
void write_order(JsonWriter& out, const policy::Order& order);
void write_request(JsonWriter& out, const policy::TwoPersonRequest& request, std::string_view workspace_name,
                   std::string_view language);

// {"items": […], "total": N, "total_is_exact": true, "next_cursor": null}: a list that comes whole.
template <class List, class Write>
void write_whole(JsonWriter& out, const List& list, Write&& write) {
  out.begin_object().key("items").begin_array();
  for (const auto& one : list) write(out, one);
  out.end_array().member("total", static_cast<std::int64_t>(list.size())).member("total_is_exact", true);
  out.key("next_cursor").null().end_object();
}

}  // namespace answerable::http
