#include "policy/sentences.h"

#include <algorithm>

namespace answerable::policy::sentences {
namespace {

struct OfMeasure {
  Sentence name, effect, cure;
};

struct OfFinding {
  std::string_view kind;
  Sentence name;
};
constexpr OfFinding findings[] = {
    {"guessing", {"guessing of codes", "des codes devinés"}},
    {"enumeration", {"asking for one thing after the other", "des demandes l’une après l’autre"}},
    {"forced_browsing", {"looking for hidden pages", "la recherche de pages cachées"}},
    {"cross_workspace", {"reaching into another workspace", "l’accès à un autre espace de travail"}},
    {"token_misuse", {"use of a key that has ended", "l’usage d’une clé qui a pris fin"}},
    {"privilege_probing", {"trying what is not allowed", "des tentatives de ce qui n’est pas permis"}},
    {"shared_code", {"a code used by several", "un code utilisé par plusieurs"}},
    {"unapproved_program", {"use by a program that is not approved", "l’usage par un programme non agréé"}},
    {"report", {"a report by a person", "un signalement par une personne"}},
    {"bulk_reading", {"reading in bulk", "une lecture en masse"}},
};

constexpr OfMeasure warning{.name = {"warning", "avertissement"},
                            .effect = {"Nothing is stopped by this warning.", "Cet avertissement n’arrête rien."},
                            .cure = {"Nothing is stopped. Put an end to the cause, so that it does not happen again.",
                                     "Rien n’est arrêté. Mettez fin à la cause, pour que cela ne se reproduise pas."}};
constexpr OfMeasure holding{
    .name = {"hold", "retenue"},
    .effect = {"What is named above is held until a person has looked at it.",
               "Ce qui est nommé ci-dessus est retenu jusqu’à ce qu’une personne l’ait examiné."},
    .cure = {"What is held is looked at by a person, who releases or discards it.",
             "Ce qui est retenu est examiné par une personne, qui le libère ou l’écarte."}};
constexpr OfMeasure limiting{
    .name = {"limit", "limitation"},
    .effect = {"Limited: {0}. The workspace can do less of this within a minute; what goes beyond is refused, and can "
               "be tried again.",
               "Limité : {0}. L’espace peut en faire moins par minute ; ce qui dépasse est refusé, et peut être "
               "essayé de nouveau."},
    .cure = {"The limit ends by itself when the cause is gone.",
             "La limitation prend fin d’elle-même quand la cause a disparu."}};
constexpr OfMeasure blocking{.name = {"block", "refus"},
                             .effect = {"What is named above was refused.", "Ce qui est nommé ci-dessus a été refusé."},
                             .cure = {"What was blocked stays blocked. Send it again without what was found.",
                                      "Ce qui a été refusé le reste. Envoyez-le de nouveau sans ce qui a été trouvé."}};
constexpr OfMeasure suspending{
    .name = {"suspension", "suspension"},
    .effect = {"Suspended: {0}. What arrives is collected; what was to leave is held, and nothing is lost.",
               "Suspendu : {0}. Ce qui arrive est recueilli ; ce qui devait partir est retenu, et rien n’est perdu."},
    .cure = {"Put an end to the cause. The suspension ends by itself within a minute after it is cured; what is held "
             "then leaves in order.",
             "Mettez fin à la cause. La suspension prend fin d’elle-même dans la minute qui suit ; ce qui est retenu "
             "part alors dans l’ordre."}};

constexpr Sentence sending{"sending", "l’envoi"};
constexpr Sentence new_conversations{"new conversations", "les nouvelles conversations"};
constexpr Sentence api{"programs (API)", "l’interface de programmation"};
constexpr Sentence sign_in{"signing in", "la connexion"};
constexpr Sentence everything{"everything", "tout"};

const OfMeasure& of(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::warn: return warning;
    case MeasureKind::hold: return holding;
    case MeasureKind::limit: return limiting;
    case MeasureKind::block: return blocking;
    case MeasureKind::suspend: break;
  }
  return suspending;
}

}  // namespace

Saying name_of_finding(std::string_view kind) {
  const auto found = std::ranges::find(findings, kind, &OfFinding::kind);
  return found == std::end(findings) ? Saying(std::string(kind)) : Saying(found->name);
}

const Sentence& name_of(MeasureKind kind) { return of(kind).name; }
const Sentence& effect_of(MeasureKind kind) { return of(kind).effect; }
const Sentence& cure_of(MeasureKind kind) { return of(kind).cure; }

const Sentence& name_of(Scope scope) {
  switch (scope) {
    case Scope::sending: return sending;
    case Scope::new_conversations: return new_conversations;
    case Scope::api: return api;
    case Scope::sign_in: return sign_in;
    case Scope::everything: break;
  }
  return everything;
}

}  // namespace answerable::policy::sentences
