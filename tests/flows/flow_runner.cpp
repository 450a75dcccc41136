#include "flows/flow_runner.h"

#include "flows/flow.h"

namespace answerable::flows {

namespace {

struct Found {
  const Statement* statement = nullptr;
  Words words;
};

Found find_statement(const Line& line) {
  for (auto table : {expectations(), mail_statements(), sender_statements(), recipient_statements(),
                     acknowledgement_statements(), agent_statements(), administrator_statements(), chat_statements()}) {
    for (const auto& statement : table) {
      if (auto words = match(statement.pattern, line.tokens)) return {&statement, *std::move(words)};
    }
  }
  std::string known;
  for (auto table : {mail_statements(), sender_statements(), recipient_statements(), acknowledgement_statements(),
                     agent_statements(), administrator_statements(), chat_statements(), expectations()}) {
    for (const auto& statement : table) known += "\n  " + std::string(statement.pattern);
  }
  throw Trouble{"one of these statements:" + known, line.source};
}

void run_line(Flow& flow, const Line& line) {
  const auto found = find_statement(line);
  flow.refusal = line.refusal;
  bool is_refused = false;
  try {
    found.statement->act(flow, found.words, line);
  } catch (const Refused&) {
    is_refused = true;
  }
  flow.refusal.clear();
  if (!line.refusal.empty() && !is_refused) throw Trouble{"refused: " + line.refusal, "it was done"};
}

std::string describe(const Line& line, const Trouble& trouble) {
  return line.source + "\n  expected: " + trouble.expected + "\n  seen:     " + trouble.seen;
}

}  // namespace

std::optional<Failure> run_flow(const Script& script, Restarts restarts) {
  Company company;
  Flow flow{.company = company, .refusal = {}};
  Line at;
  try {
    company.settle();
    for (const auto& line : script.lines) {
      at = line;
      run_line(flow, line);
      const bool only_looks = line.tokens.front().text == "expect";
      if (!only_looks) company.settle();
      if (only_looks || restarts == Restarts::none) continue;
      company.stop();
      company.start();
      company.settle();
    }
    at.source = "(the accounts at the end)";
    company.check_accounts();
  } catch (const Trouble& trouble) {
    return Failure{at.number, describe(at, trouble)};
  } catch (const std::exception& error) {  // of Boost.JSON: an answer has another form
    return Failure{at.number, describe(at, {"an answer of the known form", error.what()})};
  }
  return std::nullopt;
}

}  // namespace answerable::flows
