#include "mail/file_name.h"

#include <doctest/doctest.h>

#include "mail/limits.h"

using namespace answerable::mail;

TEST_CASE("a file name has no folders and no controls") {
  CHECK(safe_filename("../../etc/passwd") == "passwd");
  CHECK(safe_filename("C:\\temp\\a.txt") == "a.txt");
  CHECK(safe_filename(" a\r\nb\t.txt ") == "ab.txt");
  CHECK(safe_filename("folder/") == "folder/");
  CHECK(safe_filename(std::string(max_filename_bytes + 1, 'x')).size() == max_filename_bytes);
}

// CVE-2026-28289 and CVE-2026-27636 (a blank of no width before ".htaccess"), CVE-2026-41193 (zip-slip).
TEST_CASE("signs that nobody sees do not hide how a name begins or ends") {
  CHECK(safe_filename("\u200B.htaccess") == ".htaccess");
  CHECK(safe_filename("\uFEFF \u2060.htaccess\u200B ") == ".htaccess");
  CHECK(safe_filename("invoice\u202Efdp.exe") == "invoicefdp.exe");
  CHECK(safe_filename("a\u2066b\u2069.p\u00ADhp") == "ab.php");
  CHECK(safe_filename("\u200B") == "");
  CHECK(safe_filename("..\u200B/..\\\u200Bx/shell.phtml") == "shell.phtml");
  CHECK(safe_filename("می‌خواهم.pdf") == "می‌خواهم.pdf");  // a joiner that belongs to the word
}

TEST_CASE("a part without a name is named after what is known of it") {
  CHECK(make_filename({.type = "image/png", .location = "https://example.org/i/logo.png?v=2"}) == "logo.png");
  CHECK(make_filename({.type = "image/png", .content_id = "image001.png@01D0.A2"}) == "image001.png");
  CHECK(make_filename({.type = "image/png", .content_id = "part1.06090408@example.org"}) == "image.png");
  CHECK(make_filename({.type = "message/rfc822", .subject = "Re: 1/2"}) == "Re: 1-2.eml");
  CHECK(make_filename({.type = "message/rfc822"}) == "message.eml");
  CHECK(make_filename({.type = "message/delivery-status", .description = "Delivery report"}) == "Delivery report.txt");
  CHECK(make_filename({.type = "application/pdf", .description = "offer.pdf"}) == "offer.pdf");
  CHECK(make_filename({.type = "image/x-unknown"}) == "image");
  CHECK(make_filename({.type = "application/x-unknown"}) == "file");
  CHECK(make_filename({.type = "application/x-unknown", .content_id = "4711.2@example.org"}) == "4711.2");
  auto longest = make_filename({.type = "message/rfc822", .subject = std::string(5'000, 's')});
  CHECK(longest.size() == max_filename_bytes);
  CHECK(longest.ends_with("s.eml"));
}

TEST_CASE("numbers stand before the end of a name") {
  CHECK(numbered_filename("image.jpg", 1) == "image1.jpg");
  CHECK(numbered_filename("file", 12) == "file12");
  CHECK(numbered_filename(std::string(max_filename_bytes - 4, 'x') + ".jpg", 100).size() == max_filename_bytes);
}

TEST_CASE("the end of a name tells its type") {
  CHECK(type_by_name("photo.JPG") == "image/jpeg");
  CHECK(type_by_name("a.csv") == "text/csv");
  CHECK(type_by_name("version 1.2") == "application/octet-stream");
  CHECK(type_by_name("") == "application/octet-stream");
}
