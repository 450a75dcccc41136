// Reads mails of typical shapes again and again on one core and prints messages/s and MB/s.
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

using namespace answerable;
using namespace answerable::mail;

namespace {

std::string header(const std::string& type) {
  return "Return-Path: <anna@example.org>\r\nDelivered-To: help@shop.example\r\n"
         "Received: from mx.example.org (mx.example.org [192.0.2.1]) by in.shop.example with ESMTPS id 4F2\r\n"
         "\tfor <help@shop.example>; Mon, 23 Nov 2026 10:15:01 +0000 (UTC)\r\n"
         "Authentication-Results: in.shop.example; dkim=pass header.d=example.org; spf=pass; dmarc=pass\r\n"
         "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; t=1; h=from:to:subject;\r\n"
         "\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=" +
         std::string(172, 'k') +
         "\r\n"
         "Date: Mon, 23 Nov 2026 11:15:00 +0100\r\nFrom: =?utf-8?Q?Anna_M=C3=BCller?= <anna@example.org>\r\n"
         "To: Shop Help <help@shop.example>\r\nSubject: =?utf-8?B?QmVzdGVsbHVuZyBmw7xyIE3DvGxsZXI=?=\r\n"
         "Message-ID: <CAGx9.1234567890@mail.example.org>\r\nIn-Reply-To: <0193.tok@shop.example>\r\n"
         "References: <first@mail.example.org> <0193.tok@shop.example>\r\nMIME-Version: 1.0\r\n"
         "User-Agent: Example Mail 1.0\r\nContent-Type: " +
         type + "\r\n";
}

std::string paragraphs(std::size_t bytes, const std::string& line_end) {
  std::string text;
  while (text.size() < bytes)
    text +=
        "My order has not arrived, and the page says that it was delivered on Monday. Please look into it." + line_end;
  return text;
}

std::string quoted(std::size_t bytes) {
  std::string text = "\r\nOn Mon, Nov 23, 2026 at 6:01 PM Shop Help <help@shop.example> wrote:\r\n";
  while (text.size() < bytes) text += "> Dear Anna, thank you for writing to us; we answer within a day.\r\n";
  return text;
}

std::string plain_mail() {
  return header("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit") + "\r\n" + paragraphs(1600, "\r\n") +
         quoted(1000);
}

std::string alternative_mail() {
  return header("multipart/alternative; boundary=\"0000abcd\"") +
         "\r\n--0000abcd\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + paragraphs(500, "\r\n") + quoted(400) +
         "\r\n--0000abcd\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
         "quoted-printable\r\n\r\n"
         "<div dir=3D\"ltr\"><div style=3D\"color:red\">" +
         paragraphs(600, "</div><div>") +
         "</div></div><br><div class=3D\"gmail_quote\"><div class=3D\"gmail_attr\">On Mon Shop wrote:<br></div>"
         "<blockquote class=3D\"gmail_quote\">" +
         paragraphs(400, "<br>") + "</blockquote></div>\r\n--0000abcd--\r\n";
}

std::string html_mail() {
  return header("text/html; charset=utf-8") +
         "\r\n<html><head><style>p{margin:0}</style></head><body><table width=\"600\">" + "<tr><td><p class=\"x\">" +
         paragraphs(2400, "</p><p class=\"x\" style=\"margin:0\">") + "</p></td></tr></table></body></html>";
}

std::string large_mail(std::size_t megabytes) {
  std::string line = "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURl\r\n";
  std::string mail = header("multipart/mixed; boundary=m") +
                     "\r\n--m\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--m\r\n"
                     "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  while (mail.size() < megabytes * 1024 * 1024) mail += line;
  return mail + "--m--\r\n";
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string_view only;  // measure what has this in its name

void measure(const char* name, const std::string& mail, const ParseOptions& options, double seconds) {
  if (std::string_view(name).find(only) == std::string_view::npos) return;
  std::size_t count = 0, sink = 0;
  auto start = processor_seconds();
  auto elapsed = 0.0;
  do {
    for (int i = 0; i < (mail.size() > 100'000 ? 1 : 64); ++i, ++count)
      sink += parse_message(mail, options).text.size();
    elapsed = processor_seconds() - start;
  } while (elapsed < seconds);
  auto per_second = static_cast<double>(count) / elapsed;
  std::printf("%-44s %8zu bytes %10.0f messages/core-s %8.1f MB/s%s\n", name, mail.size(), per_second,
              per_second * static_cast<double>(mail.size()) / 1e6, sink == 0 ? " (no text)" : "");
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) only = arguments[1];
  std::puts(
      "Method: one thread reads one prepared message from memory over and over (text, reply text, sanitised HTML,\n"
      "attachments with SHA-256), 2 s each, processor time of that thread. Typical header of 1.3 KB.");
  ParseOptions intake{.language = false};
  // A server has read a large mail before: from the first large block that is freed, glibc keeps more of what comes
  // after it. A program that never had one hands its memory back to the kernel after each small mail.
  parse_message(large_mail(4), intake);
  measure("plain, 4 KB", plain_mail(), intake, 2);
  measure("plain + HTML (alternative), 4 KB", alternative_mail(), intake, 2);
  measure("HTML only, 4 KB", html_mail(), intake, 2);
  measure("plain + HTML, 4 KB, with language", alternative_mail(), {}, 2);
  measure("attachment, 10 MB", large_mail(10), intake, 2);
  return 0;
}
