// The public pages of the policy, which need neither sign-in nor scripts: /acceptable-use (the version in force),
// /acceptable-use/N, and /acceptable-use/N/compare/M. In English or French, as the browser asks or ?lang= says.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "http/html.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/difference.h"
#include "policy/ladder.h"
#include "policy/sentences.h"
#include "policy/version.h"

namespace answerable::http {
namespace {

struct Words {
  std::string_view language, title, version, in_force_since, in_force_from, all, compare, added, removed, changed, same,
      rules, no_rule, not_yet, class_of, report, from_violation, within, days, as_named, colon;
};
constexpr Words english{"en",
                        "Acceptable use",
                        "Version",
                        "in force since",
                        "in force from",
                        "All versions",
                        "What changed",
                        "added",
                        "removed",
                        "changed",
                        "unchanged",
                        "Rules",
                        "(none)",
                        "There is no policy yet.",
                        "Class of use",
                        "Report content",
                        "From violation",
                        "counted within",
                        "days",
                        "Rules, as the terms of an agreement name them",
                        ": "};
constexpr Words french{"fr",
                       "Utilisation acceptable",
                       "Version",
                       "en vigueur depuis le",
                       "en vigueur à partir du",
                       "Toutes les versions",
                       "Ce qui a changé",
                       "ajouté",
                       "supprimé",
                       "modifié",
                       "inchangé",
                       "Règles",
                       "(aucune)",
                       "Il n’y a pas encore de politique.",
                       "Classe d’usage",
                       "Signaler un contenu",
                       "Dès l’infraction",
                       "comptées sur",
                       "jours",
                       "Règles, telles que les nomment les clauses d’un contrat",
                       " : "};

const Words& words_for(const net::Request& request) { return reader_language(request) == "fr" ? french : english; }

// In words, as people write it: "14 November 2023", "1er novembre 2023".
std::string day_of(Time time, const Words& words) {
  constexpr std::array<std::array<std::string_view, 12>, 2> months{
      {{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December"},
       {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre"}}};
  const bool is_french = words.language == french.language;
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(std::chrono::sys_time(std::chrono::milliseconds(time.ms))));
  const auto day = static_cast<unsigned>(date.day());
  return fmt::format("{}{} {} {}", day, is_french && day == 1 ? "er" : "",
                     months[is_french ? 1 : 0][static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

std::string path_of(std::int64_t number, const Words& words) {
  return "/acceptable-use/" + std::to_string(number) + "?lang=" + std::string(words.language);
}

void write_paragraphs(Html& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    out.element("p", text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
}

// "From violation 1: warning · 3: hold · 5: suspension (sending), counted within 90 days"; nothing of a clause without.
void write_measures(Html& out, const policy::Clause& clause, const Words& words) {
  const auto ladder = policy::parse_ladder(policy::find_rule(clause, "ladder"));
  if (!ladder) return;
  using policy::sentences::name_of;
  const auto in_words = [&](const policy::Sentence& name) { return policy::Saying(name).in(words.language); };
  out.raw("<p>").text(words.from_violation);
  for (const auto& step : *ladder) {
    out.raw(step == ladder->front() ? " " : " · ").text(std::to_string(step.count));
    out.raw(words.colon).text(in_words(name_of(step.kind)));
    if (policy::has_scope(step.kind)) out.raw(" (").text(in_words(name_of(step.scope))).raw(")");
  }
  const auto days = policy::find_rule(clause, "window_days");
  if (!days.empty()) out.raw(", ").text(words.within).raw(" ").text(days).raw(" ").text(words.days);
  out.raw("</p>");
}

void write_clause(Html& out, const policy::Clause& clause, const Words& words) {
  const auto& text = policy::text_in(clause, words.language);
  out.raw("<section id=\"").text(clause.id).raw("\"><h2>").text(text.title).raw("</h2>");
  write_paragraphs(out, text.body);
  write_measures(out, clause, words);
  out.raw("<details class=\"small\"><summary>").text(words.as_named).raw("</summary><p><code>").text(clause.id);
  out.raw("</code>");
  if (clause.use_class > 0) out.raw(" · ").text(words.class_of).raw(" ").text(std::to_string(clause.use_class));
  for (const auto& rule : clause.rules) out.raw(" · ").text(rule.name).raw(": ").text(rule.value);
  out.raw("</p></details></section>");
}

void write_list(Html& out, const std::vector<policy::VersionHead>& all, Time now, const Words& words) {
  out.raw("<nav aria-label=\"").text(words.all).raw("\"><h2>").text(words.all).raw("</h2><ul>");
  for (const auto& head : all) {
    const auto since = head.effective_at.value_or(Time{});
    out.raw("<li><a href=\"").text(path_of(head.number, words)).raw("\">").text(words.version).raw(" ");
    out.text(std::to_string(head.number)).raw("</a>, ");
    out.text(since <= now ? words.in_force_since : words.in_force_from).raw(" ").text(day_of(since, words));
    if (!head.summary.empty()) out.raw(". ").text(head.summary);
    if (head.number > 1) {
      out.raw(" <a href=\"/acceptable-use/").text(std::to_string(head.number - 1)).raw("/compare/");
      out.text(std::to_string(head.number)).raw("?lang=").text(words.language).raw("\">");
      out.text(words.compare).raw("</a>");
    }
    out.raw("</li>");
  }
  out.raw("</ul></nav>");
}

std::string version_page(const policy::Version& version, const std::vector<policy::VersionHead>& all, Time now,
                         const Words& words) {
  Html out;
  out.begin(words.language, words.title);
  out.raw("<main><h1>").text(words.title).raw("</h1><p>").text(words.version).raw(" ");
  out.text(std::to_string(version.head.number)).raw(", ");
  const auto since = version.head.effective_at.value_or(Time{});
  out.text(since <= now ? words.in_force_since : words.in_force_from).raw(" ").text(day_of(since, words)).raw("</p>");
  for (const auto& clause : version.clauses) write_clause(out, clause, words);
  write_list(out, all, now, words);
  out.raw("<p><a href=\"/report?lang=").raw(words.language).raw("\">").text(words.report).raw("</a></p></main>");
  return out.take();
}

void write_pieces(Html& out, const std::vector<policy::Piece>& pieces) {
  for (const auto& piece : pieces) {
    const std::string_view mark = piece.change == policy::Change::added     ? "ins"
                                  : piece.change == policy::Change::removed ? "del"
                                                                            : "";
    mark.empty() ? out.text(piece.text) : out.element(mark, piece.text);
  }
}

std::string_view kind_word(policy::ClauseDifference::Kind kind, const Words& words) {
  using Kind = policy::ClauseDifference::Kind;
  switch (kind) {
    case Kind::same: return words.same;
    case Kind::changed: return words.changed;
    case Kind::added: return words.added;
    case Kind::removed: return words.removed;
  }
  return words.same;
}

std::string difference_page(const policy::Version& before, const policy::Version& after, const Words& words) {
  Html out;
  out.begin(words.language, words.compare);
  out.raw("<main><h1>").text(words.compare).raw("</h1><p>");
  for (const auto* one : {&before, &after}) {
    if (one == &after) out.raw(" → ");
    out.raw("<a href=\"").text(path_of(one->head.number, words)).raw("\">").text(words.version).raw(" ");
    out.text(std::to_string(one->head.number)).raw("</a>");
  }
  out.raw("</p>");
  for (const auto& clause : policy::difference(before.clauses, after.clauses, words.language)) {
    out.raw("<section><h2>");
    write_pieces(out, clause.title);
    out.raw("</h2><p class=\"small\"><code>").text(clause.id).raw("</code> · ");
    out.text(kind_word(clause.kind, words)).raw("</p><p class=\"pieces\">");
    write_pieces(out, clause.body);
    out.raw("</p>");
    for (const auto& rule : clause.rules) {
      out.raw("<p class=\"small\">").text(rule.name).raw(": <del>");
      out.text(rule.before.empty() ? words.no_rule : rule.before).raw("</del> <ins>");
      out.text(rule.after.empty() ? words.no_rule : rule.after).raw("</ins></p>");
    }
    out.raw("</section>");
  }
  out.raw("</main>");
  return out.take();
}

// 0: it is no number of a version.
std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= policy::versions_max ? number : 0;
}

Result<std::string> current(Call& call, const Words& words) {
  return call.api.database().query([&](store::Session& session) -> Result<std::string> {
    const auto asked = call.request.path_parameter("number");
    TRY(const auto in_force, policy::version_in_force(session, session.now()));
    TRY(const auto version, policy::load_version(session, asked.empty() ? in_force : number_of(asked)));
    TRY(const auto all, policy::published_versions(session));
    return version_page(version, all, session.now(), words);
  });
}

Result<std::string> compared(Call& call, const Words& words) {
  return call.api.database().query([&](store::Session& session) -> Result<std::string> {
    TRY(const auto before, policy::load_version(session, number_of(call.request.path_parameter("number"))));
    TRY(const auto after, policy::load_version(session, number_of(call.request.path_parameter("other"))));
    return difference_page(before, after, words);
  });
}

using Page = Result<std::string> (*)(Call&, const Words&);

net::Response answer(ApiContext& api, const net::Request& request, Page page) {
  constexpr Guard guard{.needs = Needs::nobody()};
  Call call{.api = api, .request = request};
  const auto admission = admit(call, guard);
  const auto& words = words_for(request);
  const auto refuse = [&](const Error& error) {
    return html_refusal(finish(call, guard, admission, std::unexpected(error)), words.language);
  };
  if (!admission.status) return refuse(admission.status.error());
  auto text = page(call, words);
  if (!text) return refuse(text.error());
  return html_response(*std::move(text));
}

}  // namespace

void add_policy_pages(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view path, Page page) {
    router.add("GET", path, [&api, page](const net::Request& request) { return answer(api, request, page); },
               {.max_body_bytes = 0});
  };
  add("/acceptable-use", current);
  add("/acceptable-use/{number}", current);
  add("/acceptable-use/{number}/compare/{other}", compared);
}

}  // namespace answerable::http
