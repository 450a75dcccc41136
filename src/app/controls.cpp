#include "app/controls.h"

#include <cstdlib>
#include <filesystem>

#include "app/installation.h"
#include "app/traffic_watch.h"
#include "app/watch_self_tests.h"
#include "base/log.h"
#include "base/quiet_log.h"
#include "policy/allowance.h"
#include "policy/disguise.h"
#include "policy/payment.h"
#include "policy/self_tests.h"

namespace answerable::app {

namespace {

// A folder that goes away with what is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "answerable-check-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Status test_one(const policy::Control& control, FakeClock& clock) {
  const ScratchFolder folder;
  if (folder.path().empty())
    return fail(ErrorKind::unavailable, "scratch_unwritable",
                "The folder for temporary files cannot be written: set TMPDIR to one that can.");
  const log::QuietLog quiet;
  Metrics metrics;
  TRY(auto database, store::Database::open({.location = folder.path() + "/check.db", .readers = 1}, clock, metrics));
  auto status = database->migrate(all_migrations());
  policy::Scratch scratch{.database = *database, .clock = clock};
  if (status) status = control.self_test(scratch);
  database->close();
  return status;
}

// A program that calls itself a document is told without a scanner; the scanner must know the harmless file that all
// scanners report (EICAR), which is put together here so that none reports this program.
Status test_malware(policy::Scanner* scanner) {
  const auto broken = [](std::string what) { return fail(ErrorKind::internal, "control_broken", std::move(what)); };
  if (policy::find_disguise("invoice.pdf",
                            "\x7F"
                            "ELF")
          .empty())
    return broken("A program under the name of a document is not told.");
  if (scanner == nullptr) return {};
  const auto file = std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD") + "-ANTIVIRUS-TEST-FILE!$H+H*";
  TRY(const auto scanned, scanner->scan(file));
  if (scanned.verdict != policy::ScanVerdict::malware)
    return broken("The malware scanner does not know the test file.");
  return {};
}

}  // namespace

std::vector<policy::Control> all_controls(policy::Scanner* scanner) {
  return {
      {"ladders", "how_it_works", "Each clause's ladder leads from violations to measures, and a cure ends them.",
       policy::test_ladders},
      {"words", "lawful_content", "Words, patterns and links of the operator's rules are found in what leaves.",
       policy::test_words},
      {"impersonation", "honest_sender", "A sender in the name of one of our people is told by the address.",
       policy::test_impersonation},
      {"card_numbers", "confidential_data", "Payment card numbers are found in what leaves.",
       policy::test_card_numbers},
      {"secrets", "confidential_data", "Keys and passwords are found in what leaves.", policy::test_secrets},
      {"identical", "no_bulk", "Almost the same text to many conversations is found.", policy::test_identical},
      {"malware_scanner", "no_malware", "Every message and file is scanned, both ways; programs in disguise are told.",
       [scanner](policy::Scratch&) { return test_malware(scanner); }},
      {"attempts", "no_intrusion", "Attempts on restricted access are noticed, slowed down, and warned of.",
       test_attempts},
      {"shared_code", "agreed_limits", "One access code in several hands is noticed; a person decides.",
       test_shared_code},
      {"bulk_reading", "approved_programs", "Who opens far more than the role needs is noticed, and held back.",
       test_bulk_reading},
      {"unapproved_program", "approved_programs", "Only the keys of approved programs open anything.", test_programs},
      {"framing", "approved_programs", "No other site can show this one within itself, or act through it.",
       test_framing},
      {std::string(policy::payment_control), "payment",
       "An order to pay leads from notice to suspension, and payment ends it.", policy::test_payment_deadline},
      {"entitlements", "agreed_limits", "Seats, channels, messages of a period and storage are counted at the act.",
       policy::test_entitlements},
      {std::string(policy::traffic_control), std::string(policy::load_clause),
       "Traffic that is unusual for its channel and does harm leads to a measure, which ends with it.",
       test_unusual_traffic},
  };
}

Result<std::vector<policy::ControlTest>> run_self_tests(const Clock& clock, policy::Scanner* scanner,
                                                        const std::stop_token& stop) {
  std::vector<policy::ControlTest> tests;
  for (const auto& control : all_controls(scanner)) {
    if (stop.stop_requested()) break;
    FakeClock moved(clock.now());
    const auto status = test_one(control, moved);
    if (!status && status.error().code == "scratch_unwritable") return std::unexpected(status.error());
    const auto detail = status ? std::string() : status.error().code + ": " + status.error().detail;
    tests.push_back({.control = control.name, .at = clock.now(), .is_ok = status.has_value(), .detail = detail});
  }
  return tests;
}

Status test_controls(store::Database& database, const Clock& clock, policy::Scanner* scanner,
                     const std::stop_token& stop) {
  TRY(const auto tests, run_self_tests(clock, scanner, stop));
  for (const auto& test : tests) {
    if (!test.is_ok) log::warning("control_broken", {{"control", test.control}, {"detail", test.detail}});
    TRY_STATUS(database.write([&](store::Transaction& tx) { return policy::record_control_test(tx, test); }));
  }
  return {};
}

}  // namespace answerable::app
