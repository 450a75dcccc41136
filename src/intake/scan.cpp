#include "intake/scan.h"

#include "base/encoding.h"
#include "policy/disguise.h"

namespace answerable::intake {

namespace {

constexpr std::size_t base64_bytes_min = 16;
constexpr int base64_levels_max = 3;  // around each other

Result<std::optional<Danger>> scan_one(policy::Scanner& scanner, std::string_view bytes, const std::string& where) {
  TRY(auto scanned, scanner.scan(bytes));
  switch (scanned.verdict) {
    case policy::ScanVerdict::clean: return std::nullopt;
    case policy::ScanVerdict::malware:
      return Danger{std::string(reason_malware), "The malware scanner found " + scanned.detail + " in " + where + "."};
    case policy::ScanVerdict::not_scannable: break;
  }
  return Danger{std::string(reason_not_scannable),
                "The malware scanner can not judge " + where + ": " + scanned.detail};
}

// What a mail program's user, or a second mail program, would make of it: a file that is nothing but base64. Most files
// are not, and show it at once: those are not copied.
std::optional<std::string> unpack(std::string_view content) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \t";
  if (content.find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  std::string packed;
  packed.reserve(content.size());
  for (const char c : content)
    if (c != '\r' && c != '\n' && c != ' ' && c != '\t') packed += c;
  if (packed.size() < base64_bytes_min) return std::nullopt;
  return from_base64(packed);
}

Result<std::optional<Danger>> scan_file(policy::Scanner& scanner, std::string_view content, const std::string& where) {
  TRY(auto danger, scan_one(scanner, content, where));
  auto unpacked = unpack(content);
  for (int level = 0; !danger && unpacked && level < base64_levels_max; ++level) {
    TRY(danger, scan_one(scanner, *unpacked, where));
    unpacked = unpack(*unpacked);
  }
  return danger;
}

Result<std::optional<Danger>> look_at(policy::Scanner* scanner, const std::string& filename, std::string_view content) {
  const auto where = "the file \"" + filename + "\"";
  if (const auto is = policy::find_disguise(filename, content); !is.empty())
    return Danger{std::string(reason_disguise), where + " is " + std::string(is) + "."};
  if (scanner == nullptr) return std::nullopt;
  return scan_file(*scanner, content, where);
}

}  // namespace

Result<std::optional<Danger>> find_danger(policy::Scanner* scanner, store::Blobs& blobs, std::string_view raw,
                                          const std::vector<InboundAttachment>& attachments) {
  std::optional<Danger> danger;
  if (scanner != nullptr) {
    TRY(danger, scan_one(*scanner, raw, "the message"));
  }
  for (auto one = attachments.begin(); !danger && one != attachments.end(); ++one) {
    std::string fetched;
    if (one->stored_blob) {
      TRY(fetched, blobs.get(*one->stored_blob));
    }
    TRY(danger, look_at(scanner, one->filename, one->stored_blob ? fetched : one->content));
  }
  return danger;
}

}  // namespace answerable::intake
