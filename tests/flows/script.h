// A flow as text: one statement a line, of words and "quoted texts" (with \n and \" in them); lines indented below a
// statement belong to it; # begins a comment, and the first comment is the flow's title. A line may end with `but is
// refused: code`. `not restarted: reason` says that the flow rests on what only memory holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::flows {

// What a line expected and what was there instead. Thrown by statements, caught and shown by the runner with file and
// line.
struct Trouble {
  std::string expected, seen;
};

struct Token {
  std::string text;
  bool is_quoted = false;
};

struct Line {
  int number = 0;
  std::string source;  // as written, for messages
  std::vector<Token> tokens;
  std::vector<std::string> block;  // without the common indentation
  std::string refusal;             // the code that the act is to be refused with; empty: it is to succeed
};

struct Script {
  std::string path, title, not_restarted;
  std::vector<Line> lines;
};

// Throws Trouble for a quote that does not end, an indented line below nothing, or a file that cannot be read.
Script read_script(const std::string& path);

using Words = std::vector<std::string>;

// A pattern is written as the line is: words for themselves, <name> for any word, "name" for a quoted text, and ... at
// the end for all that remains. Returns what stands for the names, in order; commas of the remainder are words of their
// own.
std::optional<Words> match(std::string_view pattern, const std::vector<Token>& tokens);

}  // namespace answerable::flows
