// What a line of a mail is: the label of a header block, the introduction of a quote, a marker, a footer. Lines are
// given without blanks at their ends. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::mail {

// For comparison with the words of reply_words.h: lower case, marks of direction and zero width left out, one kind of
// blank, quotation mark, apostrophe, colon and digit. Only the first max_folded_bytes count.
inline constexpr std::size_t max_folded_bytes = 600;
std::string fold_line(std::string_view line);

// Blanks, no-break blanks and marks of direction and zero width at both ends.
std::string_view trim_invisible(std::string_view text);

enum class HeaderLabel : std::uint8_t { none, from, sent, to, cc, subject };
HeaderLabel header_label(std::string_view line);  // "From:", also "*From:*" and "** De : Anna **"
HeaderLabel lone_label(std::string_view line);    // "To", and nothing else: the value stands below
bool holds_header_block(std::string_view line);   // "From: anna@example.org Date: Monday": all in one line

bool tells_date(std::string_view line);  // "23 Nov 2026" or "23.11.26" stands in it
bool tells_time(std::string_view line);  // "18:01"

// "On Monday, … wrote:" in its many forms. `certain`: what follows is an older mail, marked as a quote or not.
// `possible`: only if a quote follows. `open`: possible, and it begins in a line above ("<anna@example.org> wrote:").
enum class Introduction : std::uint8_t { none, open, possible, certain };
// A cheap question asked of each line before the dear one.
bool may_end_introduction(std::string_view line);
Introduction introduction(std::string_view text);  // of one line, or several joined by blanks
bool ends_sentence(std::string_view line);         // "… thank you.": no introduction goes on below it

bool is_original_marker(std::string_view line);  // "-----Original Message-----"
bool is_forward_marker(std::string_view line);   // "Begin forwarded message:", "---------- Forwarded message ---------"
bool is_mobile_footer(std::string_view line);    // "Sent from my iPhone"
bool is_notice(std::string_view line);           // begins a disclaimer or the footer of a list
bool tells_notice(std::string_view line);        // stands in one: "… not the intended recipient …"
bool is_banner(std::string_view line);           // "CAUTION: external sender"
bool is_notice_heading(std::string_view line);   // "Disclaimer", alone in its line
bool is_short_name(std::string_view line);       // up to three words without signs: "Anna Berg"
bool is_closing(std::string_view line);          // a few words that no sentence ends: "All the best,"
bool is_rule(std::string_view line);             // five or more of one of _ - = * ~ # +
bool is_dotted_ruler(std::string_view line);     // ". . . . . .", also "**. . . . . .**"
bool is_delimiter(std::string_view line);        // those of two and more, spaced ones, long dashes

}  // namespace answerable::mail
