#include "policy/facts.h"

#include <doctest/doctest.h>

#include "policy/sentences.h"
#include "policy/statement.h"
#include "policy/traffic.h"

namespace answerable::policy {
namespace {

TEST_CASE("what a control has recorded is told in French, with what stands in it") {
  CHECK(facts_in("fr", "The order to pay R-7 (10 EUR) was due on 2023-11-20T00:00:00Z and is not paid.") ==
        "L’ordre de paiement R-7 (10 EUR) était dû le 2023-11-20T00:00:00Z et n’est pas payé.");
  CHECK(facts_in("fr",
                 "By Zoe: 900 different things were opened within this hour and 2000 within a day; usual for "
                 "this role are up to 40 an hour and 300 a day.") ==
        "Par Zoe : 900 choses différentes ont été ouvertes en cette heure et 2000 en un jour ; pour ce rôle, jusqu’à "
        "40 par heure et 300 par jour sont habituelles.");
}

TEST_CASE("sentences that follow each other are told one by one, and parts within them too") {
  CHECK(facts_in("fr",
                 "30 times within 58 seconds: a path that does not exist was asked for. By: the network "
                 "198.51.100.0/24. The last was GET elsewhere. The last was for an account of this workspace.") ==
        "30 fois en 58 secondes : un chemin qui n’existe pas a été demandé. Par : le réseau 198.51.100.0/24. Le "
        "dernier était GET elsewhere. Le dernier visait un compte de cet espace.");
}

TEST_CASE("every fact about traffic, as it is made, is known in French") {
  Spike spike;
  for (const auto way : {Way::inbound, Way::outbound}) {
    for (const bool by_cap : {true, false}) {
      spike.by_cap = by_cap;
      const auto facts = facts_of({.workspace = {}, .channel = {}, .way = way}, spike);
      for (const auto& more : {SecondSignal{.overdue = 1'000'000}, SecondSignal{.settled = 1'000, .failed = 1'000}}) {
        const auto all = facts + " " + confirmation(more, TrafficRules{});
        CAPTURE(all);
        const auto french = facts_in("fr", all);
        CHECK(french.find("Canal ") == 0);
        CHECK(french.find(" messages de l’espace attendent") + 1 + (french.find("Sur 1000 messages") + 1) > 0);
        CHECK(french.find(" within ") == std::string::npos);
      }
    }
  }
}

TEST_CASE("why something is stopped is told in French: the rule, the facts and the cure") {
  Measure measure;
  measure.clause = "payment";
  measure.version = 3;
  measure.facts = "The order to pay R-7 (10 EUR) was due on 2023-11-20 and is not paid.";
  for (const auto kind : measure_kinds) {
    measure.kind = kind;
    CHECK(facts_in("en", short_reason(measure)) == short_reason(measure));
    CHECK(facts_in("fr", short_reason(measure)) ==
          "Article payment, version 3 : L’ordre de paiement R-7 (10 EUR) était dû le 2023-11-20 et n’est pas payé. " +
              std::string(sentences::cure_of(kind).french));
  }
  // An excerpt goes to the end of its facts and no further.
  measure.facts = "The rule \"no cards\" found in an outgoing message: my number is 4111";
  measure.is_term = true;
  CHECK(facts_in("fr", short_reason(measure)) ==
        "Article payment, terme du contrat (version 3) : La règle « no cards » a trouvé dans un message sortant : my "
        "number is 4111 " +
            std::string(sentences::cure_of(measure.kind).french));
  CHECK(facts_in("fr", measure.rule()) == "payment, terme du contrat (version 3)");
  CHECK(facts_in("fr", "Appeal reversed: It was a mistake.") == "Mesure annulée en appel : It was a mistake.");
  for (const auto* of_a_person : {"Clause by clause, version 2: an order of a court.", "Clause no_bulk", "So."})
    CHECK(facts_in("fr", of_a_person) == of_a_person);
}

TEST_CASE("what is ours behind the words of a person is told in French, and those stay") {
  CHECK(facts_in("fr", "He sells it.\n\nThe conversation no. 5 of the channel a.b. Reported by J. Doe.") ==
        "He sells it.\n\nLa conversation n° 5 du canal a.b. Signalé par J. Doe.");
  CHECK(facts_in("fr",
                 "Look.\n\nA message of a customer, of 2023-11-20 08:00 UTC, in the conversation no. 7. Reported "
                 "by Zoe.\n\nAgain.\n\nA person of the workspace. Reported by Ann.") ==
        "Look.\n\nUn message d’un client, du 2023-11-20 08:00 UTC, dans la conversation n° 7. Signalé par "
        "Zoe.\n\nAgain.\n\nUne personne de l’espace. Signalé par Ann.");
  CHECK(facts_in("fr", "Clause no_spam, version 2: Seen twice.\n\nA channel of the kind email. Reported by Zoe. " +
                           std::string(sentences::cure_of(MeasureKind::warn).english)) ==
        "Article no_spam, version 2 : Seen twice.\n\nUn canal du genre email. Signalé par Zoe. " +
            std::string(sentences::cure_of(MeasureKind::warn).french));
}

TEST_CASE("words of people, and what is in no sentence of ours, stay as they are") {
  for (const auto* words : {"Somebody wrote to me at night.", "", "The rule \"", "{0} times within {1}", "By "})
    CHECK(facts_in("fr", words) == words);
  CHECK(facts_in("fr", "He asks: why?\n\nThe order to pay nothing.") == "He asks: why?\n\nThe order to pay nothing.");
  const auto* said = "The rule \"no cards\" found in an outgoing message: By Zoe: a reply was to leave";
  CHECK(facts_in("fr", said) ==
        "La règle « no cards » a trouvé dans un message sortant : By Zoe: a reply was to leave");
  CHECK(facts_in("en", said) == said);
  CHECK(facts_in("de", said) == said);
}

}  // namespace
}  // namespace answerable::policy
