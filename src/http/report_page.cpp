// /report: where anybody complains of content, without sign-in and without scripts; /report/{token}: where it stands.
// The form carries a mark of ours that holds for two hours, so that nothing else fills it in; what it may do is bounded
// in policy/complaint.h.
#include <charconv>

#include "base/digest.h"
#include "base/encoding.h"
#include "http/html.h"
#include "http/reply.h"
#include "http/routes.h"
#include "policy/complaint.h"

namespace answerable::http {
namespace {

constexpr std::int64_t mark_ms = 2LL * 3'600'000;
constexpr std::size_t form_bytes_max = 64UL << 10;

struct Words {
  std::string_view language, title, text, name, address, object, object_hint, why, faith, send, received, number, state,
      waits, decided, reasons, policy, again, nothing, removed, measure, too_many;
  std::string_view mailed, wrong_name, wrong_address, wrong_object, wrong_text, wrong_faith;
};
constexpr Words english{
    "en",
    "Report content",
    "Has a message that was sent or is kept with this service harmed your rights, or is it unlawful? Tell us here. A "
    "person reads it and decides; you are told the decision and its reasons by mail.",
    "Your name (may be empty)",
    "Your mail address",
    "What it is about",
    "For instance the Message-ID or the date and sender of a mail, or the address where it is seen.",
    "Why it is unlawful or harms your rights",
    "What I write is true and complete to the best of my knowledge.",
    "Send the report",
    "We have received your report.",
    "Number",
    "Your report",
    "It waits for a person to decide.",
    "Decided",
    "Reasons",
    "Acceptable use",
    "This form is too old, or was not ours. Nothing was sent: please send it again.",
    "No measure is taken.",
    "The content was taken down.",
    "A measure was taken.",
    "Too many reports came from there: please write again tomorrow.",
    "You get a mail with a link to this page.",
    "Your name is one line of at most 100 characters, or empty.",
    "Write a mail address at which you can be answered, such as name@example.org.",
    "Say what it is about, in at most 500 characters.",
    "Say why, in at most 4,000 characters.",
    "Confirm that what you write is true to the best of your knowledge."};
constexpr Words french{
    "fr",
    "Signaler un contenu",
    "Un message envoyé ou conservé avec ce service porte-t-il atteinte à vos droits, ou est-il illicite ? Dites-le "
    "ici. Une personne le lit et décide ; vous recevez la décision et ses motifs par courriel.",
    "Votre nom (facultatif)",
    "Votre adresse de courriel",
    "De quoi il s’agit",
    "Par exemple le Message-ID ou la date et l’expéditeur d’un courriel, ou l’adresse où on le voit.",
    "Pourquoi c’est illicite ou porte atteinte à vos droits",
    "Ce que j’écris est exact et complet, autant que je sache.",
    "Envoyer le signalement",
    "Nous avons reçu votre signalement.",
    "Numéro",
    "Votre signalement",
    "Il attend la décision d’une personne.",
    "Décidé",
    "Motifs",
    "Utilisation acceptable",
    "Ce formulaire est trop ancien, ou n’était pas le nôtre. Rien n’a été envoyé : envoyez-le de nouveau.",
    "Aucune mesure n’est prise.",
    "Le contenu a été retiré.",
    "Une mesure a été prise.",
    "Trop de signalements en viennent : écrivez de nouveau demain.",
    "Vous recevez un courriel avec un lien vers cette page.",
    "Votre nom tient en une ligne de 100 caractères au plus, ou reste vide.",
    "Écrivez une adresse de courriel à laquelle on peut vous répondre, comme nom@exemple.org.",
    "Dites de quoi il s’agit, en 500 caractères au plus.",
    "Dites pourquoi, en 4 000 caractères au plus.",
    "Confirmez que ce que vous écrivez est exact, autant que vous sachiez."};

const Words& words_for(const net::Request& request) { return reader_language(request) == "fr" ? french : english; }

std::string seal(const Call& call, std::string_view what) {
  return to_hex(as_bytes(hmac_sha256(call.api.config.account_link_key, "complaint " + std::string(what))));
}

std::string make_mark(const Call& call) {
  const auto time = std::to_string(call.api.parts.clock.now().ms);
  return time + "." + seal(call, time);
}

bool is_our_mark(const Call& call, std::string_view mark) {
  const auto dot = mark.find('.');
  if (dot == std::string_view::npos) return false;
  std::int64_t made_ms = 0;
  const auto time = mark.substr(0, dot);
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), made_ms);
  const auto now_ms = call.api.parts.clock.now().ms;
  const bool is_fresh =
      error == std::errc() && end == time.data() + time.size() && made_ms <= now_ms && now_ms - made_ms < mark_ms;
  return is_fresh && equal_in_constant_time(seal(call, time), mark.substr(dot + 1));
}

struct Given {
  std::string name, address, object, text;
  bool is_in_good_faith = false;
};

// What is wrong with a form, and with which field; empty: with none of them.
struct Problem {
  std::string_view field, text;
};

Problem problem_of(const Words& words, const Error& error) {
  const std::array<Problem, 5> of_fields{{{"name", words.wrong_name},
                                          {"address", words.wrong_address},
                                          {"object", words.wrong_object},
                                          {"text", words.wrong_text},
                                          {"faith", words.wrong_faith}}};
  for (const auto& one : of_fields) {
    if (error.code == "bad_complaint_" + std::string(one.field)) return one;
  }
  return {.field = {}, .text = words.too_many};
}

struct Field {
  std::string_view name, label, value, kind;  // kind: of an input, or "textarea"
  std::size_t most = 0;                       // characters
  bool is_wrong = false;
};

// The first thing that is read out and typed in is what is wrong.
constexpr std::string_view wrong_mark = " aria-invalid=\"true\" aria-describedby=\"problem\" autofocus";

void write_field(Html& out, const Field& field) {
  out.raw("<label for=\"").raw(field.name).raw("\">").text(field.label).raw("</label>");
  const bool is_long = field.kind == "textarea";
  out.raw(is_long ? "<textarea rows=\"8\" id=\"" : "<input id=\"").raw(field.name);
  out.raw("\" name=\"").raw(field.name).raw("\"");
  if (field.name != "name") out.raw(" required");
  if (field.is_wrong) out.raw(wrong_mark);
  out.raw(" maxlength=\"").text(std::to_string(field.most)).raw("\"");
  if (is_long) {
    out.raw(">").text(field.value).raw("</textarea>");
    return;
  }
  out.raw(" type=\"").raw(field.kind).raw("\" value=\"").text(field.value).raw("\">");
}

std::string form_page(const Call& call, const Words& words, const Given& given, const Problem& problem) {
  const auto is_wrong = [&](std::string_view field) { return problem.field == field; };
  Html out;
  out.begin(words.language, words.title);
  out.raw("<main><h1>").text(words.title).raw("</h1>");
  if (!problem.text.empty())
    out.raw("<p role=\"alert\" id=\"problem\"><strong>").text(problem.text).raw("</strong></p>");
  out.element("p", words.text);
  out.raw("<form method=\"post\" action=\"/report?lang=").raw(words.language).raw("\">");
  out.raw("<input type=\"hidden\" name=\"mark\" value=\"").text(make_mark(call)).raw("\">");
  write_field(out, {"name", words.name, given.name, "text", policy::complaint_name_bytes_max / 2, is_wrong("name")});
  write_field(out, {"address", words.address, given.address, "email", 254, is_wrong("address")});
  write_field(
      out, {"object", words.object, given.object, "text", policy::complaint_object_bytes_max / 2, is_wrong("object")});
  out.raw("<p class=\"small\">").text(words.object_hint).raw("</p>");
  write_field(out, {"text", words.why, given.text, "textarea", policy::complaint_text_bytes_max / 2, is_wrong("text")});
  out.raw("<p><label for=\"faith\"><input class=\"tick\" type=\"checkbox\" id=\"faith\" name=\"faith\" value=\"yes\"");
  if (is_wrong("faith")) out.raw(wrong_mark);
  out.raw(given.is_in_good_faith ? " checked required> " : " required> ").text(words.faith).raw("</label></p>");
  out.raw("<button type=\"submit\">").text(words.send).raw("</button></form>");
  out.raw("<p class=\"small\"><a href=\"/acceptable-use?lang=").raw(words.language).raw("\">").text(words.policy);
  out.raw("</a></p></main>");
  return out.take();
}

std::string state_page(const Words& words, const policy::Complaint& complaint, bool is_new) {
  Html out;
  out.begin(words.language, words.state);
  out.raw("<main><h1>").text(words.state).raw("</h1>");
  if (is_new) out.raw("<p role=\"status\"><strong>").text(words.received).raw("</strong></p>");
  if (is_new) out.element("p", words.mailed);
  out.raw("<p>").text(words.number).raw(" ").text(std::to_string(complaint.number)).raw(", ");
  out.text(to_rfc3339(complaint.made_at, true).substr(0, 10)).raw(": ").text(complaint.object).raw("</p>");
  if (!complaint.decided_at) {
    out.element("p", words.waits);
  } else {
    const auto outcome = complaint.outcome == "removed"   ? words.removed
                         : complaint.outcome == "measure" ? words.measure
                                                          : words.nothing;
    out.raw("<h2>").text(words.decided).raw("</h2>").element("p", outcome);
    out.raw("<h2>").text(words.reasons).raw("</h2><p class=\"pieces\">").text(complaint.reasons).raw("</p>");
  }
  out.raw("</main>");
  return out.take();
}

// A form's fields as those of a query: the same encoding.
Given read_given(const net::Request& form) {
  const auto field = [&](std::string_view name) { return form.query_parameter(name).value_or(""); };
  std::string text;
  for (const char c : field("text"))
    if (c != '\r') text += c;
  return {.name = field("name"),
          .address = field("address"),
          .object = field("object"),
          .text = std::move(text),
          .is_in_good_faith = field("faith") == "yes"};
}

Result<net::Response> show_form(Call& call) { return html_response(form_page(call, words_for(call.request), {}, {})); }

net::Response refused(net::Response page, int status) {
  page.status = status;
  return page;
}

Result<net::Response> take_form(Call& call) {
  const auto& words = words_for(call.request);
  net::Request form;
  form.query = call.request.body;
  const auto given = read_given(form);
  if (!is_our_mark(call, form.query_parameter("mark").value_or("")))
    return refused(html_response(form_page(call, words, given, {.field = {}, .text = words.again})), 422);
  const auto filed = call.api.database().write([&](store::Transaction& tx) {
    return policy::file_complaint(tx,
                                  {.name = given.name,
                                   .address = given.address,
                                   .object = given.object,
                                   .text = given.text,
                                   .language = std::string(words.language),
                                   .is_in_good_faith = given.is_in_good_faith,
                                   .peer = seal(call, call.request.peer_address)},
                                  call.api.config.public_url + "/report/");
  });
  if (filed) return html_response(state_page(words, filed->complaint, true));
  const auto& error = filed.error();
  if (error.kind != ErrorKind::invalid && error.kind != ErrorKind::limited) return std::unexpected(error);
  const bool is_limited = error.kind == ErrorKind::limited;
  return refused(html_response(form_page(call, words, given, problem_of(words, error))), is_limited ? 429 : 422);
}

Result<net::Response> show_state(Call& call) {
  const auto token = std::string(call.request.path_parameter("token"));
  TRY(const auto complaint,
      call.api.database().query([&](store::Session& session) { return policy::load_complaint(session, token); }));
  auto response = html_response(state_page(complaint.language == "fr" ? french : english, complaint, false));
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

using Page = Result<net::Response> (*)(Call&);

net::Response answer(ApiContext& api, const net::Request& request, Page page) {
  // What is asked here needs no credential and gets little: the class of signing in, which counts by address.
  const Guard guard{.needs = Needs::nobody(), .rate = RateClass::sign_in, .body = BodyKind::raw};
  Call call{.api = api, .request = request};
  const auto admission = admit(call, guard);
  const auto refuse = [&](const Error& error) {
    return html_refusal(finish(call, guard, admission, std::unexpected(error)), words_for(request).language);
  };
  if (!admission.status) return refuse(admission.status.error());
  auto made = page(call);
  if (!made) return refuse(made.error());
  made->headers.set("Cache-Control", "no-store");
  return *std::move(made);
}

}  // namespace

void add_report_pages(net::Router& router, ApiContext& api) {
  const auto add = [&](std::string_view method, std::string_view path, Page page, std::size_t bytes) {
    router.add(method, path, [&api, page](const net::Request& request) { return answer(api, request, page); },
               {.max_body_bytes = bytes});
  };
  add("GET", "/report", show_form, 0);
  add("POST", "/report", take_form, form_bytes_max);
  add("GET", "/report/{token}", show_state, 0);
}

}  // namespace answerable::http
