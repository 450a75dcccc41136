#include "channels/email/smtp_command.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"

namespace answerable::channels {

namespace {

using Verb = SmtpCommand::Verb;

constexpr std::array<std::pair<std::string_view, Verb>, 12> verbs{{{"HELO", Verb::helo},
                                                                   {"EHLO", Verb::ehlo},
                                                                   {"LHLO", Verb::lhlo},
                                                                   {"MAIL", Verb::mail},
                                                                   {"RCPT", Verb::rcpt},
                                                                   {"DATA", Verb::data},
                                                                   {"BDAT", Verb::bdat},
                                                                   {"RSET", Verb::rset},
                                                                   {"NOOP", Verb::noop},
                                                                   {"QUIT", Verb::quit},
                                                                   {"VRFY", Verb::vrfy},
                                                                   {"STARTTLS", Verb::starttls}}};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::unexpected<Error> bad(std::string detail) { return fail(ErrorKind::invalid, "syntax", std::move(detail)); }

// The end of <path>: the '>' that is not in a quoted string.
std::size_t path_end(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted)
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (text[i] == '>' && !quoted)
      return i;
  }
  return std::string_view::npos;
}

Status parse_parameters(std::string_view text, SmtpCommand& command) {
  while (!(text = trim(text)).empty()) {
    auto end = std::min(text.find(' '), text.size());
    auto one = text.substr(0, end);
    text.remove_prefix(end);
    auto equals = one.find('=');
    auto name = upper(one.substr(0, equals));
    auto is_name_char = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; };
    if (name.empty() || !std::ranges::all_of(name, is_name_char)) return bad("A parameter has no proper name");
    command.parameters.emplace_back(
        std::move(name), equals == std::string_view::npos ? std::string() : std::string(one.substr(equals + 1)));
  }
  return {};
}

Status parse_path(std::string_view rest, std::string_view keyword, SmtpCommand& command) {
  if (rest.size() < keyword.size() || upper(rest.substr(0, keyword.size())) != keyword)
    return bad("Expected " + std::string(keyword) + "<address>");
  rest = trim(rest.substr(keyword.size()));
  if (rest.empty() || rest.front() != '<') return bad("The address stands in <>");
  auto end = path_end(rest);
  if (end == std::string_view::npos) return bad("The address stands in <>");
  auto path = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (!rest.empty() && rest.front() != ' ') return bad("A blank stands before parameters");
  if (!path.empty() && path.front() == '@') {  // a source route, which RFC 5321 says to ignore
    auto colon = path.find(':');
    if (colon == std::string_view::npos) return bad("The source route does not end");
    path.remove_prefix(colon + 1);
  }
  if (std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return bad("The address holds control characters");
  if (!is_valid_utf8(path)) return bad("The address is not UTF-8");
  command.path = path;
  return parse_parameters(rest, command);
}

Status parse_chunk(std::string_view rest, SmtpCommand& command) {
  rest = trim(rest);
  auto result = std::from_chars(rest.data(), rest.data() + rest.size(), command.chunk_bytes);
  if (result.ec != std::errc()) return bad("BDAT needs the size of the chunk");
  auto tail = rest.substr(static_cast<std::size_t>(result.ptr - rest.data()));
  if (tail.empty()) return {};
  if (tail.front() != ' ' || upper(trim(tail)) != "LAST") return bad("After the size comes LAST or nothing");
  command.is_last_chunk = true;
  return {};
}

}  // namespace

Result<SmtpCommand> parse_smtp_command(std::string_view line) {
  SmtpCommand command;
  auto end = std::min(line.find(' '), line.size());
  auto name = upper(line.substr(0, end));
  auto rest = line.substr(std::min(line.size(), end + 1));
  for (const auto& [text, verb] : verbs)
    if (name == text) command.verb = verb;
  switch (command.verb) {
    case Verb::mail: TRY_STATUS(parse_path(trim(rest), "FROM:", command)); break;
    case Verb::rcpt: TRY_STATUS(parse_path(trim(rest), "TO:", command)); break;
    case Verb::bdat: TRY_STATUS(parse_chunk(rest, command)); break;
    case Verb::helo:
    case Verb::ehlo:
    case Verb::lhlo:
      command.argument = trim(rest);
      if (command.argument.empty() || !is_valid_utf8(command.argument)) return bad("Say who you are");
      break;
    case Verb::data:
    case Verb::rset:
    case Verb::quit:
    case Verb::starttls:
      if (!trim(rest).empty()) return bad("This command takes no argument");
      break;
    default: break;
  }
  return command;
}

}  // namespace answerable::channels
