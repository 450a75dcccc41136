#include "access/account_letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.h"

namespace answerable::access {
namespace {

struct Words {
  std::string_view subject, body;  // {0} name, {1} by, {2} about, {3} link, {4} not_you
};

struct About {
  LetterKind kind;
  std::string_view page;  // of the web application
  Words english, french;
};

// How a letter ends that is about something which somebody else may have done.
constexpr std::string_view not_you_english =
    "If it was not you, say so here, and everything that is signed in with your account ends at once:\n{}\n";
constexpr std::string_view not_you_french =
    "Si ce n’était pas vous, dites-le ici, et tout ce qui est connecté avec votre compte prend fin aussitôt :\n{}\n";

constexpr std::array letters{
    About{.kind = LetterKind::password_reset,
          .page = "account/password",
          .english =
              {"Choose a new password",
               "somebody, probably you, asked for a new password for your account.\n\nChoose it here within 10 "
               "minutes:\n{3}\n\nThe link works once. If it was not you, do nothing: your password stays as it is.\n"},
          .french =
              {"Choisir un nouveau mot de passe",
               "quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte.\n\nChoisissez-le ici "
               "dans les 10 minutes :\n{3}\n\nLe lien ne sert qu’une fois. Si ce n’était pas vous, ne faites rien : "
               "votre "
               "mot de passe reste le même.\n"}},
    About{.kind = LetterKind::invitation,
          .page = "account/password",
          .english =
              {"You are invited to {2}",
               "{1} has added you to {2} in Answerable.\n\nChoose your password here within 3 days:\n{3}\n\nThe link "
               "works once and is meant for you alone.\n"},
          .french = {"Invitation à rejoindre {2}",
                     "{1} vous a ajouté à {2} dans Answerable.\n\nChoisissez votre mot de passe ici dans les 3 jours "
                     ":\n{3}\n\nLe lien ne sert qu’une fois et n’est destiné qu’à vous.\n"}},
    About{.kind = LetterKind::password_changed,
          .page = "account/exposed",
          .english = {"Your password was changed",
                      "the password of your account was changed just now, and all other sessions have ended.\n\n{4}"},
          .french = {"Votre mot de passe a été modifié",
                     "le mot de passe de votre compte vient d’être modifié, et toutes les autres sessions sont "
                     "terminées.\n\n{4}"}},
    About{.kind = LetterKind::second_factor_added,
          .page = "account/exposed",
          .english = {"A code of an app is asked for from now on",
                      "{1} has set up an app for codes for your account: signing in by password asks for one from now "
                      "on.\n\n{4}"},
          .french = {"Un code d’une application est désormais demandé",
                     "{1} a configuré une application de codes pour votre compte : la connexion par mot de passe en "
                     "demande un désormais.\n\n{4}"}},
    About{
        .kind = LetterKind::second_factor_removed,
        .page = "account/exposed",
        .english = {"Your second factor was removed",
                    "{1} has removed the second factor of your account: no code of an app is asked for any more. If it "
                    "was an administrator, your passkeys and recovery codes have gone, too.\n\n{4}"},
        .french = {"Votre second facteur a été retiré",
                   "{1} a retiré le second facteur de votre compte : aucun code d’une application n’est plus demandé. "
                   "Si c’est un administrateur, vos clés d’accès et codes de secours ont disparu aussi.\n\n{4}"}},
    About{.kind = LetterKind::passkey_added,
          .page = "account/exposed",
          .english =
              {"A passkey was added: {2}",
               "the passkey “{2}” was added to your account. Whoever has it signs in without your password.\n\n{4}"},
          .french = {"Une clé d’accès a été ajoutée : {2}",
                     "la clé d’accès « {2} » a été ajoutée à votre compte. Qui la possède se connecte sans votre mot "
                     "de passe.\n\n{4}"}},
    About{.kind = LetterKind::passkey_removed,
          .page = "account/exposed",
          .english = {"A passkey was removed: {2}",
                      "the passkey “{2}” was removed from your account and lets nobody in any more.\n\n{4}"},
          .french = {"Une clé d’accès a été retirée : {2}",
                     "la clé d’accès « {2} » a été retirée de votre compte et ne laisse plus entrer personne.\n\n{4}"}},
    About{.kind = LetterKind::address_changed,
          .page = "account/reset",
          .english = {"The address of your account was changed",
                      "your account is no longer signed in to by this address, but by {2}: {1} has changed it. Links "
                      "that came to this address are good for nothing any more.\n\nIf you did not expect that, tell an "
                      "administrator at once.\n"},
          .french = {"L’adresse de votre compte a été modifiée",
                     "on ne se connecte plus à votre compte avec cette adresse, mais avec {2} : {1} l’a modifiée. Les "
                     "liens reçus à cette adresse ne servent plus à rien.\n\nSi vous ne vous y attendiez pas, "
                     "dites-le aussitôt à un administrateur.\n"}},
    About{.kind = LetterKind::new_device,
          .page = "account/exposed",
          .english = {"Somebody has signed in on a new device",
                      "somebody, probably you, has signed in to your account on a device that is new here: {2}, from "
                      "the network address {1}. If it was you, there is nothing to do.\n\n{4}"},
          .french = {"Connexion depuis un nouvel appareil",
                     "quelqu’un, sans doute vous, s’est connecté à votre compte depuis un appareil inconnu ici : {2}, "
                     "à l’adresse réseau {1}. Si c’était vous, il n’y a rien à faire.\n\n{4}"}},
    About{
        .kind = LetterKind::exposed_link,
        .page = "account/exposed",
        .english =
            {"Does somebody else know your password?",
             "with this link you can tell us that somebody else may know your password:\n{3}\n\nYour password, all "
             "sessions and the API keys that you made end at once. It happens to careful people, too: thank you for "
             "telling. The link works once, for a day.\n"},
        .french =
            {"Quelqu’un d’autre connaît-il votre mot de passe ?",
             "ce lien vous permet de nous dire que quelqu’un d’autre connaît peut-être votre mot de "
             "passe :\n{3}\n\nVotre mot de passe, toutes les sessions et les clés d’API que vous avez créées prennent "
             "fin aussitôt. Cela arrive aussi aux personnes prudentes : merci de le dire. Le lien sert une fois, "
             "pendant un jour.\n"}},
    About{.kind = LetterKind::exposed_own,
          .page = "account/reset",
          .english =
              {"Your account is safe again",
               "{1} reported that somebody else may know your password. It is good for nothing any more; all sessions "
               "and the API keys that you made have ended.\n\nChoose a new password here:\n{3}\n\nAn administrator "
               "looks with you through what was done with your account in the last day. Nobody blames you.\n"},
          .french =
              {"Votre compte est de nouveau protégé",
               "{1} a signalé que quelqu’un d’autre connaît peut-être votre mot de passe. Il ne sert plus à rien ; "
               "toutes les sessions et les clés d’API que vous avez créées ont pris fin.\n\nChoisissez ici un nouveau "
               "mot de passe :\n{3}\n\nUn administrateur examine avec vous ce qui a été fait avec votre compte depuis "
               "un jour. Personne ne vous le reproche.\n"}},
    About{
        .kind = LetterKind::shared_code,
        .page = "account/exposed",
        .english = {"Your account was used in two places at once",
                    "your account is used in a way that one person hardly can: in two places, with two browsers, "
                    "within seconds, or in turns. Nothing is locked. Before going on, each browser asks once for your "
                    "password, and your code if you have one.\n\nIf it was you, confirm and go on. If you share your "
                    "password, please stop: a colleague who needs access gets an account from an administrator. {4}"},
        .french = {"Votre compte a servi à deux endroits à la fois",
                   "votre compte est utilisé comme une seule personne ne le peut guère : à deux endroits, avec deux "
                   "navigateurs, à quelques secondes près ou tour à tour. Rien n’est bloqué. Avant de continuer, "
                   "chaque navigateur demande une fois votre mot de passe, et votre code si vous en avez un.\n\nSi "
                   "c’était vous, confirmez et continuez. Si vous partagez votre mot de passe, cessez : un collègue "
                   "qui a besoin d’un accès reçoit un compte d’un administrateur. {4}"}},
    About{.kind = LetterKind::much_read,
          .page = "account/exposed",
          .english = {"Unusually much was read with your account",
                      "with your account far more was opened than others of your role open. Nothing is locked. Before "
                      "going on, each browser asks once for your password, and your code if you have one.\n\nIf it was "
                      "you, confirm and go on; somebody may ask you what it was for. {4}"},
          .french = {"Beaucoup a été lu avec votre compte",
                     "avec votre compte, bien plus a été ouvert que ce qu’ouvrent d’autres personnes de votre rôle. "
                     "Rien n’est bloqué. Avant de continuer, chaque navigateur demande une fois votre mot de passe, et "
                     "votre code si vous en avez un.\n\nSi c’était vous, confirmez et continuez ; on vous demandera "
                     "peut-être à quoi cela servait. {4}"}},
    About{
        .kind = LetterKind::exposed_other,
        .page = "settings/incidents",
        .english =
            {"An access code may be known to somebody else: {2}",
             "{1} reported that somebody else may know the password of {2}. It has ended, with all sessions and API "
             "keys of {2}.\n\nWhat was done with them in the last day is laid out here:\n{3}\n\nLook through it "
             "together with {2}. Careful people are deceived, too, and whoever reports it early has done the right "
             "thing.\n"},
        .french =
            {"Un code d’accès est peut-être connu d’autrui : {2}",
             "{1} a signalé que quelqu’un d’autre connaît peut-être le mot de passe de {2}. Il a pris fin, avec toutes "
             "les sessions et les clés d’API de {2}.\n\nCe qui a été fait avec depuis un jour est présenté "
             "ici :\n{3}\n\nExaminez-le avec {2}. Des personnes prudentes sont trompées, elles aussi, et qui le "
             "signale tôt a bien agi.\n"}},
    About{.kind = LetterKind::mailbox_refused,
          .page = "settings/channels",
          .english =
              {"Mail is no longer fetched: {2}",
               "the mailbox of the channel “{2}” lets Answerable in no more: it wants to be authorised again, or its "
               "password has changed.\n\nMail waits there and nothing is lost, but nobody sees it until somebody "
               "signs in to it again here:\n{3}\n"},
          .french =
              {"Le courrier n’est plus relevé : {2}",
               "la boîte aux lettres du canal « {2} » ne laisse plus entrer Answerable : elle veut être autorisée de "
               "nouveau, ou son mot de passe a changé.\n\nLe courrier y attend et rien n’est perdu, mais personne ne "
               "le voit tant que quelqu’un ne s’y connecte pas de nouveau ici :\n{3}\n"}},
    About{.kind = LetterKind::breach,
          .page = "settings/incidents",
          .english =
              {"Personal data is concerned: {2}",
               "an incident concerns personal data: {2}.\n\nThe supervisory authority is to be told within {1} hours, "
               "unless it is unlikely that anybody is at risk (GDPR article 33). Whom it affects, a draft and the "
               "timeline are here:\n{3}\n"},
          .french =
              {"Des données personnelles sont concernées : {2}",
               "un incident concerne des données personnelles : {2}.\n\nL’autorité de contrôle doit être informée dans "
               "les {1} heures, sauf si un risque pour quiconque est peu probable (RGPD, article 33). Les personnes "
               "concernées, un projet et la chronologie sont ici :\n{3}\n"}},
    About{.kind = LetterKind::breach_alarm,
          .page = "settings/incidents",
          .english =
              {"{1} hours left to tell the authority: {2}",
               "the supervisory authority has not been told yet about this incident: {2}.\n\n{1} hours are left. The "
               "draft is here:\n{3}\n\nAfter the deadline the notification says why it is late (GDPR article "
               "33(1)).\n"},
          .french = {
              "Il reste {1} heures pour informer l’autorité : {2}",
              "l’autorité de contrôle n’a pas encore été informée de cet incident : {2}.\n\nIl reste {1} heures. Le "
              "projet est ici :\n{3}\n\nAprès le délai, la notification dit pourquoi elle est tardive (RGPD, article "
              "33, paragraphe 1).\n"}}};

}  // namespace

Letter write_letter(const AccountMail& mail, std::string_view public_url, std::string_view token) {
  const auto* about = std::ranges::find(letters, mail.kind, &About::kind);
  ensure(about != letters.end(), "every kind of letter has words");
  const bool is_french = mail.language == "fr";
  const auto& words = is_french ? about->french : about->english;
  const auto link = fmt::format("{}/{}{}{}", public_url, about->page, token.empty() ? "" : "#", token);
  const auto not_you = fmt::format(fmt::runtime(is_french ? not_you_french : not_you_english), link);
  const auto filled = [&](std::string_view text) {
    return fmt::format(fmt::runtime(text), mail.name, mail.by, mail.about, link, not_you);
  };
  return {.subject = filled(words.subject),
          .text = fmt::format("{} {},\n\n{}", is_french ? "Bonjour" : "Hello", mail.name, filled(words.body))};
}

}  // namespace answerable::access
