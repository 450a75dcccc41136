#include "access/account_letter.h"

#include <fmt/format.h>

namespace answerable::access {
namespace {

struct Words {
  std::string_view subject, body;  // {0} name, {1} by, {2} about, {3} link
};

Words english(LetterKind kind) {
  switch (kind) {
    case LetterKind::password_reset:
      return {"Choose a new password",
              "somebody, probably you, asked for a new password for your account.\n\nChoose it here within 10 "
              "minutes:\n{3}\n\nThe link works once. If it was not you, do nothing: your password stays as it is.\n"};
    case LetterKind::invitation:
      return {"You are invited to {2}",
              "{1} has added you to {2} in Answerable.\n\nChoose your password here within 3 days:\n{3}\n\nThe link "
              "works once and is meant for you alone.\n"};
    case LetterKind::password_changed:
      return {"Your password was changed",
              "the password of your account was changed just now, and all other sessions have ended.\n\nIf it was not "
              "you, choose a new one at once:\n{3}\nand tell an administrator of your workspace.\n"};
  }
  return {};
}

Words french(LetterKind kind) {
  switch (kind) {
    case LetterKind::password_reset:
      return {
          "Choisir un nouveau mot de passe",
          "quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte.\n\nChoisissez-le ici "
          "dans les 10 minutes :\n{3}\n\nLe lien ne sert qu’une fois. Si ce n’était pas vous, ne faites rien : votre "
          "mot de passe reste le même.\n"};
    case LetterKind::invitation:
      return {"Invitation à rejoindre {2}",
              "{1} vous a ajouté à {2} dans Answerable.\n\nChoisissez votre mot de passe ici dans les 3 jours "
              ":\n{3}\n\nLe lien ne sert qu’une fois et n’est destiné qu’à vous.\n"};
    case LetterKind::password_changed:
      return {"Votre mot de passe a été modifié",
              "le mot de passe de votre compte vient d’être modifié, et toutes les autres sessions sont "
              "terminées.\n\nSi ce n’était pas vous, choisissez-en un nouveau sans attendre :\n{3}\net prévenez un "
              "administrateur de votre espace de travail.\n"};
  }
  return {};
}

std::string address_of(std::string_view public_url, std::string_view token) {
  if (token.empty()) return fmt::format("{}/account/reset", public_url);
  return fmt::format("{}/account/password#{}", public_url, token);
}

}  // namespace

Letter write_letter(const AccountMail& mail, std::string_view public_url, std::string_view token) {
  const bool is_french = mail.language == "fr";
  const auto words = is_french ? french(mail.kind) : english(mail.kind);
  const auto link = address_of(public_url, token);
  const auto filled = [&](std::string_view text) {
    return fmt::format(fmt::runtime(text), mail.name, mail.by, mail.about, link);
  };
  return {.subject = filled(words.subject),
          .text = fmt::format("{} {},\n\n{}", is_french ? "Bonjour" : "Hello", mail.name, filled(words.body))};
}

}  // namespace answerable::access
