#include "app/check_results.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "app/controls.h"
#include "app/read_file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/file.h"

namespace answerable::app {
namespace {

constexpr std::size_t detail_bytes_max = 500;

std::string path_in(const std::string& data_dir) { return data_dir + "/policy-check.txt"; }

// "guessing 1767225600000 0 why not", one a line.
std::string to_lines(const std::vector<policy::ControlTest>& tests) {
  std::string text;
  for (const auto& test : tests)
    text += test.control + " " + std::to_string(test.at.ms) + (test.is_ok ? " 1 " : " 0 ") +
            one_line(to_valid_utf8(test.detail), detail_bytes_max) + "\n";
  return text;
}

std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::optional<policy::ControlTest> parse_line(std::string_view line) {
  policy::ControlTest test;
  test.control = std::string(take_word(line));
  const auto at = take_word(line);
  const auto ok = take_word(line);
  const auto* end = at.data() + at.size();
  const auto number = std::from_chars(at.data(), end, test.at.ms);
  if (number.ec != std::errc() || number.ptr != end) return std::nullopt;
  if (ok != "0" && ok != "1") return std::nullopt;
  test.is_ok = ok == "1";
  test.detail = std::string(line);
  for (const auto& control : all_controls())
    if (control.name == test.control) return test;
  return std::nullopt;
}

std::vector<policy::ControlTest> parse_lines(std::string_view text) {
  std::vector<policy::ControlTest> tests;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto test = parse_line(text.substr(0, end)))
      tests.push_back(*std::move(test));
    else
      log::warning("check_result_unreadable", {});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return tests;
}

}  // namespace

Status leave_check_results(const std::string& data_dir, const std::vector<policy::ControlTest>& tests) {
  std::error_code failed;
  if (!std::filesystem::is_directory(data_dir, failed))
    return fail(ErrorKind::not_found, "no_data_folder", "There is no installation in " + data_dir + ".");
  const auto path = path_in(data_dir);
  if (store::replace_file(path, to_lines(tests))) return {};  // the server may look at any moment
  return fail(ErrorKind::unavailable, "data_folder_unwritable",
              "Cannot write " + path + ": run this as the user that the server runs as.");
}

Result<int> take_check_results(store::Database& database, const std::string& data_dir) {
  const auto path = path_in(data_dir);
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return 0;
  std::vector<policy::ControlTest> tests;
  if (size <= check_results_bytes_max) {
    TRY(const auto text, read_file(path));
    tests = parse_lines(text);
  } else {
    log::warning("check_result_unreadable", {});
  }
  TRY_STATUS(database.write([&](store::Transaction& tx) -> Status {
    for (const auto& test : tests) TRY_STATUS(policy::record_control_test(tx, test));
    return {};
  }));
  std::filesystem::remove(path, failed);
  return static_cast<int>(tests.size());
}

}  // namespace answerable::app
