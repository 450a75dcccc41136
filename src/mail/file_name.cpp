#include "mail/file_name.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

struct KindOfFile {
  std::string_view type, stem, extension;
};
constexpr std::array kinds{
    KindOfFile{"text/plain", "document", ".txt"},
    KindOfFile{"text/html", "document", ".html"},
    KindOfFile{"text/csv", "table", ".csv"},
    KindOfFile{"text/calendar", "invitation", ".ics"},
    KindOfFile{"application/ics", "invitation", ".ics"},
    KindOfFile{"text/vcard", "contact", ".vcf"},
    KindOfFile{"text/x-vcard", "contact", ".vcf"},
    KindOfFile{"text/directory", "contact", ".vcf"},
    KindOfFile{"text/xml", "document", ".xml"},
    KindOfFile{"application/xml", "document", ".xml"},
    KindOfFile{"application/json", "document", ".json"},
    KindOfFile{"application/pdf", "document", ".pdf"},
    KindOfFile{"application/rtf", "document", ".rtf"},
    KindOfFile{"application/msword", "document", ".doc"},
    KindOfFile{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", ".docx"},
    KindOfFile{"application/vnd.ms-excel", "table", ".xls"},
    KindOfFile{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "table", ".xlsx"},
    KindOfFile{"application/zip", "archive", ".zip"},
    KindOfFile{"application/gzip", "archive", ".gz"},
    KindOfFile{"application/ms-tnef", "winmail", ".dat"},
    KindOfFile{"application/vnd.ms-tnef", "winmail", ".dat"},
    KindOfFile{"application/pgp-signature", "signature", ".asc"},
    KindOfFile{"application/pgp-encrypted", "version", ".txt"},
    KindOfFile{"application/pgp-keys", "key", ".asc"},
    KindOfFile{"application/pkcs7-mime", "smime", ".p7m"},
    KindOfFile{"application/x-pkcs7-mime", "smime", ".p7m"},
    KindOfFile{"application/pkcs7-signature", "smime", ".p7s"},
    KindOfFile{"application/x-pkcs7-signature", "smime", ".p7s"},
    KindOfFile{"message/rfc822", "message", ".eml"},
    KindOfFile{"message/global", "message", ".eml"},
    KindOfFile{"text/rfc822-headers", "headers", ".txt"},
    KindOfFile{"message/delivery-status", "delivery-status", ".txt"},
    KindOfFile{"message/disposition-notification", "receipt", ".txt"},
    KindOfFile{"message/feedback-report", "complaint", ".txt"},
    KindOfFile{"image/jpeg", "image", ".jpg"},
    KindOfFile{"image/jpg", "image", ".jpg"},
    KindOfFile{"image/pjpeg", "image", ".jpg"},
    KindOfFile{"image/png", "image", ".png"},
    KindOfFile{"image/gif", "image", ".gif"},
    KindOfFile{"image/bmp", "image", ".bmp"},
    KindOfFile{"image/tiff", "image", ".tif"},
    KindOfFile{"image/webp", "image", ".webp"},
    KindOfFile{"image/heic", "image", ".heic"},
    KindOfFile{"image/svg+xml", "image", ".svg"},
    KindOfFile{"audio/mpeg", "audio", ".mp3"},
    KindOfFile{"audio/wav", "audio", ".wav"},
    KindOfFile{"audio/x-wav", "audio", ".wav"},
    KindOfFile{"audio/ogg", "audio", ".ogg"},
    KindOfFile{"audio/amr", "audio", ".amr"},
    KindOfFile{"video/quicktime", "video", ".mov"},
    KindOfFile{"video/mp4", "video", ".mp4"},
    KindOfFile{"video/mpeg", "video", ".mpg"},
    KindOfFile{"video/3gpp", "video", ".3gp"},
};

KindOfFile kind_of(std::string_view type) {
  for (const auto& kind : kinds)
    if (kind.type == type) return kind;
  for (std::string_view stem : {"image", "audio", "video"})
    if (type.starts_with(stem)) return {type, stem, ""};
  return {type, "file", ""};
}

// ".jpg" of "image001.jpg": what stands in names as one, short and of letters and digits.
std::string_view extension_of(std::string_view name) {
  auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > 6 || name.size() - dot < 3) return {};
  auto extension = name.substr(dot);
  auto has_letter = false;
  for (char c : extension.substr(1)) {
    if (!is_letter(c) && !is_digit(c)) return {};
    has_letter = has_letter || is_letter(c);
  }
  return has_letter ? extension : std::string_view{};
}

std::string with_extension(std::string_view name, std::string_view extension) {
  return extension_of(name).empty() ? std::string(name) + std::string(extension) : std::string(name);
}

}  // namespace

namespace {

// Signs that nobody sees and that make a name look like another: "invoice<RLO>fdp.exe" is shown as "invoiceexe.pdf",
// and a blank of no width hides what a name begins or ends with. Joiners stay: some scripts are not written without.
std::size_t unseen_bytes(std::string_view rest) {
  if (static_cast<unsigned char>(rest.front()) < 0x80) return 0;
  for (const std::string_view sign : {"\u00AD", "\u061C", "\u180E", "\u200B", "\u200E", "\u200F", "\u2028", "\u2029",
                                      "\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2060", "\u2061", "\u2062",
                                      "\u2063", "\u2064", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF"})
    if (rest.starts_with(sign)) return sign.size();
  return 0;
}

}  // namespace

std::string safe_filename(std::string_view name) {
  auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos && slash + 1 < name.size()) name.remove_prefix(slash + 1);
  std::string out;
  for (auto rest = trim(name); !rest.empty();) {
    const auto unseen = unseen_bytes(rest);
    const auto c = static_cast<unsigned char>(rest.front());
    if (unseen == 0 && c >= 32 && c != 127) out += rest.front();
    rest.remove_prefix(std::max<std::size_t>(unseen, 1));
  }
  return std::string(truncate_utf8(trim(out), max_filename_bytes));
}

std::string type_by_name(std::string_view name) {
  auto extension = extension_of(name);
  for (const auto& kind : kinds)
    if (!extension.empty() && same_letters(kind.extension, extension)) return std::string(kind.type);
  return "application/octet-stream";
}

std::string make_filename(const NamelessPart& part) {
  auto kind = kind_of(part.type);
  auto location = safe_filename(part.location.substr(0, part.location.find_first_of("?#")));
  if (!extension_of(location).empty()) return location;
  if (!part.subject.empty()) {  // a slash in a subject is no folder
    auto subject = std::string(truncate_utf8(part.subject, max_filename_bytes - kind.extension.size()));
    std::ranges::replace(subject, '/', '-');
    std::ranges::replace(subject, '\\', '-');
    if (auto name = safe_filename(subject); !name.empty()) return name + std::string(kind.extension);
  }
  auto id = safe_filename(part.content_id.substr(0, part.content_id.find('@')));
  if (!extension_of(id).empty()) return id;  // Outlook: image001.png@01D0A2B3.C4D5E6F7
  if (auto name = safe_filename(part.description); !name.empty())
    return safe_filename(with_extension(name, kind.extension));
  if (kind.extension.empty() && kind.stem == "file" && !id.empty()) return id;
  return std::string(kind.stem) + std::string(kind.extension);
}

std::string numbered_filename(std::string_view name, std::size_t number) {
  auto extension = extension_of(name);
  auto digits = std::to_string(number);
  auto stem = truncate_utf8(name.substr(0, name.size() - extension.size()),
                            max_filename_bytes - extension.size() - digits.size());
  return std::string(stem) + digits + std::string(extension);
}

}  // namespace answerable::mail
