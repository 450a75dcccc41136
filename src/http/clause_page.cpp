#include "http/clause_page.h"

#include <algorithm>

#include "http/reply.h"
#include "policy/control.h"

namespace answerable::http {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

void write_figures(JsonWriter& out, const policy::ClauseFigures& one) {
  out.begin_object().member("clause", one.clause).member("violations", one.violations).member("warn", one.warn);
  out.member("hold", one.hold).member("limit", one.limit).member("block", one.block).member("suspend", one.suspend);
  out.member("dismissed", one.dismissed).member("last_at", one.last_at);
  out.text_or_null("last_control", one.last_control).text_or_null("last_facts", one.last_facts).end_object();
}

void write_control(JsonWriter& out, const policy::Control& control, const std::vector<policy::ControlTest>& tests) {
  out.begin_object().member("name", control.name).member("clause", control.clause).member("what", control.what);
  const auto test = std::ranges::find(tests, control.name, &policy::ControlTest::control);
  out.key("last_test");
  if (test == tests.end()) {
    out.null();
  } else {
    out.begin_object().member("at", test->at).member("ok", test->is_ok);
    out.text_or_null("detail", test->detail).end_object();
  }
  out.end_object();
}

}  // namespace

Result<net::Response> clause_page(Call& call, std::optional<WorkspaceId> workspace) {
  TRY_STATUS(check_query(call, {"days"}));
  TRY(const auto days, query_number(call, "days", 30, figure_days_max));
  return call.api.database().query([&](store::Session& session) -> Result<net::Response> {
    TRY(const auto figures, policy::clause_figures(session, session.now() - days * day_ms, workspace));
    TRY(const auto tests, policy::control_tests(session));
    JsonWriter out(8192);
    out.begin_object().key("figures").begin_array();
    for (const auto& one : figures) write_figures(out, one);
    out.end_array().key("controls").begin_array();
    for (const auto& control : call.api.config.controls) write_control(out, control, tests);
    out.end_array().end_object();
    return json_response(200, out);
  });
}

}  // namespace answerable::http
