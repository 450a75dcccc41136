#include "channels/email/smtp_reply.h"

namespace answerable::channels {

namespace {

std::string printable(std::string_view text) {
  std::string line;
  for (char c : text.substr(0, 300)) line += c >= 0x20 && c < 0x7F ? c : '?';
  return line;
}

SmtpReply reply_for(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid: return {554, "5.6.0", "The message cannot be taken"};
    case ErrorKind::unauthenticated: return {530, "5.7.0", "Sign in first"};
    case ErrorKind::denied: return {550, "5.7.1", "Not allowed"};
    case ErrorKind::suspended: return {450, "4.7.1", "Suspended for now: try again later"};
    case ErrorKind::not_found: return {550, "5.1.1", "No such recipient here"};
    case ErrorKind::conflict: return {451, "4.3.0", "Try again"};
    case ErrorKind::limited: return {452, "4.3.1", "No room now: try again later"};
    case ErrorKind::unavailable: return {451, "4.3.0", "Not available now: try again later"};
    case ErrorKind::internal: return {451, "4.3.0", "A mistake of this server: try again later"};
  }
  return {451, "4.3.0", "Try again later"};
}

}  // namespace

SmtpReply smtp_reply(const Error& error) {
  auto reply = reply_for(error);
  // Too large will be too large again: the sender must hear of it.
  if (error.code == "message_too_large") reply = {552, "5.3.4", "The message is too large"};
  if (error.code == "too_many_messages") reply = {451, "4.7.0", "Too many messages: try again later"};
  if (error.code == "too_many_recipients")
    reply = {452, "4.5.3", "Too many recipients: send the rest in another transaction"};
  if (!error.detail.empty() && error.kind != ErrorKind::internal) reply.text = printable(error.detail);
  return reply;
}

std::string to_line(const SmtpReply& reply) {
  std::string line = std::to_string(reply.code);
  line += ' ';
  if (!reply.status.empty()) {
    line += reply.status;
    line += ' ';
  }
  line += reply.text;
  line += "\r\n";
  return line;
}

}  // namespace answerable::channels
