#include "policy/facts.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "policy/clause.h"
#include "policy/saying.h"
#include "policy/sentences.h"

namespace answerable::policy {
namespace {

// What controls say of what they have found; each in the words of the file named before it. Of two that begin alike the
// longer one is first.
constexpr Sentence sentences[] = {
    // policy/payment.cpp
    {"The order to pay {0} ({1}) was due on {2} and is not paid.",
     "L’ordre de paiement {0} ({1}) était dû le {2} et n’est pas payé."},
    // policy/appeal.cpp
    {"Appeal reversed: {0}", "Mesure annulée en appel : {0}"},
    // policy/judge_content.cpp
    {"The rule \"{0}\" found in an outgoing message: {1}", "La règle « {0} » a trouvé dans un message sortant : {1}"},
    // app/malware_scanner.cpp
    {"A reply was to leave with malware: {0}.", "Une réponse allait partir avec un logiciel malveillant : {0}."},
    // policy/traffic.cpp
    {"Channel {0}: {1} messages arrived within ten minutes; more than a channel without a baseline, or with little "
     "traffic, may have.",
     "Canal {0} : {1} messages sont arrivés en dix minutes ; plus que ne peut en avoir un canal sans référence, ou de "
     "faible trafic."},
    {"Channel {0}: {1} messages were written within ten minutes; more than a channel without a baseline, or with "
     "little traffic, may have.",
     "Canal {0} : {1} messages ont été écrits en dix minutes ; plus que ne peut en avoir un canal sans référence, ou "
     "de faible trafic."},
    {"Channel {0}: {1} messages arrived within the last minute, where about {2} are usual at this time of the week.",
     "Canal {0} : {1} messages sont arrivés dans la dernière minute, où {2} environ sont habituels à cette heure de la "
     "semaine."},
    {"Channel {0}: {1} messages were written within the last minute, where about {2} are usual at this time of the "
     "week.",
     "Canal {0} : {1} messages ont été écrits dans la dernière minute, où {2} environ sont habituels à cette heure de "
     "la semaine."},
    {"{0} messages of the workspace wait that should have left a minute ago.",
     "{0} messages de l’espace attendent, qui auraient dû partir il y a une minute."},
    {"Of {0} messages within ten minutes {1} could not be delivered.",
     "Sur {0} messages en dix minutes, {1} n’ont pu être remis."},
    // http/watch.cpp, access/attempts.cpp
    {"{0} times within {1}: {2}. By: {3}. The last was {4} {5}.",
     "{0} fois en {1} : {2}. Par : {3}. Le dernier était {4} {5}."},
    {"The last was the key {0}… ({1}) of the application {2}.",
     "Le dernier était la clé {0}… ({1}) de l’application {2}."},
    {"The last was for an account of this workspace.", "Le dernier visait un compte de cet espace."},
    // http/report_resource.cpp; the name of who reported is the rest, dots and all
    {"A message of a customer, of {0} UTC, in the conversation no. {1}. Reported by {2}",
     "Un message d’un client, du {0} UTC, dans la conversation n° {1}. Signalé par {2}"},
    {"A message of the workspace, of {0} UTC, in the conversation no. {1}. Reported by {2}",
     "Un message de l’espace, du {0} UTC, dans la conversation n° {1}. Signalé par {2}"},
    {"The conversation no. {0} of the channel {1}. Reported by {2}",
     "La conversation n° {0} du canal {1}. Signalé par {2}"},
    {"A channel of the kind {0}. Reported by {1}", "Un canal du genre {0}. Signalé par {1}"},
    {"A person of the workspace. Reported by {0}", "Une personne de l’espace. Signalé par {0}"},
    // http/watch_use.cpp
    {"By the API key {0}: {1}", "Par la clé d’API {0} : {1}"},
    {"By {0}: {1}", "Par {0} : {1}"},
    {"{0} different things were opened within this hour and {1} within a day; usual for this role are up to {2} an "
     "hour and {3} a day.",
     "{0} choses différentes ont été ouvertes en cette heure et {1} en un jour ; pour ce rôle, jusqu’à {2} par heure "
     "et {3} par jour sont habituelles."},
    {"{0} different things were opened within this hour and {1} within a day; usual for this kind of program are up to "
     "{2} an hour and {3} a day.",
     "{0} choses différentes ont été ouvertes en cette heure et {1} en un jour ; pour ce genre de programme, jusqu’à "
     "{2} par heure et {3} par jour sont habituelles."},
    {"{0} times within a day two sessions of this person were used by hand within {1} seconds, from different networks "
     "and with different browsers. The person was asked to confirm before.",
     "{0} fois en un jour, deux sessions de cette personne ont été utilisées à la main à moins de {1} secondes, depuis "
     "des réseaux et avec des navigateurs différents. Il lui avait été demandé de confirmer."},
    {"{0} times within a day two sessions of this person were used by hand at places too far apart for the time "
     "between them, the last time {1} km within {2} minutes. The person was asked to confirm before.",
     "{0} fois en un jour, deux sessions de cette personne ont été utilisées à la main depuis des lieux trop éloignés "
     "pour le temps écoulé, la dernière fois {1} km en {2} minutes. Il lui avait été demandé de confirmer."},
    {"{0} times within an hour one session went back and forth between two networks and browsers. The person was asked "
     "to confirm before.",
     "{0} fois en une heure, une session est passée d’un réseau et d’un navigateur à l’autre et retour. Il avait été "
     "demandé à la personne de confirmer."},
};

// policy/statement.cpp, of AppliedRule::citation(): what is stopped under which rule, the facts and the cure.
constexpr Sentence reasons[] = {
    {"Clause {0}, version {1}: {2}", "Article {0}, version {1} : {2}"},
    {"Clause {0}, term of the agreement (version {1}): {2}", "Article {0}, terme du contrat (version {1}) : {2}"},
};

// What stands within them: access/attempts.cpp, http/watch.cpp, policy/judge_content.cpp; a rule, policy/agreement.cpp.
constexpr Sentence parts[] = {
    {"a password, code or link was not right", "un mot de passe, un code ou un lien n’était pas le bon"},
    {"an id that does not exist, or the address of a person, was asked for",
     "un identifiant qui n’existe pas, ou l’adresse d’une personne, a été demandé"},
    {"a path that does not exist was asked for", "un chemin qui n’existe pas a été demandé"},
    {"something of another workspace was asked for by its id",
     "quelque chose d’un autre espace a été demandé par son identifiant"},
    {"a key came that has ended or is none of ours", "une clé est venue qui a pris fin ou n’est pas des nôtres"},
    {"something was tried that the role or key does not allow",
     "quelque chose a été tenté que le rôle ou la clé ne permet pas"},
    {"a program used a key whose application is not approved, or no longer",
     "un programme a utilisé une clé dont l’application n’est pas approuvée, ou ne l’est plus"},
    {"a second", "une seconde"},
    {"{0} seconds", "{0} secondes"},
    {"{0} minutes", "{0} minutes"},
    {"the network {0}", "le réseau {0}"},
    {"the API key {0}", "la clé d’API {0}"},
    {"everything by this person", "tout de cette personne"},
    {"{0}, term of the agreement (version {1})", "{0}, terme du contrat (version {1})"},
};

struct Found {
  std::vector<std::string_view> filled_in;
  std::string_view rest;  // after it
};

// The sentence at the front of the text. What is filled in ends where the next words of the sentence are; at its end,
// with the text.
std::optional<Found> read(std::string_view sentence, std::string_view text) {
  Found found{.filled_in = {}, .rest = text};
  while (!sentence.empty()) {
    const auto gap = sentence.find('{');
    const auto words = sentence.substr(0, gap);
    if (!found.rest.starts_with(words)) return std::nullopt;
    found.rest.remove_prefix(words.size());
    if (gap == std::string_view::npos) break;
    sentence.remove_prefix(gap + 3);
    const auto next = sentence.substr(0, sentence.find('{'));
    const auto end = next.empty() ? found.rest.size() : found.rest.find(next);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    found.filled_in.push_back(found.rest.substr(0, end));
    found.rest.remove_prefix(end);
  }
  return found;
}

std::string part_in_french(std::string_view part) {
  for (const auto& one : parts) {
    const auto found = read(one.english, part);
    if (!found || !found->rest.empty()) continue;
    std::vector<Saying> filled_in;
    for (const auto value : found->filled_in) filled_in.emplace_back(std::string(value));
    return Saying(one, std::move(filled_in)).in("fr");
  }
  return std::string(part);
}

std::string in_french(std::string_view facts);

// The facts of a measure, and behind them how to cure it.
std::string cured_in_french(std::string_view text) {
  for (const auto kind : measure_kinds) {
    const auto& cure = sentences::cure_of(kind);
    if (!text.ends_with(cure.english)) continue;
    const auto facts = text.substr(0, text.size() - cure.english.size());
    const auto end = facts.find_last_not_of(' ') + 1;
    return in_french(facts.substr(0, end)).append(facts.substr(end)).append(cure.french);
  }
  return in_french(text);
}

std::optional<std::string> reason_in_french(std::string_view text) {
  for (const auto& one : reasons) {
    const auto found = read(one.english, text);
    if (!found || !is_snake_case(found->filled_in[0])) continue;
    return Saying(one, {std::string(found->filled_in[0]), std::string(found->filled_in[1]),
                        cured_in_french(found->filled_in[2])})
        .in("fr");
  }
  return std::nullopt;
}

std::string paragraph_in_french(std::string_view facts) {
  for (const auto& one : sentences) {
    const auto found = read(one.english, facts);
    if (!found) continue;
    std::vector<Saying> filled_in;
    for (const auto value : found->filled_in) {
      const bool is_said_by = one.english.starts_with("By ") && filled_in.size() == 1;  // whose facts follow
      filled_in.emplace_back(is_said_by ? paragraph_in_french(value) : part_in_french(value));
    }
    auto text = Saying(one, std::move(filled_in)).in("fr");
    if (found->rest.empty()) return text;
    const auto gap = std::min(found->rest.find_first_not_of(" \n"), found->rest.size());
    return text.append(found->rest.substr(0, gap)).append(paragraph_in_french(found->rest.substr(gap)));
  }
  return part_in_french(facts);
}

// What people have written stands before what is ours, in paragraphs of its own.
std::string in_french(std::string_view facts) {
  std::string text;
  while (true) {
    const auto end = facts.find("\n\n");
    text += paragraph_in_french(facts.substr(0, end));
    if (end == std::string_view::npos) return text;
    text += "\n\n";
    facts.remove_prefix(end + 2);
  }
}

}  // namespace

std::string facts_in(std::string_view language, std::string_view facts) {
  if (language != "fr") return std::string(facts);
  return reason_in_french(facts).value_or(in_french(facts));
}

}  // namespace answerable::policy
