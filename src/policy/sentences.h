// The sentences of letters about acceptable use, English and French side by side: saying.h.
#pragma once

#include "policy/judge.h"
#include "policy/ladder.h"
#include "policy/saying.h"

namespace answerable::policy::sentences {

// {0}: the order, {1}: its amount, {2}: when it was due, {3}: days
inline constexpr Sentence payment_subject{"Payment overdue: {0}", "Paiement en retard : {0}"};
inline constexpr Sentence payment_text{
    "The order to pay {0} ({1}) was due on {2}.\n\nIf it is not paid within {3} days, sending is suspended. It resumes "
    "by itself as soon as the payment is recorded.\n",
    "L’ordre de paiement {0} ({1}) était dû le {2}.\n\nS’il n’est pas payé dans les {3} jours, l’envoi est suspendu. "
    "Il reprend de lui-même dès que le paiement est enregistré.\n"};

inline constexpr Sentence storage_subject{"The storage of your agreement is full",
                                          "L’espace de stockage de votre contrat est plein"};
inline constexpr Sentence storage_text{
    "The storage of your agreement is full. What arrives is still kept, and nothing is lost; but nobody can attach "
    "files until there is room: ask the operator for more storage.\n",
    "L’espace de stockage de votre contrat est plein. Ce qui arrive est toujours conservé, et rien n’est perdu ; mais "
    "personne ne peut joindre de fichier tant qu’il n’y a pas de place : demandez-en davantage à l’exploitant.\n"};

// {0}: the outcome, {1}: the rule, {2}: the reasons
inline constexpr Sentence appeal_upheld{"upheld", "maintenue"};
inline constexpr Sentence appeal_reversed{"reversed", "annulée"};
inline constexpr Sentence appeal_subject{"Acceptable use: your appeal was decided, the measure is {0}",
                                         "Utilisation acceptable : votre recours est décidé, la mesure est {0}"};
inline constexpr Sentence appeal_text{
    "Your appeal was decided. The measure under {1} is {0}.\n\nReasons: {2}\n",
    "Votre recours a été décidé. La mesure fondée sur {1} est {0}.\n\nMotifs : {2}\n"};

// {0}: the number, {1}: a link, {2}: what it is about, {3}: what was written
inline constexpr Sentence complaint_subject{"Your complaint {0}", "Votre signalement {0}"};
inline constexpr Sentence complaint_text{
    "We have received your complaint, number {0}. A person reads it and decides; you will be told the decision and its "
    "reasons.\n\nWhere it stands: {1}\n\nAbout:\n{2}\n\nYou wrote:\n{3}\n",
    "Nous avons reçu votre signalement, numéro {0}. Une personne le lit et décide ; vous en recevrez la décision et "
    "ses motifs.\n\nOù il en est : {1}\n\nObjet :\n{2}\n\nVous avez écrit :\n{3}\n"};

// {0}: the number, {1}: the outcome, {2}: the reasons
inline constexpr Sentence complaint_removed{"the content was taken down", "le contenu a été retiré"};
inline constexpr Sentence complaint_measure{"a measure was taken", "une mesure a été prise"};
inline constexpr Sentence complaint_nothing{"no measure is taken", "aucune mesure n’est prise"};
inline constexpr Sentence decision_subject{"Your complaint {0}: decision", "Votre signalement {0} : décision"};
inline constexpr Sentence decision_text{"Decision: {1}.\n\nReasons:\n{2}\n", "Décision : {1}.\n\nMotifs :\n{2}\n"};

// {0}: what it is about, {1}: the outcome, {2}: the reasons
inline constexpr Sentence content_subject{"Acceptable use: a complaint about content was decided",
                                          "Utilisation acceptable : un signalement de contenu a été décidé"};
inline constexpr Sentence content_text{
    "Somebody complained of: {0}\n\nDecision: {1}.\n\nReasons:\n{2}\n\nA person decided this. Whoever decides about an "
    "appeal is another person.\n",
    "Quelqu’un s’est plaint de : {0}\n\nDécision : {1}.\n\nMotifs :\n{2}\n\nUne personne en a décidé. C’est une autre "
    "personne qui décide d’un recours.\n"};

// {0}: facts
inline constexpr Sentence traffic_subject{"Unusual traffic", "Trafic inhabituel"};
inline constexpr Sentence traffic_text{
    "{0}\n\nNothing is stopped. If you know why, there is nothing to do; if not, look who has access to the channel. "
    "It is a violation only when messages pile up or many cannot be delivered.\n",
    "{0}\n\nRien n’est arrêté. Si vous savez pourquoi, il n’y a "
    "rien à faire ; sinon, regardez qui a accès au canal. Ce n’est une violation que si les messages s’accumulent ou "
    "si beaucoup ne peuvent être remis.\n"};

// {0}: kind, {1}: the workspace, {2}: who, {3}: since when, {4}: facts, {5}: what follows
inline constexpr Sentence finding_subject{"Noticed: {0}", "Constaté : {0}"};
inline constexpr Sentence finding_subject_of{"Noticed: {0} in {1}", "Constaté : {0} dans {1}"};
inline constexpr Sentence finding_workspace{"Workspace: {0}\n", "Espace : {0}\n"};
inline constexpr Sentence finding_text{
    "Something was noticed that you should know of.\n\n{1}What: {0}\nWho: {2}\nSince: {3}\n\nFacts:\n{4}\n\n{5}",
    "Quelque chose a été constaté que vous devriez savoir.\n\n{1}Quoi : {0}\nQui : {2}\nDepuis : {3}\n\nFaits "
    ":\n{4}\n\n{5}"};
inline constexpr Sentence finding_reported{"A person reported it. The operator looks at it and decides.\n",
                                           "Une personne l’a signalé. L’exploitant l’examine et décide.\n"};
// {0}: what comes of it
inline constexpr Sentence finding_slowed{
    "Whoever it was is slowed down or asked to show who it is. Devices on which people have signed in before are not "
    "locked out.\n{0}",
    "L’auteur est ralenti, ou doit montrer qui il est. Les appareils sur lesquels on s’est déjà connecté ne sont pas "
    "bloqués.\n{0}"};
inline constexpr Sentence finding_counts{"It counts as a violation of the clause {0}.\n",
                                         "Cela compte comme une violation de la clause {0}.\n"};
inline constexpr Sentence finding_waits{"A person looks at it before anything else follows.\n",
                                        "Une personne l’examine avant toute autre suite.\n"};

// {0}: the measure, {1}: the workspace
inline constexpr Sentence statement_subject{"Acceptable use: {0} for {1}", "Utilisation acceptable : {0} pour {1}"};
// {0}: the measure, {1}: the workspace, {2}: when, {3}: what it rests on, {4}: control, {5}: facts, {6}: by whom, {7}:
// what it affects and how to cure it
inline constexpr Sentence statement_text{
    "Statement of reasons\n\nWorkspace: {1}\nMeasure: {0}\nTaken: {2}\nRule: {3}\n\nFacts, found by the control "
    "{4}:\n{5}\n\n{6}\n{7}\nHow to appeal: an administrator opens Settings, "
    "Acceptable use, and appeals against this measure. A person decides, who is not the one who took it.\n",
    "Exposé des motifs\n\nEspace : {1}\nMesure : {0}\nPrise : {2}\nRègle : {3}\n\nFaits, constatés par le contrôle "
    "{4} :\n{5}\n\n{6}\n{7}\nRecours : un "
    "administrateur ouvre Réglages, Utilisation acceptable, et forme un recours contre cette mesure. La personne qui "
    "décide n’est pas celle qui l’a prise.\n"};
// {0}: rule, {1}: ladder, {2}: which violation
inline constexpr Sentence statement_rule{"{0} (ladder: {1}; this is violation {2})",
                                         "{0} (échelle : {1} ; c’est la violation {2})"};
// {0}: facts, {1}: what kind of thing they are about, {2}: its id
inline constexpr Sentence statement_about{"{0}\n(About: {1} {2})", "{0}\n(Objet : {1} {2})"};
inline constexpr Sentence statement_by_program{"The program decided this by the ladder of the clause.\n",
                                               "Le programme en a décidé selon l’échelle de la clause.\n"};
inline constexpr Sentence statement_by_person{
    "A person reported this; the measure follows from the ladder of the clause.\n",
    "Une personne l’a signalé ; la mesure découle de l’échelle de la clause.\n"};
inline constexpr Sentence statement_by_two{"Two operators decided this together.\n",
                                           "Deux exploitants en ont décidé ensemble.\n"};
inline constexpr Sentence statement_by_operator{"A person of the operator decided this.\n",
                                                "Une personne de l’exploitant en a décidé.\n"};
inline constexpr Sentence statement_taken_down{
    "The message was taken down: its place stays, what it says is shown to nobody, and it does not leave. The original "
    "is kept.",
    "Le message a été retiré : sa place reste, ce qu’il dit n’est montré à personne, et il ne part pas. L’original est "
    "conservé."};
inline constexpr Sentence statement_put_back{"It is put back when an appeal is granted.",
                                             "Il est rétabli si un recours aboutit."};
// The cure of the kill switch.
inline constexpr Sentence statement_order_lifted{
    "It ends when the order is lifted or the emergency is over; two operators record that. What is held then leaves in "
    "order.",
    "Elle prend fin quand l’injonction est levée ou l’urgence passée ; deux exploitants le consignent. Ce qui est "
    "retenu part alors dans l’ordre."};
inline constexpr Sentence statement_effect{"What it affects: {0}\n\nHow to cure it: {1}\n",
                                           "Ce qu’elle touche : {0}\n\nComment y remédier : {1}\n"};

Saying name_of_finding(std::string_view kind);  // as on the screens; one that is not known stands as it is
const Sentence& name_of(MeasureKind kind);
const Sentence& name_of(Scope scope);
const Sentence& effect_of(MeasureKind kind);  // {0}: the scope
const Sentence& cure_of(MeasureKind kind);

}  // namespace answerable::policy::sentences
