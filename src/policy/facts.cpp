#include "policy/facts.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "policy/saying.h"

namespace answerable::policy {
namespace {

// What controls say of what they have found; each in the words of the file named before it. Of two that begin alike the
// longer one is first.
constexpr Sentence sentences[] = {
    // policy/payment.cpp
    {"The order to pay {0} ({1}) was due on {2} and is not paid.",
     "L’ordre de paiement {0} ({1}) était dû le {2} et n’est pas payé."},
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
     "between "
     "them, the last time {1} km within {2} minutes. The person was asked to confirm before.",
     "{0} fois en un jour, deux sessions de cette personne ont été utilisées à la main depuis des lieux trop éloignés "
     "pour le temps écoulé, la dernière fois {1} km en {2} minutes. Il lui avait été demandé de confirmer."},
    {"{0} times within an hour one session went back and forth between two networks and browsers. The person was asked "
     "to confirm before.",
     "{0} fois en une heure, une session est passée d’un réseau et d’un navigateur à l’autre et retour. Il avait été "
     "demandé à la personne de confirmer."},
};

// What stands within them: access/attempts.cpp, http/watch.cpp, policy/judge_content.cpp.
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

std::string in_french(std::string_view facts) {
  for (const auto& one : sentences) {
    const auto found = read(one.english, facts);
    if (!found) continue;
    std::vector<Saying> filled_in;
    for (const auto value : found->filled_in) {
      const bool is_said_by = one.english.starts_with("By ") && filled_in.size() == 1;  // whose facts follow
      filled_in.emplace_back(is_said_by ? in_french(value) : part_in_french(value));
    }
    auto text = Saying(one, std::move(filled_in)).in("fr");
    if (found->rest.empty()) return text;
    const auto gap = std::min(found->rest.find_first_not_of(" \n"), found->rest.size());
    return text.append(found->rest.substr(0, gap)).append(in_french(found->rest.substr(gap)));
  }
  return part_in_french(facts);
}

}  // namespace

std::string facts_in(std::string_view language, std::string_view facts) {
  return language == "fr" ? in_french(facts) : std::string(facts);
}

}  // namespace answerable::policy
