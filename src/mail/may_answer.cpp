#include "mail/may_answer.h"

#include <algorithm>
#include <array>

#include "mail/address.h"
#include "mail/ascii.h"
#include "mail/organisational_domain.h"

namespace answerable::mail {

namespace {

// Beside those that make a mail automatic (auto_reply.cpp): fields of RFC 2369 and 2919, and of programs that send
// many.
constexpr std::array list_fields{
    std::string_view{"List-Help"},    std::string_view{"List-Subscribe"},    std::string_view{"List-Owner"},
    std::string_view{"List-Archive"}, std::string_view{"Mailing-List"},      std::string_view{"X-Mailing-List"},
    std::string_view{"X-BeenThere"},  std::string_view{"X-Mailman-Version"}, std::string_view{"X-Loop"},
    std::string_view{"Feedback-ID"},  std::string_view{"X-Campaign-ID"},     std::string_view{"X-CSA-Complaints"},
};

// Of the local part in lower case, dashes for its dots and underscores.
constexpr std::array robots{
    std::string_view{"noreply"},    std::string_view{"no-reply"},
    std::string_view{"donotreply"}, std::string_view{"do-not-reply"},
    std::string_view{"dont-reply"}, std::string_view{"no-response"},
    std::string_view{"nobody"},     std::string_view{"mailer-daemon"},
    std::string_view{"postmaster"}, std::string_view{"bounce"},
    std::string_view{"bounces"},    std::string_view{"devnull"},
    std::string_view{"dev-null"},   std::string_view{"listserv"},
    std::string_view{"majordomo"},  std::string_view{"undisclosed-recipients"},
};
constexpr std::array robot_beginnings{
    std::string_view{"noreply-"},      std::string_view{"no-reply-"}, std::string_view{"donotreply-"},
    std::string_view{"do-not-reply-"}, std::string_view{"bounce-"},   std::string_view{"bounces-"},
    std::string_view{"owner-"},
};
constexpr std::array robot_ends{
    std::string_view{"-noreply"}, std::string_view{"-no-reply"},     std::string_view{"-donotreply"},
    std::string_view{"-bounce"},  std::string_view{"-bounces"},      std::string_view{"-request"},
    std::string_view{"-owner"},   std::string_view{"-do-not-reply"},
};

bool has_list_field(const ParsedMessage& message) {
  return std::ranges::any_of(list_fields, [&](auto name) { return message.first_header(name).has_value(); });
}

bool is_addressed(const AnswerQuestion& question) {
  for (const auto* list : {&question.message.to, &question.message.cc})
    if (std::ranges::any_of(*list, [&](const Address& one) { return question.is_addressee(one.address); })) return true;
  return false;
}

}  // namespace

std::string_view to_string(Silence silence) {
  switch (silence) {
    case Silence::none: return "none";
    case Silence::automatic: return "automatic";
    case Silence::list: return "list";
    case Silence::no_return_path: return "no_return_path";
    case Silence::robot_address: return "robot_address";
    case Silence::own_address: return "own_address";
    case Silence::not_addressed: return "not_addressed";
    case Silence::unproven: return "unproven";
    case Silence::elsewhere: return "elsewhere";
  }
  return "none";
}

bool is_robot_address(std::string_view address) {
  auto local = to_lower(local_part(address));
  local.resize(std::min(local.size(), local.find('+')));  // bounces+1234 is what bounces is
  for (auto& c : local)
    if (c == '.' || c == '_') c = '-';
  return std::ranges::find(robots, local) != robots.end() ||
         std::ranges::any_of(robot_beginnings, [&](auto beginning) { return local.starts_with(beginning); }) ||
         std::ranges::any_of(robot_ends, [&](auto end) { return local.ends_with(end); });
}

Silence why_silent(const AnswerQuestion& question) {
  const auto& message = question.message;
  if (message.auto_submitted || message.bounce) return Silence::automatic;
  if (has_list_field(message)) return Silence::list;
  if (!is_valid_address(question.return_path)) return Silence::no_return_path;
  if (is_robot_address(question.return_path) || is_robot_address(message.from.address)) return Silence::robot_address;
  if (question.is_own(question.return_path) || question.is_own(message.from.address)) return Silence::own_address;
  if (!is_addressed(question)) return Silence::not_addressed;
  if (question.verdict != SenderAuthentication::Verdict::pass) return Silence::unproven;
  if (!is_aligned(domain_part(question.return_path), domain_part(message.from.address), Alignment::relaxed))
    return Silence::elsewhere;
  return Silence::none;
}

}  // namespace answerable::mail
